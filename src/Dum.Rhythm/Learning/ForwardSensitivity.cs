using Dum.Numerics;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Learning;

/// <summary>
/// Gradient descent on the damping and frequency of resonators, carried forward in time (Williams and Zipser 1989; exact and
/// local where resonators do not couple, Zucchet et al. 2023): each keeps s = ∂z/∂λ of its own λ = μ + iω, ds/dt = λ·s + z.
/// It is a gradient, unlike the rules of <see cref="Plasticity"/>, though nothing runs backwards; nothing here uses it unless
/// asked to. Rhythmic. Cost O(oscillators) per call.
/// </summary>
public sealed class ForwardSensitivity
{
    // Resonators stay damped by at least this, per unit of time.
    const double LeastDamping = 1e-4;

    readonly Medium<double> _medium;
    readonly int _ring;
    readonly double[] _real, _imaginary;

    /// <summary>Begins with a medium at rest.</summary>
    /// <param name="medium">The medium.</param>
    /// <param name="ring">A ring that inputs kick, without saturation, coupling along it or modulation.</param>
    /// <exception cref="ArgumentException">The ring is of another kind.</exception>
    public ForwardSensitivity(Medium<double> medium, int ring)
    {
        (RingStructure s, RingRhythm h, RingContour c) = medium.Parameters.Rings[ring];
        if (h.Beta != 0 || h.Delta != 0 || c.Kappa != 0 || s.Modulation.Length > 0 || s.BiasReal.Length > 0 || (s.GainReal.Length > 0 && !s.Kicked) || medium.Parameters.Edges.Any(e => e.To == ring))
            throw new ArgumentException("forward sensitivity is exact only for resonators that inputs kick and nothing else moves", nameof(ring));
        (_medium, _ring) = (medium, ring);
        (_real, _imaginary) = (new double[s.Count], new double[s.Count]);
    }

    /// <summary>Real parts of s.</summary>
    public ReadOnlySpan<double> Real => _real;

    /// <summary>Imaginary parts of s.</summary>
    public ReadOnlySpan<double> Imaginary => _imaginary;

    /// <summary>Lets time pass for the medium and its sensitivities: s becomes e^λτ·(s + τ·z).</summary>
    /// <param name="interval">At least 0, in units of time.</param>
    public void Advance(double interval)
    {
        RingRhythm rhythm = _medium.Parameters.Rings[_ring].Rhythm;
        ReadOnlySpan<double> re = _medium.Real(_ring), im = _medium.Imaginary(_ring);
        for (int j = 0; j < _real.Length; j++)
        {
            double growth = FixedMath.Exp(rhythm.Mu[j] * interval), x = _real[j] + (interval * re[j]), y = _imaginary[j] + (interval * im[j]);
            (double sin, double cos) = FixedMath.SinCos(rhythm.Omega[j] * interval);
            (_real[j], _imaginary[j]) = (growth * ((x * cos) - (y * sin)), growth * ((x * sin) + (y * cos)));
        }
        _medium.Advance(interval);
    }

    /// <summary>Moves damping and frequency of each resonator down the gradient of ½·error² of a readout y = Σ_j (a_j·Re z_j + b_j·Im z_j).</summary>
    /// <param name="real">Weights a, one for each oscillator.</param>
    /// <param name="imaginary">Weights b.</param>
    /// <param name="error">What should have been said, less what was.</param>
    /// <param name="rate">η.</param>
    public void Learn(ReadOnlySpan<double> real, ReadOnlySpan<double> imaginary, double error, double rate)
    {
        if (!_medium.Tune(ParameterGroup.Rhythmic, _ring))
            return;
        RingRhythm rhythm = _medium.Parameters.Rings[_ring].Rhythm;
        for (int j = 0; j < _real.Length; j++)
        {
            // ∂z/∂μ = s, ∂z/∂ω = i·s.
            rhythm.Mu[j] = Math.Min(rhythm.Mu[j] + (rate * error * ((real[j] * _real[j]) + (imaginary[j] * _imaginary[j]))), -LeastDamping);
            rhythm.Omega[j] += rate * error * ((imaginary[j] * _real[j]) - (real[j] * _imaginary[j]));
        }
    }
}

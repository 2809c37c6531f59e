using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Learning;

/// <summary>
/// Local rules: each oscillator changes by what it alone sees, and no error is carried back. All are called once per event
/// with the time since the last, cost O(oscillators), and do nothing to a frozen group.
/// </summary>
public static class Plasticity
{
    /// <summary>
    /// Adaptive frequency (Righetti, Buchli and Ijspeert 2006): dω = −η·F·Im z/|z|. Driven by a periodic F, an oscillator's
    /// frequency settles on a line of its spectrum. Rhythmic.
    /// </summary>
    /// <param name="medium">The medium.</param>
    /// <param name="ring">Which ring.</param>
    /// <param name="force">The drive F that the ring feels.</param>
    /// <param name="rate">η.</param>
    /// <param name="elapsed">Time since the last call.</param>
    public static void AdaptFrequencies(Medium<double> medium, int ring, double force, double rate, double elapsed)
    {
        if (!medium.Tune(ParameterGroup.Rhythmic, ring))
            return;
        double[] omega = medium.Parameters.Rings[ring].Rhythm.Omega;
        ReadOnlySpan<double> re = medium.Real(ring), im = medium.Imaginary(ring);
        for (int j = 0; j < omega.Length; j++)
        {
            double size = Math.Sqrt((re[j] * re[j]) + (im[j] * im[j]));
            if (size > 1e-9)
                omega[j] -= rate * elapsed * force * im[j] / size;
        }
    }

    /// <summary>Amplitude homeostasis: dμ = η·(ρ − |z|²), kept within ± <paramref name="most"/>. Rhythmic; the ring must saturate.</summary>
    /// <param name="medium">The medium.</param>
    /// <param name="ring">Which ring.</param>
    /// <param name="energy">ρ, the energy |z|² that each oscillator returns to.</param>
    /// <param name="rate">η.</param>
    /// <param name="elapsed">Time since the last call.</param>
    /// <param name="most">Bound on |μ|.</param>
    public static void KeepEnergy(Medium<double> medium, int ring, double energy, double rate, double elapsed, double most = 4)
    {
        RingRhythm rhythm = medium.Parameters.Rings[ring].Rhythm;
        if (rhythm.Beta <= 0)
            throw new ArgumentException("a ring without saturation would explode where μ grows", nameof(ring));
        if (!medium.Tune(ParameterGroup.Rhythmic, ring))
            return;
        ReadOnlySpan<double> re = medium.Real(ring), im = medium.Imaginary(ring);
        for (int j = 0; j < rhythm.Mu.Length; j++)
            rhythm.Mu[j] = Math.Clamp(rhythm.Mu[j] + (rate * elapsed * (energy - (re[j] * re[j]) - (im[j] * im[j]))), -most, most);
    }

    /// <summary>
    /// Synaptic scaling (Turrigiano 1998): all input gains of a ring grow or shrink together until its mean energy is the
    /// wished one. Structural.
    /// </summary>
    /// <param name="medium">The medium.</param>
    /// <param name="ring">Which ring.</param>
    /// <param name="energy">Wished mean |z|².</param>
    /// <param name="rate">Share by which the gains move per unit of time and unit of relative error.</param>
    /// <param name="elapsed">Time since the last call.</param>
    public static void ScaleGains(Medium<double> medium, int ring, double energy, double rate, double elapsed)
    {
        if (!medium.Tune(ParameterGroup.Structural, ring))
            return;
        RingStructure s = medium.Parameters.Rings[ring].Structure;
        double now = medium.Energy(ring) / s.Count, factor = Math.Clamp(1 + (rate * elapsed * (energy - now) / (energy + now)), 0.5, 2);
        for (int i = 0; i < s.GainReal.Length; i++)
            (s.GainReal[i], s.GainImaginary[i]) = (Math.Clamp(s.GainReal[i] * factor, -1e6, 1e6), Math.Clamp(s.GainImaginary[i] * factor, -1e6, 1e6));
    }
}

/// <summary>
/// Input gains by the rule of Bienenstock, Cooper and Munro (1982) for complex activity: db = η·z·ū·(|z|² − θ), with a
/// threshold that follows the square of the energy, τ·dθ = |z|⁴ − θ. What excites an oscillator beyond its habit is
/// strengthened, the rest weakened. Structural.
/// </summary>
/// <param name="medium">The medium.</param>
/// <param name="ring">Which ring.</param>
/// <param name="rate">η.</param>
/// <param name="habit">τ, in units of time.</param>
public sealed class InputGainRule(Medium<double> medium, int ring, double rate, double habit)
{
    const double MostGain = 10;

    readonly double[] _threshold = new double[medium.Real(ring).Length];

    /// <summary>θ of each oscillator.</summary>
    public ReadOnlySpan<double> Threshold => _threshold;

    /// <summary>Learns from the state and the inputs held now.</summary>
    /// <param name="elapsed">Time since the last call.</param>
    public void Learn(double elapsed)
    {
        if (!medium.Tune(ParameterGroup.Structural, ring))
            return;
        RingStructure s = medium.Parameters.Rings[ring].Structure;
        ReadOnlySpan<double> re = medium.Real(ring), im = medium.Imaginary(ring), u = medium.Inputs;
        for (int j = 0; j < _threshold.Length; j++)
        {
            double energy = (re[j] * re[j]) + (im[j] * im[j]), surplus = rate * elapsed * (energy - _threshold[j]);
            for (int i = 0; i < u.Length && s.GainReal.Length > 0; i++)
            {
                ref double b = ref s.GainReal[(j * u.Length) + i], c = ref s.GainImaginary[(j * u.Length) + i];
                (b, c) = (Math.Clamp(b + (surplus * re[j] * u[i]), -MostGain, MostGain), Math.Clamp(c + (surplus * im[j] * u[i]), -MostGain, MostGain));
            }
            _threshold[j] += Math.Min(1, elapsed / habit) * ((energy * energy) - _threshold[j]);
        }
    }
}

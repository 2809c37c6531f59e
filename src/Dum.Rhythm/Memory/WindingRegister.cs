using Dum.Numerics;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Memory;

/// <summary>
/// A register that keeps a whole number as the winding of phase around a ring of coupled oscillators: q turns in n steps.
/// Neighbours pull each other into smooth phases, and no smooth change leads from one winding to another (Delabays, Coletta
/// and Jacquod 2016), so noise is forgotten and the number stays.
/// </summary>
public sealed class WindingRegister
{
    readonly Medium<double> _medium;

    /// <summary>Makes a register of its own medium, holding 0.</summary>
    /// <param name="count">Oscillators of the ring, n of at least 6.</param>
    /// <param name="noise">Fluctuation that it lives in.</param>
    /// <param name="seed">Key of the fluctuation.</param>
    public WindingRegister(int count, double noise = 0, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 6);
        Ring ring = RingPresets.PhaseRegister(count);
        Count = count;
        _medium = new Medium<double>(new MediumParameters { Inputs = 0, Seed = seed, Rings = [ring with { Contour = new RingContour { Kappa = ring.Contour.Kappa, Noise = noise } }] });
        Write(0);
    }

    /// <summary>n.</summary>
    public int Count { get; }

    /// <summary>Largest |q| that noise of some 0.3 radians does not touch: n/6.</summary>
    public int Most => Count / 6;

    /// <summary>Writes a number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">|q| is larger than <see cref="Most"/>.</exception>
    public void Write(int q)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(q), Most);
        for (int j = 0; j < Count; j++)
            (_medium.Imaginary(0)[j], _medium.Real(0)[j]) = FixedMath.SinCos(2 * Math.PI * q * j / Count);
    }

    /// <summary>The number it holds now: the sum of phase steps around the ring, in turns.</summary>
    public int Read()
    {
        double turns = 0;
        ReadOnlySpan<double> re = _medium.Real(0), im = _medium.Imaginary(0);
        for (int j = 0; j < Count; j++)
        {
            int k = j + 1 < Count ? j + 1 : 0;
            turns += Math.Atan2((im[k] * re[j]) - (re[k] * im[j]), (re[k] * re[j]) + (im[k] * im[j]));
        }
        return (int)Math.Round(turns / (2 * Math.PI));
    }

    /// <summary>Turns each phase by an angle: damage from outside.</summary>
    public void Disturb(ReadOnlySpan<double> angles)
    {
        for (int j = 0; j < Count; j++)
        {
            (double sin, double cos) = FixedMath.SinCos(angles[j]);
            double x = _medium.Real(0)[j], y = _medium.Imaginary(0)[j];
            (_medium.Real(0)[j], _medium.Imaginary(0)[j]) = ((x * cos) - (y * sin), (x * sin) + (y * cos));
        }
    }

    /// <summary>Lets time pass.</summary>
    public void Settle(double time) => _medium.Advance(time);
}

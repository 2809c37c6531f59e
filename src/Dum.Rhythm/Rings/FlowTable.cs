using System.Numerics;
using System.Runtime.Intrinsics;

namespace Dum.Rhythm.Rings;

/// <summary>
/// What one step does to a ring, or to rings side by side, as far as it does not depend on the state: rotors of the local
/// flow over the whole and half the step, taps of the shift along the ring, and what a held source leaves behind.
/// </summary>
/// <param name="padded">Length of the arrays: oscillators of a ring, filled up to whole vectors; or those of a <see cref="RingPack{T}"/>.</param>
/// <param name="inputs">Inputs that drive; 0 for none.</param>
sealed class FlowTable<T>(int padded, int inputs) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Taps beyond this weigh less than the rounding of a double as long as κτ stays below 1.</summary>
    public const int MostTaps = 20;

    readonly T[] _tapReal = new T[MostTaps * Vector256<T>.Count], _tapImaginary = new T[MostTaps * Vector256<T>.Count];

    public Rotor<T> Whole { get; } = new(padded);

    public Rotor<T> Half { get; } = new(padded);

    /// <summary>What the constant drive leaves after a step.</summary>
    public T[] BiasReal { get; } = new T[padded];

    public T[] BiasImaginary { get; } = new T[padded];

    /// <summary>What each input, held at 1, leaves after a step: input after input; empty where held inputs do not drive.</summary>
    public T[] SourceReal { get; } = new T[padded * inputs];

    public T[] SourceImaginary { get; } = new T[padded * inputs];

    /// <summary>True where energy slows growth.</summary>
    public bool Saturates { get; set; }

    /// <summary>Taps of the shift that count.</summary>
    public int Taps { get; set; }

    /// <summary>True when all taps are real.</summary>
    public bool Straight { get; set; }

    /// <summary>Weight of the oscillator n places back: a vector, the same for each lane of a ring, lane by lane for rings side by side.</summary>
    public Span<T> TapsReal(int n) => _tapReal.AsSpan(n * Vector256<T>.Count, Vector256<T>.Count);

    /// <summary>Imaginary part of the weight.</summary>
    public Span<T> TapsImaginary(int n) => _tapImaginary.AsSpan(n * Vector256<T>.Count, Vector256<T>.Count);

    /// <summary>Makes this the table of rings side by side.</summary>
    /// <param name="rings">The table of each, in the order of the lanes; no more than lanes.</param>
    /// <param name="count">Oscillators of each ring.</param>
    public void Interleave(ReadOnlySpan<FlowTable<T>> rings, int count)
    {
        Span<T> real = _tapReal, imaginary = _tapImaginary;
        real.Clear();
        imaginary.Clear();
        (Taps, Straight, Saturates) = (0, true, false);
        for (int lane = 0; lane < rings.Length; lane++)
        {
            FlowTable<T> ring = rings[lane];
            (Taps, Straight, Saturates) = (Math.Max(Taps, ring.Taps), Straight && ring.Straight, Saturates || ring.Saturates);
            for (int n = 0; n < ring.Taps; n++)
                (TapsReal(n)[lane], TapsImaginary(n)[lane]) = (ring.TapsReal(n)[0], ring.TapsImaginary(n)[0]);
            foreach ((Rotor<T> to, Rotor<T> from) in (ReadOnlySpan<(Rotor<T>, Rotor<T>)>)[(Whole, ring.Whole), (Half, ring.Half)])
            {
                Lane(from.Real, to.Real, count, lane);
                Lane(from.Imaginary, to.Imaginary, count, lane);
                Lane(from.Saturation, to.Saturation, count, lane);
            }
            Lane(ring.BiasReal, BiasReal, count, lane);
            Lane(ring.BiasImaginary, BiasImaginary, count, lane);
            int own = ring.BiasReal.Length;
            for (int i = 0; i < inputs; i++)
            {
                Lane(ring.SourceReal.AsSpan(i * own), SourceReal.AsSpan(i * padded), count, lane);
                Lane(ring.SourceImaginary.AsSpan(i * own), SourceImaginary.AsSpan(i * padded), count, lane);
            }
        }
    }

    /// <summary>Writes a ring into its lane.</summary>
    public static void Lane(ReadOnlySpan<T> from, Span<T> to, int count, int lane)
    {
        for (int j = 0; j < count; j++)
            to[(j * Vector256<T>.Count) + lane] = from[j];
    }
}

/// <summary>The local flow of a ring over one length of time: z becomes e^(μτ+iωτ)·z / √(1 + β·g·|z|²).</summary>
sealed class Rotor<T>(int padded) where T : unmanaged
{
    /// <summary>e^μτ·cos ωτ, per oscillator.</summary>
    public T[] Real { get; } = new T[padded];

    /// <summary>e^μτ·sin ωτ.</summary>
    public T[] Imaginary { get; } = new T[padded];

    /// <summary>β·g.</summary>
    public T[] Saturation { get; } = new T[padded];

    /// <summary>δ·g/2: the phase lost per unit of energy, as long as β·g·|z|² is small.</summary>
    public double[] Twist { get; } = new double[padded];
}

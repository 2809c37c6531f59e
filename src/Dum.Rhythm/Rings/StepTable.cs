using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Dum.Numerics;

namespace Dum.Rhythm.Rings;

/// <summary>
/// What one step of one length does to a ring, as far as it does not depend on the state: rotors of the local flow over
/// the whole and half the step, taps of the shift along the ring, and what a held source leaves behind. Computed in double.
/// </summary>
sealed class StepTable<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Taps beyond this weigh less than the rounding of a double as long as κτ stays below 1.
    public const int MostTaps = 20;

    // A tap that weighs less than this is less than the rounding.
    static readonly double s_least = typeof(T) == typeof(double) ? 1e-17 : 1e-9;

    // Below this |λτ| the quotient (e^λτ − 1)/λ is summed as a series.
    const double Small = 1e-2;

    readonly Ring _ring;
    readonly int _inputs, _padded;

    // For modulated rings: growth over the step of length _grown, and the parameters, padded.
    readonly double[] _growth, _omega, _mu, _biasReal, _biasImaginary;
    double _grown = double.NaN;
    bool _quick;

    public StepTable(Ring ring, int inputs, int padded)
    {
        (_ring, _inputs, _padded) = (ring, inputs, padded);
        (Whole, Half) = (new Rotor<T>(padded), new Rotor<T>(padded));
        (BiasReal, BiasImaginary) = (new T[padded], new T[padded]);
        int sources = ring.Structure.GainReal.Length > 0 && !ring.Structure.Kicked ? padded * inputs : 0;
        (SourceReal, SourceImaginary) = (new T[sources], new T[sources]);
        (TapReal, TapImaginary) = (new T[MostTaps], new T[MostTaps]);
        bool modulated = typeof(T) == typeof(double) && ring.Structure.Modulation.Length > 0;
        (_growth, _omega, _mu) = modulated ? (new double[padded], new double[padded], new double[padded]) : ([], [], []);
        (_biasReal, _biasImaginary) = modulated ? (new double[padded], new double[padded]) : ([], []);
    }

    /// <summary>Length of the step; NaN until set.</summary>
    public double Length { get; private set; } = double.NaN;

    public Rotor<T> Whole { get; }

    public Rotor<T> Half { get; }

    /// <summary>What the constant drive leaves after a step.</summary>
    public T[] BiasReal { get; }

    public T[] BiasImaginary { get; }

    /// <summary>What each input, held at 1, leaves after a step: input after input; empty where held inputs do not drive the ring.</summary>
    public T[] SourceReal { get; }

    public T[] SourceImaginary { get; }

    public int Taps { get; private set; }

    public T[] TapReal { get; }

    public T[] TapImaginary { get; }

    /// <summary>True when the taps are real.</summary>
    public bool Straight { get; private set; }

    /// <summary>What modulates the ring has changed.</summary>
    public void Turned() => Length = double.NaN;

    /// <summary>The parameters of the ring have changed.</summary>
    public void Forget() => Length = _grown = double.NaN;

    /// <summary>Fills the table for a step.</summary>
    /// <param name="length">Length of the step, which may be negative.</param>
    /// <param name="turn">Extra frequency of each oscillator (modulation), padded; or empty.</param>
    /// <param name="linear">True when the ring is solved in one piece: no saturation, no shift along it.</param>
    public void Set(double length, ReadOnlySpan<double> turn, bool linear)
    {
        Length = length;
        if (linear && _growth.Length > 0 && Modulate(length, turn))
            return;
        Rhythm(Whole, length, turn);
        if (linear)
        {
            Linear(length, turn);
            return;
        }
        Rhythm(Half, length / 2, turn);
        Shift(length);
    }

    void Rhythm(Rotor<T> rotor, double length, ReadOnlySpan<double> turn)
    {
        RingRhythm h = _ring.Rhythm;
        for (int j = 0; j < h.Omega.Length; j++)
        {
            (double sin, double cos) = FixedMath.SinCos((h.Omega[j] + (turn.IsEmpty ? 0 : turn[j])) * length);
            double growth = FixedMath.Exp(h.Mu[j] * length);
            (rotor.Real[j], rotor.Imaginary[j]) = (T.CreateTruncating(growth * cos), T.CreateTruncating(growth * sin));
            rotor.Saturation[j] = T.CreateTruncating(h.Beta * Gain(h.Mu[j], length));
            rotor.Twist[j] = h.Delta * Gain(h.Mu[j], length) / 2;
        }
    }

    /// <summary>(e^2μτ − 1)/μ: twice the time over which unit energy, growing at rate μ, is felt.</summary>
    internal static double Gain(double mu, double length)
    {
        double x = 2 * mu * length;
        if (Math.Abs(x) > Small)
            return (FixedMath.Exp(x) - 1) / mu;
        double sum = 1;
        for (int k = 8; k >= 2; k--)
            sum = 1 + (x * sum / k);
        return 2 * length * sum;
    }

    void Linear(double length, ReadOnlySpan<double> turn)
    {
        RingRhythm h = _ring.Rhythm;
        RingStructure s = _ring.Structure;
        for (int j = 0; j < h.Omega.Length; j++)
        {
            (double re, double im) = Held(h.Mu[j], h.Omega[j] + (turn.IsEmpty ? 0 : turn[j]), length, double.CreateTruncating(Whole.Real[j]), double.CreateTruncating(Whole.Imaginary[j]));
            if (s.BiasReal.Length > 0)
                (BiasReal[j], BiasImaginary[j]) = Product(re, im, s.BiasReal[j], s.BiasImaginary[j]);
            if (s.GainReal.Length > 0 && !s.Kicked)
                for (int i = 0; i < _inputs; i++)
                    (SourceReal[(i * _padded) + j], SourceImaginary[(i * _padded) + j]) = Product(re, im, s.GainReal[(j * _inputs) + i], s.GainImaginary[(j * _inputs) + i]);
        }
    }

    /// <summary>The same as <see cref="Rhythm"/> and <see cref="Linear"/> across oscillators: a modulated ring needs it at every event.</summary>
    /// <returns>False where a rate is too small for the quotient.</returns>
    bool Modulate(double length, ReadOnlySpan<double> turn)
    {
        RingRhythm h = _ring.Rhythm;
        RingStructure s = _ring.Structure;
        if (_grown != length)
        {
            _grown = length;
            _quick = s.GainReal.Length == 0 || s.Kicked;
            for (int j = 0; j < h.Mu.Length; j++)
            {
                (_omega[j], _mu[j], _growth[j]) = (h.Omega[j], h.Mu[j], FixedMath.Exp(h.Mu[j] * length));
                _quick &= Math.Abs(h.Mu[j] * length) > Small;
                if (s.BiasReal.Length > 0)
                    (_biasReal[j], _biasImaginary[j]) = (s.BiasReal[j], s.BiasImaginary[j]);
            }
            Array.Fill(_mu, 1, h.Mu.Length, _padded - h.Mu.Length);
        }
        if (!_quick)
            return false;
        double[] real = (double[])(object)Whole.Real, imaginary = (double[])(object)Whole.Imaginary, biasReal = (double[])(object)BiasReal, biasImaginary = (double[])(object)BiasImaginary;
        for (int j = 0; j < _padded; j += Vector256<double>.Count)
        {
            Vector256<double> mu = Load(_mu, j), omega = Load(_omega, j) + Vector256.Create(turn.Slice(j, 4)), growth = Load(_growth, j);
            VectorMath.SinCos(omega * Vector256.Create(length), out Vector256<double> sin, out Vector256<double> cos);
            Vector256<double> re = growth * cos, im = growth * sin, less = re - Vector256<double>.One;
            Store(re, real, j);
            Store(im, imaginary, j);
            Vector256<double> size = Vector256.FusedMultiplyAdd(mu, mu, omega * omega);
            Vector256<double> p = Vector256.FusedMultiplyAdd(less, mu, im * omega) / size, q = Vector256.FusedMultiplyAdd(im, mu, -(less * omega)) / size;
            Vector256<double> c = Load(_biasReal, j), d = Load(_biasImaginary, j);
            Store(Vector256.FusedMultiplyAdd(p, c, -(q * d)), biasReal, j);
            Store(Vector256.FusedMultiplyAdd(p, d, q * c), biasImaginary, j);
        }
        return true;
    }

    static Vector256<double> Load(double[] from, int at) => Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(from), (nuint)at);

    static void Store(Vector256<double> value, double[] to, int at) => value.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(to), (nuint)at);

    /// <summary>(e^λτ − 1)/λ with λ = μ + iω, given e^λτ.</summary>
    static (double Real, double Imaginary) Held(double mu, double omega, double length, double growReal, double growImaginary)
    {
        double x = mu * length, y = omega * length, size = (mu * mu) + (omega * omega);
        if ((x * x) + (y * y) > Small * Small)
            return ((((growReal - 1) * mu) + (growImaginary * omega)) / size, ((growImaginary * mu) - ((growReal - 1) * omega)) / size);
        double re = 1, im = 0;
        for (int k = 7; k >= 2; k--)
            (re, im) = (1 + (((x * re) - (y * im)) / k), ((x * im) + (y * re)) / k);
        return (length * re, length * im);
    }

    /// <summary>
    /// The shift along the ring is e^(−κτ)·Σ (κτ)^n/n!·e^(−inφ)·z_(j−n); a held source s leaves Σ d_n·e^(−inφ)·s_(j−n) with
    /// d_n = τ·e^(−κτ)·Σ_(k≥n) (κτ)^k/(k+1)!.
    /// </summary>
    void Shift(double length)
    {
        RingContour c = _ring.Contour;
        double x = c.Kappa * length, decay = FixedMath.Exp(-x), term = 1;
        Taps = 0;
        Span<double> weights = stackalloc double[MostTaps];
        for (int n = 0; n < MostTaps && (n == 0 || Math.Abs(term) > s_least); n++)
        {
            weights[Taps++] = term;
            term *= x / (n + 1);
        }
        Straight = c.Phi == 0;
        for (int n = 0; n < Taps; n++)
        {
            (double sin, double cos) = FixedMath.SinCos(-n * c.Phi);
            (TapReal[n], TapImaginary[n]) = (T.CreateTruncating(decay * weights[n] * cos), T.CreateTruncating(decay * weights[n] * sin));
        }
        // Σ_(k≥n) x^k/(k+1)! from the far end.
        Span<double> held = stackalloc double[MostTaps];
        double tail = 0;
        for (int n = Taps - 1; n >= 0; n--)
            held[n] = (tail += weights[n] / (n + 1)) * length * decay;
        RingStructure s = _ring.Structure;
        if (s.BiasReal.Length > 0)
            Leave(held[..Taps], s.BiasReal, s.BiasImaginary, 1, 0, BiasReal, BiasImaginary);
        if (s.GainReal.Length > 0 && !s.Kicked)
            for (int i = 0; i < _inputs; i++)
                Leave(held[..Taps], s.GainReal, s.GainImaginary, _inputs, i, SourceReal.AsSpan(i * _padded), SourceImaginary.AsSpan(i * _padded));
    }

    void Leave(ReadOnlySpan<double> held, double[] real, double[] imaginary, int stride, int first, Span<T> toReal, Span<T> toImaginary)
    {
        int count = _ring.Structure.Count;
        for (int j = 0; j < count; j++)
        {
            double re = 0, im = 0;
            for (int n = 0; n < held.Length; n++)
            {
                int from = ((((j - n) % count) + count) % count * stride) + first;
                (double sin, double cos) = _ring.Contour.Phi == 0 ? (0, 1) : FixedMath.SinCos(-n * _ring.Contour.Phi);
                re += held[n] * ((cos * real[from]) - (sin * imaginary[from]));
                im += held[n] * ((cos * imaginary[from]) + (sin * real[from]));
            }
            (toReal[j], toImaginary[j]) = (T.CreateTruncating(re), T.CreateTruncating(im));
        }
    }

    static (T Real, T Imaginary) Product(double aRe, double aIm, double bRe, double bIm) =>
        (T.CreateTruncating((aRe * bRe) - (aIm * bIm)), T.CreateTruncating((aRe * bIm) + (aIm * bRe)));
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

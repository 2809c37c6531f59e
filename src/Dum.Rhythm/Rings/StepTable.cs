using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Dum.Numerics;

namespace Dum.Rhythm.Rings;

/// <summary>The <see cref="FlowTable{T}"/> of one ring, worked out in double from its parameters.</summary>
sealed class StepTable<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
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
        Flow = new FlowTable<T>(padded, ring.Structure.GainReal.Length > 0 && !ring.Structure.Kicked ? inputs : 0);
        bool modulated = typeof(T) == typeof(double) && ring.Structure.Modulation.Length > 0;
        (_growth, _omega, _mu) = modulated ? (new double[padded], new double[padded], new double[padded]) : ([], [], []);
        (_biasReal, _biasImaginary) = modulated ? (new double[padded], new double[padded]) : ([], []);
    }

    /// <summary>Length of the step; NaN until set.</summary>
    public double Length { get; private set; } = double.NaN;

    /// <summary>What the step does.</summary>
    public FlowTable<T> Flow { get; }

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
        Rhythm(Flow.Whole, length, turn);
        if (linear)
        {
            Linear(length, turn);
            return;
        }
        Rhythm(Flow.Half, length / 2, turn);
        Shift(length);
    }

    void Rhythm(Rotor<T> rotor, double length, ReadOnlySpan<double> turn)
    {
        RingRhythm h = _ring.Rhythm;
        Flow.Saturates = h.Beta > 0;
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
            (double re, double im) = Held(h.Mu[j], h.Omega[j] + (turn.IsEmpty ? 0 : turn[j]), length, double.CreateTruncating(Flow.Whole.Real[j]), double.CreateTruncating(Flow.Whole.Imaginary[j]));
            if (s.BiasReal.Length > 0)
                (Flow.BiasReal[j], Flow.BiasImaginary[j]) = Product(re, im, s.BiasReal[j], s.BiasImaginary[j]);
            if (s.GainReal.Length > 0 && !s.Kicked)
                for (int i = 0; i < _inputs; i++)
                    (Flow.SourceReal[(i * _padded) + j], Flow.SourceImaginary[(i * _padded) + j]) = Product(re, im, s.GainReal[(j * _inputs) + i], s.GainImaginary[(j * _inputs) + i]);
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
        double[] real = (double[])(object)Flow.Whole.Real, imaginary = (double[])(object)Flow.Whole.Imaginary, biasReal = (double[])(object)Flow.BiasReal, biasImaginary = (double[])(object)Flow.BiasImaginary;
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
        int taps = 0;
        Span<double> weights = stackalloc double[FlowTable<T>.MostTaps];
        for (int n = 0; n < FlowTable<T>.MostTaps && (n == 0 || Math.Abs(term) > s_least); n++)
        {
            weights[taps++] = term;
            term *= x / (n + 1);
        }
        Flow.Taps = taps;
        Flow.Straight = c.Phi == 0;
        for (int n = 0; n < taps; n++)
        {
            (double sin, double cos) = FixedMath.SinCos(-n * c.Phi);
            Flow.TapsReal(n).Fill(T.CreateTruncating(decay * weights[n] * cos));
            Flow.TapsImaginary(n).Fill(T.CreateTruncating(decay * weights[n] * sin));
        }
        // Σ_(k≥n) x^k/(k+1)! from the far end.
        Span<double> held = stackalloc double[FlowTable<T>.MostTaps];
        double tail = 0;
        for (int n = taps - 1; n >= 0; n--)
            held[n] = (tail += weights[n] / (n + 1)) * length * decay;
        RingStructure s = _ring.Structure;
        if (s.BiasReal.Length > 0)
            Leave(held[..taps], s.BiasReal, s.BiasImaginary, 1, 0, Flow.BiasReal, Flow.BiasImaginary);
        if (s.GainReal.Length > 0 && !s.Kicked)
            for (int i = 0; i < _inputs; i++)
                Leave(held[..taps], s.GainReal, s.GainImaginary, _inputs, i, Flow.SourceReal.AsSpan(i * _padded), Flow.SourceImaginary.AsSpan(i * _padded));
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

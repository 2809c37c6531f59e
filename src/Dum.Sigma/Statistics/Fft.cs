using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dum.Numerics;

namespace Dum.Sigma.Statistics;

/// <summary>
/// The discrete Fourier transform of one length, in doubles. A length of factors 2, 3 and 5 is split into rows and columns of
/// about its root, four of which are transformed side by side in vector lanes (Stockham's autosort inside, Bailey's four steps
/// outside); any other length goes through a convolution (Bluestein). No sum crosses lanes: the bits are the same everywhere.
/// </summary>
sealed unsafe class Fft
{
    const int Lanes = 4, LowBits = 10;

    readonly int _rows, _columns;
    readonly LaneFft? _down, _along;
    readonly double[] _lowRe, _lowIm, _highRe, _highIm;
    readonly Bluestein? _other;
    double[] _re = [], _im = [];

    /// <param name="length">At least 1.</param>
    public Fft(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        Length = length;
        (_lowRe, _lowIm, _highRe, _highIm) = ([], [], [], []);
        if (!LaneFft.Suits(length))
        {
            _other = new Bluestein(length);
            return;
        }
        _rows = (int)Math.Sqrt(length);
        while (length % _rows != 0)
            _rows--;
        _columns = length / _rows;
        (_down, _along) = (new LaneFft(_rows), new LaneFft(_columns));
        (_lowRe, _lowIm) = Roots(length, 1 << LowBits, 1);
        (_highRe, _highIm) = Roots(length, (length >> LowBits) + 1, 1 << LowBits);
    }

    public int Length { get; }

    /// <summary>Transforms in place: X[k] = Σ x[j]·e^(−2πi·jk/n).</summary>
    public void Forward(Span<double> re, Span<double> im)
    {
        if (_other is not null)
        {
            _other.Forward(re, im);
            return;
        }
        if (_re.Length == 0)
            (_re, _im) = (new double[Length], new double[Length]);
        Down(re, im);
        Along(re, im);
        _re.CopyTo(re);
        _im.CopyTo(im);
    }

    /// <summary>
    /// The squared magnitude at frequency k of a real sequence of twice the length, whose even values were the real parts and
    /// whose odd values the imaginary ones.
    /// </summary>
    /// <param name="re">Transformed.</param>
    /// <param name="im">Transformed.</param>
    /// <param name="cos">From <see cref="Roots"/> of twice the length.</param>
    /// <param name="sin">Likewise.</param>
    /// <param name="k">Below the length.</param>
    public static double Power(double[] re, double[] im, double[] cos, double[] sin, int k)
    {
        int mirror = k == 0 ? 0 : re.Length - k;
        double er = (re[k] + re[mirror]) / 2, ei = (im[k] - im[mirror]) / 2, or = (im[k] + im[mirror]) / 2, oi = (re[mirror] - re[k]) / 2;
        double x = er + (or * cos[k]) - (oi * sin[k]), y = ei + (or * sin[k]) + (oi * cos[k]);
        return (x * x) + (y * y);
    }

    /// <summary>Columns of the matrix [rows × columns], then its twiddles.</summary>
    void Down(Span<double> re, Span<double> im)
    {
        for (int c = 0; c < _columns; c += Lanes)
        {
            int lanes = Math.Min(Lanes, _columns - c);
            LaneFft lane = _down!;
            Span<double> laneRe = lane.Re, laneIm = lane.Im;
            for (int r = 0; r < _rows; r++)
                for (int l = 0; l < lanes; l++)
                    (laneRe[(r * Lanes) + l], laneIm[(r * Lanes) + l]) = (re[(r * _columns) + c + l], im[(r * _columns) + c + l]);
            int at = lane.Run();
            laneRe = laneRe[at..];
            laneIm = laneIm[at..];
            for (int k = 0; k < _rows; k++)
                for (int l = 0; l < lanes; l++)
                {
                    int turn = k * (c + l);
                    double lr = _lowRe[turn & ((1 << LowBits) - 1)], li = _lowIm[turn & ((1 << LowBits) - 1)], hr = _highRe[turn >> LowBits], hi = _highIm[turn >> LowBits];
                    double wr = (lr * hr) - (li * hi), wi = (lr * hi) + (li * hr), xr = laneRe[(k * Lanes) + l], xi = laneIm[(k * Lanes) + l];
                    (re[(k * _columns) + c + l], im[(k * _columns) + c + l]) = ((xr * wr) - (xi * wi), (xr * wi) + (xi * wr));
                }
        }
    }

    /// <summary>Rows, to the other buffer in the order of frequencies.</summary>
    void Along(Span<double> re, Span<double> im)
    {
        for (int r = 0; r < _rows; r += Lanes)
        {
            int lanes = Math.Min(Lanes, _rows - r);
            LaneFft lane = _along!;
            Span<double> laneRe = lane.Re, laneIm = lane.Im;
            for (int l = 0; l < lanes; l++)
                for (int c = 0; c < _columns; c++)
                    (laneRe[(c * Lanes) + l], laneIm[(c * Lanes) + l]) = (re[((r + l) * _columns) + c], im[((r + l) * _columns) + c]);
            int at = lane.Run();
            laneRe = laneRe[at..];
            laneIm = laneIm[at..];
            for (int k = 0; k < _columns; k++)
                for (int l = 0; l < lanes; l++)
                    (_re[(k * _rows) + r + l], _im[(k * _rows) + r + l]) = (laneRe[(k * Lanes) + l], laneIm[(k * Lanes) + l]);
        }
    }

    /// <summary>e^(−2πi·step·j/n) for j below <paramref name="count"/>.</summary>
    public static (double[] Re, double[] Im) Roots(int length, int count, long step)
    {
        double[] re = new double[count], im = new double[count];
        for (int j = 0; j < count; j++)
        {
            (double sin, double cos) = FixedMath.SinCos(2 * Math.PI * (j * step % length) / length);
            (re[j], im[j]) = (cos, -sin);
        }
        return (re, im);
    }

    /// <summary>Four transforms of one small length side by side.</summary>
    sealed class LaneFft
    {
        readonly int _length;
        readonly int[] _factors;
        readonly double[] _wr, _wi, _re, _im;

        public LaneFft(int length)
        {
            (_length, _factors) = (length, Factors(length));
            (_wr, _wi) = Roots(length, length, 1);
            // Two buffers, one behind the other.
            (_re, _im) = (new double[2 * length * Lanes], new double[2 * length * Lanes]);
        }

        public static bool Suits(int length)
        {
            foreach (int f in (ReadOnlySpan<int>)[2, 3, 5])
                while (length % f == 0)
                    length /= f;
            return length == 1;
        }

        /// <summary>Real parts, four transforms beside each other: input at the start, output where <see cref="Run"/> says.</summary>
        public double[] Re => _re;

        public double[] Im => _im;

        /// <returns>Where the output begins.</returns>
        public int Run()
        {
            int half = _length * Lanes, n = _length, stride = 1;
            bool swapped = false;
            fixed (double* re = _re, im = _im)
                foreach (int radix in _factors)
                {
                    double* xr = re + (swapped ? half : 0), xi = im + (swapped ? half : 0), yr = re + (swapped ? 0 : half), yi = im + (swapped ? 0 : half);
                    if (radix == 4)
                        Four(xr, xi, yr, yi, n, stride);
                    else
                        Any(radix, xr, xi, yr, yi, n, stride);
                    (n, stride, swapped) = (n / radix, stride * radix, !swapped);
                }
            return swapped ? half : 0;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        void Four(double* xr, double* xi, double* yr, double* yi, int n, int stride)
        {
            int quarter = n / 4, turn = _length / n;
            for (int p = 0; p < quarter; p++)
            {
                Vector256<double> r1 = Vector256.Create(_wr[p * turn]), i1 = Vector256.Create(_wi[p * turn]), r2 = Vector256.Create(_wr[2 * p * turn]), i2 = Vector256.Create(_wi[2 * p * turn]);
                Vector256<double> r3 = Vector256.Create(_wr[3 * p * turn]), i3 = Vector256.Create(_wi[3 * p * turn]);
                for (int q = 0; q < stride; q++)
                {
                    nint a = (nint)(q + (stride * p)) * Lanes, by = (nint)stride * quarter * Lanes, to = (nint)(q + (stride * 4 * p)) * Lanes, step = (nint)stride * Lanes;
                    Vector256<double> ar = Vector256.Load(xr + a), ai = Vector256.Load(xi + a), br = Vector256.Load(xr + a + by), bi = Vector256.Load(xi + a + by);
                    Vector256<double> cr = Vector256.Load(xr + a + (2 * by)), ci = Vector256.Load(xi + a + (2 * by)), dr = Vector256.Load(xr + a + (3 * by)), di = Vector256.Load(xi + a + (3 * by));
                    Vector256<double> sr = ar + cr, si = ai + ci, tr = ar - cr, ti = ai - ci, ur = br + dr, ui = bi + di, vr = br - dr, vi = bi - di;
                    (sr + ur).Store(yr + to);
                    (si + ui).Store(yi + to);
                    Turn(tr + vi, ti - vr, r1, i1, yr + to + step, yi + to + step);
                    Turn(sr - ur, si - ui, r2, i2, yr + to + (2 * step), yi + to + (2 * step));
                    Turn(tr - vi, ti + vr, r3, i3, yr + to + (3 * step), yi + to + (3 * step));
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Turn(Vector256<double> re, Vector256<double> im, Vector256<double> wr, Vector256<double> wi, double* toRe, double* toIm)
        {
            ((re * wr) - (im * wi)).Store(toRe);
            ((re * wi) + (im * wr)).Store(toIm);
        }

        /// <summary>A radix of 2, 3 or 5 by its definition.</summary>
        void Any(int radix, double* xr, double* xi, double* yr, double* yi, int n, int stride)
        {
            int part = n / radix, turn = _length / n, whole = _length / radix;
            for (int p = 0; p < part; p++)
                for (int q = 0; q < stride; q++)
                    for (int u = 0; u < radix; u++)
                    {
                        Vector256<double> re = default, im = default;
                        for (int t = 0; t < radix; t++)
                        {
                            nint from = (nint)(q + (stride * (p + (part * t)))) * Lanes;
                            Vector256<double> r = Vector256.Load(xr + from), i = Vector256.Load(xi + from);
                            Vector256<double> wr = Vector256.Create(_wr[t * u % radix * whole]), wi = Vector256.Create(_wi[t * u % radix * whole]);
                            re += (r * wr) - (i * wi);
                            im += (r * wi) + (i * wr);
                        }
                        nint to = (nint)(q + (stride * ((radix * p) + u))) * Lanes;
                        Turn(re, im, Vector256.Create(_wr[p * u * turn % _length]), Vector256.Create(_wi[p * u * turn % _length]), yr + to, yi + to);
                    }
        }

        static int[] Factors(int length)
        {
            var factors = new List<int>();
            foreach (int f in (ReadOnlySpan<int>)[4, 2, 3, 5])
                for (; length % f == 0; length /= f)
                    factors.Add(f);
            return [.. factors];
        }
    }

    /// <summary>Bluestein's transform of any length as a convolution with a chirp, over the next power of two.</summary>
    sealed class Bluestein
    {
        readonly int _length;
        readonly Fft _inner;
        readonly double[] _cr, _ci, _kr, _ki;

        public Bluestein(int length)
        {
            _length = length;
            int m = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)((2 * length) - 1));
            _inner = new Fft(m);
            (_cr, _ci, _kr, _ki) = (new double[length], new double[length], new double[m], new double[m]);
            for (int j = 0; j < length; j++)
            {
                (double sin, double cos) = FixedMath.SinCos(Math.PI * ((long)j * j % (2L * length)) / length);
                (_cr[j], _ci[j]) = (cos, -sin);
                (_kr[j], _ki[j]) = (cos, sin);
                if (j > 0)
                    (_kr[m - j], _ki[m - j]) = (cos, sin);
            }
            _inner.Forward(_kr, _ki);
        }

        public void Forward(Span<double> re, Span<double> im)
        {
            int m = _inner.Length;
            double[] ar = new double[m], ai = new double[m];
            for (int j = 0; j < _length; j++)
                (ar[j], ai[j]) = ((re[j] * _cr[j]) - (im[j] * _ci[j]), (re[j] * _ci[j]) + (im[j] * _cr[j]));
            _inner.Forward(ar, ai);
            // The inverse transform is the forward one of the conjugate, conjugated.
            for (int j = 0; j < m; j++)
                (ar[j], ai[j]) = ((ar[j] * _kr[j]) - (ai[j] * _ki[j]), -((ar[j] * _ki[j]) + (ai[j] * _kr[j])));
            _inner.Forward(ar, ai);
            for (int j = 0; j < _length; j++)
            {
                double r = ar[j] / m, i = -ai[j] / m;
                (re[j], im[j]) = ((r * _cr[j]) - (i * _ci[j]), (r * _ci[j]) + (i * _cr[j]));
            }
        }
    }
}

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
    const int Lanes = 4, Line = 2 * Lanes, LowBits = 10;

    readonly int _rows, _columns;
    readonly LaneFft[] _down = [], _along = [];
    readonly double[] _wr = [], _wi = [];
    readonly Bluestein? _other;
    double[] _re = [], _im = [];

    /// <param name="length">At least 1.</param>
    public Fft(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        Length = length;
        if (!LaneFft.Suits(length))
        {
            _other = new Bluestein(length);
            return;
        }
        _rows = (int)Math.Sqrt(length);
        while (length % _rows != 0)
            _rows--;
        _columns = length / _rows;
        (_down, _along) = ([new LaneFft(_rows), new LaneFft(_rows)], [new LaneFft(_columns), new LaneFft(_columns)]);
        (_wr, _wi) = Twiddles();
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
            (_re, _im) = (new double[_wr.Length], new double[_wr.Length]);
        if (re.Length != Length || im.Length != Length)
            throw new ArgumentException("as many values as the transform is long", nameof(re));
        Down(re, im);
        Along(re, im);
    }

    /// <summary>
    /// The squared magnitudes of a real sequence of twice the length, whose even values were the real parts and whose odd values
    /// the imaginary ones.
    /// </summary>
    /// <param name="re">Transformed.</param>
    /// <param name="im">Transformed.</param>
    /// <param name="cos">From <see cref="Roots"/> of twice the length.</param>
    /// <param name="sin">Likewise.</param>
    /// <param name="power">Takes them, one for each of the transformed values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Powers(double[] re, double[] im, double[] cos, double[] sin, double[] power)
    {
        int n = re.Length, k = 1;
        power[0] = Power(re, im, cos, sin, 0);
        fixed (double* xr = re, xi = im, c = cos, s = sin, to = power)
            for (; k + Lanes <= n; k += Lanes)
                FourPowers(xr, xi, c, s, n, k).Store(to + k);
        for (; k < n; k++)
            power[k] = Power(re, im, cos, sin, k);
    }

    /// <summary>How many of these squared magnitudes are below a limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long Below(double limit, double[] re, double[] im, double[] cos, double[] sin)
    {
        int n = re.Length, k = 1;
        long below = Power(re, im, cos, sin, 0) < limit ? 1 : 0;
        Vector256<double> limits = Vector256.Create(limit);
        Vector256<long> counts = default;
        fixed (double* xr = re, xi = im, c = cos, s = sin)
            for (; k + Lanes <= n; k += Lanes)
                counts -= Vector256.LessThan(FourPowers(xr, xi, c, s, n, k), limits).AsInt64();
        for (; k < n; k++)
            below += Power(re, im, cos, sin, k) < limit ? 1 : 0;
        return below + Vector256.Sum(counts);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> FourPowers(double* re, double* im, double* cos, double* sin, int n, int k)
    {
        Vector256<long> back = Vector256.Create(3L, 2, 1, 0);
        Vector256<double> half = Vector256.Create(0.5), ar = Vector256.Load(re + k), ai = Vector256.Load(im + k);
        Vector256<double> br = Vector256.Shuffle(Vector256.Load(re + n - k - 3), back), bi = Vector256.Shuffle(Vector256.Load(im + n - k - 3), back);
        Vector256<double> er = (ar + br) * half, ei = (ai - bi) * half, or = (ai + bi) * half, oi = (br - ar) * half;
        Vector256<double> wr = Vector256.Load(cos + k), wi = Vector256.Load(sin + k);
        Vector256<double> x = er + (or * wr) - (oi * wi), y = ei + (or * wi) + (oi * wr);
        return (x * x) + (y * y);
    }

    static double Power(double[] re, double[] im, double[] cos, double[] sin, int k)
    {
        int mirror = k == 0 ? 0 : re.Length - k;
        double er = (re[k] + re[mirror]) / 2, ei = (im[k] - im[mirror]) / 2, or = (im[k] + im[mirror]) / 2, oi = (re[mirror] - re[k]) / 2;
        double x = er + (or * cos[k]) - (oi * sin[k]), y = ei + (or * sin[k]) + (oi * cos[k]);
        return (x * x) + (y * y);
    }

    /// <summary>
    /// Columns of the matrix [rows × columns] and their twiddles, to the other buffer as [columns / 4][rows][4]. Eight columns
    /// at a time: their values of a row are one line of the cache, and all rows of a column can fall into one set of it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Down(ReadOnlySpan<double> re, ReadOnlySpan<double> im)
    {
        fixed (double* xr = re, xi = im, toRe = _re, toIm = _im, wr = _wr, wi = _wi, aRe = _down[0].Re, aIm = _down[0].Im, bRe = _down[1].Re, bIm = _down[1].Im)
            for (int c = 0; c < _columns; c += Line)
            {
                if (c + Line <= _columns)
                    for (int r = 0; r < _rows; r++)
                    {
                        nint from = ((nint)r * _columns) + c, to = (nint)r * Lanes;
                        Vector256.Load(xr + from).Store(aRe + to);
                        Vector256.Load(xi + from).Store(aIm + to);
                        Vector256.Load(xr + from + Lanes).Store(bRe + to);
                        Vector256.Load(xi + from + Lanes).Store(bIm + to);
                    }
                else
                    for (int r = 0; r < _rows; r++)
                        for (int l = 0; c + l < _columns; l++)
                        {
                            int from = (r * _columns) + c + l, to = (r * Lanes) + (l % Lanes);
                            ((l < Lanes ? aRe : bRe)[to], (l < Lanes ? aIm : bIm)[to]) = (xr[from], xi[from]);
                        }
                for (int half = 0; half < 2 && c + (half * Lanes) < _columns; half++)
                {
                    int at = _down[half].Run();
                    double* fromRe = (half == 0 ? aRe : bRe) + at, fromIm = (half == 0 ? aIm : bIm) + at;
                    nint start = (nint)(c + (half * Lanes)) * _rows;
                    for (nint i = 0; i < (nint)_rows * Lanes; i += Lanes)
                        Turn(Vector256.Load(fromRe + i), Vector256.Load(fromIm + i), Vector256.Load(wr + start + i), Vector256.Load(wi + start + i), toRe + start + i, toIm + start + i);
                }
            }
    }

    /// <summary>Rows, eight at a time, back to the caller's buffers in the order of frequencies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Along(Span<double> re, Span<double> im)
    {
        fixed (double* toRe = re, toIm = im, xr = _re, xi = _im, aRe = _along[0].Re, aIm = _along[0].Im, bRe = _along[1].Re, bIm = _along[1].Im)
            for (int r = 0; r < _rows; r += Line)
            {
                int lanes = Math.Min(Line, _rows - r);
                for (int c = 0; c < _columns; c += Lanes)
                    for (int l = 0; l < lanes; l++)
                    {
                        nint from = ((nint)c * _rows) + ((nint)(r + l) * Lanes), to = (nint)(c * Lanes) + (l % Lanes);
                        double* laneRe = (l < Lanes ? aRe : bRe) + to, laneIm = (l < Lanes ? aIm : bIm) + to;
                        for (int i = 0; i < Math.Min(Lanes, _columns - c); i++)
                            (laneRe[i * Lanes], laneIm[i * Lanes]) = (xr[from + i], xi[from + i]);
                    }
                int a = _along[0].Run(), b = lanes > Lanes ? _along[1].Run() : 0;
                if (lanes == Line)
                    for (int k = 0; k < _columns; k++)
                    {
                        nint from = (nint)k * Lanes, to = ((nint)k * _rows) + r;
                        Vector256.Load(aRe + a + from).Store(toRe + to);
                        Vector256.Load(bRe + b + from).Store(toRe + to + Lanes);
                        Vector256.Load(aIm + a + from).Store(toIm + to);
                        Vector256.Load(bIm + b + from).Store(toIm + to + Lanes);
                    }
                else
                    for (int k = 0; k < _columns; k++)
                        for (int l = 0; l < lanes; l++)
                        {
                            int from = (k * Lanes) + (l % Lanes) + (l < Lanes ? a : b), to = (k * _rows) + r + l;
                            (toRe[to], toIm[to]) = ((l < Lanes ? aRe : bRe)[from], (l < Lanes ? aIm : bIm)[from]);
                        }
            }
    }

    /// <summary>e^(−2πi·r·c/n) of row r and column c as [columns / 4][rows][4], from two short tables of roots.</summary>
    (double[] Re, double[] Im) Twiddles()
    {
        (double[] lowRe, double[] lowIm) = Roots(Length, 1 << LowBits, 1);
        (double[] highRe, double[] highIm) = Roots(Length, (Length >> LowBits) + 1, 1 << LowBits);
        int size = (_columns + Lanes - 1) / Lanes * Lanes * _rows;
        double[] re = new double[size], im = new double[size];
        for (int c = 0; c < _columns; c++)
            for (int r = 0; r < _rows; r++)
            {
                int turn = r * c, low = turn & ((1 << LowBits) - 1), high = turn >> LowBits, at = (c / Lanes * Lanes * _rows) + (r * Lanes) + (c % Lanes);
                (re[at], im[at]) = ((lowRe[low] * highRe[high]) - (lowIm[low] * highIm[high]), (lowRe[low] * highIm[high]) + (lowIm[low] * highRe[high]));
            }
        return (re, im);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Turn(Vector256<double> re, Vector256<double> im, Vector256<double> wr, Vector256<double> wi, double* toRe, double* toIm)
    {
        ((re * wr) - (im * wi)).Store(toRe);
        ((re * wi) + (im * wr)).Store(toIm);
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
                    else if (radix == 2)
                        Two(xr, xi, yr, yi, n, stride);
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

        /// <summary>As <see cref="Any"/> with a radix of 2, to the bit: its root of −1 is the one of the table.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        void Two(double* xr, double* xi, double* yr, double* yi, int n, int stride)
        {
            int part = n / 2, turn = _length / n;
            Vector256<double> wr = Vector256.Create(_wr[_length / 2]), wi = Vector256.Create(_wi[_length / 2]);
            for (int p = 0; p < part; p++)
            {
                Vector256<double> r1 = Vector256.Create(_wr[p * turn]), i1 = Vector256.Create(_wi[p * turn]);
                for (int q = 0; q < stride; q++)
                {
                    nint a = (nint)(q + (stride * p)) * Lanes, b = a + ((nint)stride * part * Lanes), to = (nint)(q + (stride * 2 * p)) * Lanes;
                    Vector256<double> ar = Vector256.Load(xr + a), ai = Vector256.Load(xi + a), br = Vector256.Load(xr + b), bi = Vector256.Load(xi + b);
                    (ar + br).Store(yr + to);
                    (ai + bi).Store(yi + to);
                    Turn(ar + ((br * wr) - (bi * wi)), ai + ((br * wi) + (bi * wr)), r1, i1, yr + to + ((nint)stride * Lanes), yi + to + ((nint)stride * Lanes));
                }
            }
        }

        /// <summary>A radix of 3 or 5 by its definition.</summary>
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

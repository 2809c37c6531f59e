using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dum.Numerics;
using Dum.Sigma.Formats;

namespace Dum.Sigma.Tap;

/// <summary>
/// What is worth knowing of a stream of residuals, without the stream: where in the cell they fall, how often rounding was
/// exact or a tie, moments, correlation along rows and down columns, the tilt, and how much they lean one way together.
/// </summary>
/// <param name="format">What is rounded to.</param>
public sealed unsafe class ResidualSketch(FloatFormat format)
{
    /// <summary>Cells of the histogram over −½ … ½.</summary>
    public const int Bins = 256;

    /// <summary>Places that correlations reach along a row.</summary>
    public const int Lags = 16;

    /// <summary>Values are grouped by exponent and two bits of the mantissa: within such a group the density hardly changes.</summary>
    const int Groups = 1024;

    readonly long[] _histogram = new long[Bins];
    readonly double[] _products = new double[Lags + 1];
    readonly long[] _pairs = new long[Lags + 1], _groupCounts = new long[Groups];
    readonly double[] _groupSums = new double[Groups];
    double _first, _third, _fourth, _above, _coherence;
    long _abovePairs, _runs;

    /// <summary>Residuals taken.</summary>
    public long Count { get; private set; }

    /// <summary>Values that were not finite, or became so by rounding.</summary>
    public long NotFinite { get; private set; }

    /// <summary>Values that rounding did not change.</summary>
    public long Exact { get; private set; }

    /// <summary>Values in the middle between two.</summary>
    public long Ties { get; private set; }

    /// <summary>The histogram: counts over −½ … ½.</summary>
    public IReadOnlyList<long> Histogram => _histogram;

    /// <summary>The mean in cells: drift, where it is not 0.</summary>
    public double Mean => _first / Count;

    /// <summary>The variance in units of that of an even distribution, 1/12.</summary>
    public double Variance => 12 * _products[0] / Count;

    /// <summary>Third moment about 0, in cells³.</summary>
    public double Third => _third / Count;

    /// <summary>Fourth moment about 0, in units of that of an even distribution, 1/80.</summary>
    public double Fourth => 80 * _fourth / Count;

    /// <summary>Correlation with the value <paramref name="lag"/> places before in the row.</summary>
    public double Correlation(int lag) => _pairs[lag] == 0 ? 0 : _products[lag] / _pairs[lag] / (_products[0] / Count);

    /// <summary>Deviations of that correlation from none.</summary>
    public double CorrelationZ(int lag) => Correlation(lag) * Math.Sqrt(_pairs[lag]);

    /// <summary>Correlation with the value above, in the row before.</summary>
    public double Above => _abovePairs == 0 ? 0 : _above / _abovePairs / (_products[0] / Count);

    /// <summary>
    /// The mean of (Σu)²/Σu² over runs: 1 for independent residuals, more where neighbours lean the same way, less where they
    /// take turns.
    /// </summary>
    public double Coherence => _runs == 0 ? 1 : _coherence / _runs;

    /// <summary>Entropy of the histogram in bits of at most 8, corrected for its own bias (Miller and Madow, 1955).</summary>
    public double Entropy
    {
        get
        {
            double bits = 0;
            int filled = 0;
            foreach (long count in _histogram)
                if (count > 0)
                {
                    double p = (double)count / Count;
                    bits -= p * FixedMath.Log(p);
                    filled++;
                }
            return (bits + ((filled - 1) / (2.0 * Count))) / FixedMath.Log(2);
        }
    }

    /// <summary>Bits that the rounded value tells about its residual, by a straight density in each group of values; may come out a little below 0 by chance.</summary>
    public double TiltBits
    {
        get
        {
            double sum = 0;
            for (int g = 0; g < Groups; g++)
                if (_groupCounts[g] > 1)
                {
                    // E[u] = a/12; the variance of the mean, 1/12n, is taken off.
                    double mean = _groupSums[g] / _groupCounts[g];
                    sum += ((144 * mean * mean) - (12.0 / _groupCounts[g])) * _groupCounts[g];
                }
            return sum / Count / (24 * FixedMath.Log(2));
        }
    }

    /// <summary>The power spectrum at <paramref name="points"/> frequencies from 0 to half a cycle a place, 1 for white residuals (Blackman and Tukey).</summary>
    public double[] Spectrum(int points) =>
        [.. Enumerable.Range(0, points).Select(p => 1 + (2 * Enumerable.Range(1, Lags).Sum(k => (1 - (k / (Lags + 1.0))) * Correlation(k) * FixedMath.SinCos(Math.PI * p * k / (points - 1)).Cos)))];

    /// <summary>Takes neighbouring values of a row as they were before rounding.</summary>
    /// <param name="values">At most 4,096.</param>
    /// <param name="above">The values above them, as many, or nothing.</param>
    /// <exception cref="ArgumentException">Too many values, or not as many above.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<float> values, ReadOnlySpan<float> above = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values.Length, 4096);
        if (!above.IsEmpty && above.Length != values.Length)
            throw new ArgumentException("as many values above as in the row, or none", nameof(above));
        // Zeros behind the last residual, as far as a lag and a vector reach: they change no sum.
        int room = ((values.Length + 7) & ~7) + Lags;
        Span<float> u = stackalloc float[room], rounded = stackalloc float[room];
        u.Clear();
        int kept = format.Residuals(values, u, rounded);
        NotFinite += values.Length - kept;
        if (kept == 0)
            return;
        (double sum, double squares) = Moments(u, kept);
        Places(u[..kept], rounded);
        fixed (float* first = u)
            for (int lag = 1; lag <= Lags && lag < kept; lag++)
            {
                _products[lag] += Numerics.Lanes.Dot(first + lag, first, (kept - lag + 7) & ~7);
                _pairs[lag] += kept - lag;
            }
        // Down the columns every fourth run is enough: it costs a rounding more for each value.
        if (_runs % 4 == 0 && above.Length == kept)
        {
            Span<float> over = stackalloc float[room];
            if (format.Residuals(above, over, rounded) == kept)
            {
                fixed (float* a = u, b = over)
                    _above += Numerics.Lanes.Dot(a, b, kept);
                _abovePairs += kept;
            }
        }
        if (squares > 0)
        {
            _coherence += sum * sum / squares;
            _runs++;
        }
    }

    /// <summary>Adds up powers of the residuals in four lanes, and counts the exact ones and the ties.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    (double Sum, double Squares) Moments(ReadOnlySpan<float> u, int kept)
    {
        Vector256<double> first = default, second = default, third = default, fourth = default;
        Vector256<int> zeros = default, ties = default;
        for (int i = 0; i < kept; i += Vector256<float>.Count)
        {
            Vector256<float> off = Vector256.Create(u[i..]);
            zeros -= Vector256.Equals(off, default).AsInt32();
            ties -= Vector256.Equals(Vector256.Abs(off), Vector256.Create(0.5f)).AsInt32();
            Vector256<double> x = Vector256.WidenLower(off), y = Vector256.WidenUpper(off), xx = x * x, yy = y * y;
            first += x + y;
            second += xx + yy;
            third += (xx * x) + (yy * y);
            fourth += (xx * xx) + (yy * yy);
        }
        double sum = Fold(first), squares = Fold(second);
        Count += kept;
        // The zeros behind the last one look exact.
        Exact += Vector256.Sum(zeros) - (((kept + 7) & ~7) - kept);
        Ties += Vector256.Sum(ties);
        _first += sum;
        _products[0] += squares;
        _third += Fold(third);
        _fourth += Fold(fourth);
        return (sum, squares);
    }

    static double Fold(Vector256<double> x) => x.GetElement(0) + x.GetElement(1) + (x.GetElement(2) + x.GetElement(3));

    /// <summary>Counts where in the cell residuals fall, and which way they lean among values of a size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Places(ReadOnlySpan<float> u, ReadOnlySpan<float> rounded)
    {
        long[] histogram = _histogram, counts = _groupCounts;
        double[] sums = _groupSums;
        for (int i = 0; i < u.Length; i++)
        {
            histogram[Math.Min((int)((u[i] + 0.5f) * Bins), Bins - 1)]++;
            uint bits = BitConverter.SingleToUInt32Bits(rounded[i]), group = (bits & 0x7FFF_FFFF) >> 21;
            counts[group]++;
            // Towards zero or away from it: the sign of the value, without a branch.
            sums[group] += BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(u[i]) ^ (bits & 0x8000_0000));
        }
    }
}

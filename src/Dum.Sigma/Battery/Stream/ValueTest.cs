using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dum.Sigma.Statistics;

namespace Dum.Sigma.Battery.Stream;

/// <summary>
/// Bytes as values, as residuals are: correlation of values and of their magnitudes with those before, with those of the row
/// before where rows are known, and tones, which are peaks of the mean spectrum.
/// </summary>
sealed unsafe class ValueTest : StreamTest
{
    /// <summary>Of the odd numbers −255 … 255, and of the odd ones −127 … 127 that magnitudes less their mean are.</summary>
    const double Variance = (65536 - 1) / 3.0, MagnitudeVariance = ((128.0 * 128) - 1) / 3;

    static readonly int[] s_near = [1, 2, 3, 4, 5, 6, 7, 8, 16, 32, 64, 128, 256, 512];

    readonly int[] _lags;
    readonly double[] _values, _sizes, _power = new double[Segment / 2];
    readonly long[] _pairs;
    readonly short[] _value = new short[Segment], _size = new short[Segment];
    readonly double[] _re = new double[Segment / 2], _im = new double[Segment / 2], _now = new double[Segment / 2];
    readonly Fft _fft = new(Segment / 2);
    readonly double[] _cos, _sin;
    int _segments;

    /// <param name="width">Values of a row, for correlation down the columns; 0 where there are no rows.</param>
    public ValueTest(int width)
    {
        _lags = width is > 0 and < Segment && !s_near.Contains(width) ? [.. s_near, width] : s_near;
        (_values, _sizes, _pairs) = (new double[_lags.Length], new double[_lags.Length], new long[_lags.Length]);
        (_cos, _sin) = Fft.Roots(Segment, Segment / 2, 1);
    }

    public override void Add(ReadOnlySpan<byte> segment)
    {
        // Twice the distance from the middle.
        for (int i = 0; i < Segment; i++)
        {
            int value = (2 * segment[i]) - 255;
            (_value[i], _size[i]) = ((short)value, (short)(Math.Abs(value) - 128));
        }
        for (int l = 0; l < _lags.Length; l++)
        {
            int count = (Segment - _lags[l]) / 16 * 16;
            _values[l] += Products(_value, _lags[l], count);
            _sizes[l] += Products(_size, _lags[l], count);
            _pairs[l] += count;
        }
        Spectrum();
        _segments++;
    }

    public override void Finish(Action<PartResult> take)
    {
        for (int l = 0; l < _lags.Length; l++)
        {
            double root = Math.Sqrt(_pairs[l]);
            take(new PartResult(TestNames.Correlation, $"value, {_lags[l]} before", Special.TwoSided(_values[l] / (Variance * root))));
            take(new PartResult(TestNames.Correlation, $"magnitude, {_lags[l]} before", Special.TwoSided(_sizes[l] / (MagnitudeVariance * root))));
        }
        // Every power, in units of its mean, is the sum of as many exponential deviates as there were segments.
        int best = 1;
        for (int k = 1; k < _power.Length; k++)
            best = _power[k] > _power[best] ? k : best;
        double tail = Special.GammaQ(_segments, _power[best] / (Variance * Segment));
        take(new PartResult(TestNames.Tones, $"period {(double)Segment / best:0.##}", Family.Sidak(tail, _power.Length - 1)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double Products(short[] x, int lag, int count)
    {
        long sum = 0;
        fixed (short* at = x)
            for (int from = 0; from < count; from += 4096)
            {
                Vector256<int> a = default, b = default;
                for (int i = from; i < Math.Min(count, from + 4096); i += 16)
                {
                    Vector256<short> u = Vector256.Load(at + i), v = Vector256.Load(at + i + lag);
                    a += Vector256.WidenLower(u) * Vector256.WidenLower(v);
                    b += Vector256.WidenUpper(u) * Vector256.WidenUpper(v);
                }
                // Whole numbers: the order of the sum does not matter.
                sum += Vector256.Sum(a) + (long)Vector256.Sum(b);
            }
        return sum;
    }

    void Spectrum()
    {
        int half = Segment / 2;
        for (int i = 0; i < half; i++)
            (_re[i], _im[i]) = (_value[2 * i], _value[(2 * i) + 1]);
        _fft.Forward(_re, _im);
        Fft.Powers(_re, _im, _cos, _sin, _now);
        for (int k = 1; k < half; k++)
            _power[k] += _now[k];
    }
}

using Dum.Numerics;
using Dum.Sigma.Statistics;

namespace Dum.Sigma.Predict;

/// <summary>Bits that something tells about residuals it was not learned from.</summary>
/// <param name="Bits">Saved for each residual.</param>
/// <param name="Low">Lower end of the 99 % interval, by blocks.</param>
/// <param name="High">Its upper end.</param>
/// <param name="P">The probability of as much by chance, one-sided, from the blocks' spread.</param>
public readonly record struct Gain(double Bits, double Low, double High, double P);

/// <summary>
/// Predicts residuals: from where residuals of this operation fall at all (a histogram), from the eight before in the row, from
/// the rounded value beside it, and from that value against the scale of its neighbours. The density is h(u)·(1 + a·u) with a linear a, learned once over the first part of a
/// text and frozen; what it saves on the last part is what was known.
/// </summary>
static class ResidualPredictor
{
    const int Bins = 256, Lags = 8, Groups = 2048, Block = 4096, Neighbours = 64, Ratios = 16;
    const double Rate = 0.05, Smoothing = 0.5;

    /// <summary>What each level knows beyond the one before it.</summary>
    /// <param name="residuals">In order, in cells.</param>
    /// <param name="values">The rounded values they belong to.</param>
    /// <returns>The histogram alone (L0), the residuals before (L0), the rounded value (L1), the value against its neighbours (L2), each as its own gain.</returns>
    public static (Gain Histogram, Gain Before, Gain Value, Gain Scale) Learn(ReadOnlySpan<float> residuals, ReadOnlySpan<float> values)
    {
        // The gap keeps neighbours from standing on both sides of the cut.
        int train = residuals.Length * 6 / 10 / Block * Block, test = train + Block;
        double[] density = new double[Bins];
        for (int i = 0; i < train; i++)
            density[Bin(residuals[i])]++;
        double mean = 0;
        for (int b = 0; b < Bins; b++)
        {
            density[b] = (density[b] + Smoothing) / (train + (Smoothing * Bins));
            mean += density[b] * (((b + 0.5) / Bins) - 0.5);
        }
        double[] before = new double[Lags], beforeSquares = new double[Lags], value = new double[Groups], valueSquares = new double[Groups], scale = new double[8 * Ratios], scaleSquares = new double[8 * Ratios];
        var neighbours = new Window(values);
        for (int i = Lags; i < train; i++)
        {
            float u = residuals[i];
            Step(residuals.Slice(i - Lags, Lags), u, mean, before, beforeSquares);
            Step(Group(values[i]), u, mean, value, valueSquares);
            Step(neighbours.Group(i), u, mean, scale, scaleSquares);
        }
        var gains = new List<double>[] { [], [], [], [] };
        double[] sums = new double[gains.Length];
        for (int i = test; i < residuals.Length; i++)
        {
            float u = residuals[i];
            sums[0] += FixedMath.Log(density[Bin(u)] * Bins);
            sums[1] += Log(Dot(residuals.Slice(i - Lags, Lags), before), u, mean);
            sums[2] += Log(value[Group(values[i])], u, mean);
            sums[3] += Log(scale[neighbours.Group(i)], u, mean);
            if ((i - test) % Block != Block - 1)
                continue;
            for (int k = 0; k < gains.Length; k++)
            {
                gains[k].Add(sums[k] / Block / FixedMath.Log(2));
                sums[k] = 0;
            }
        }
        return (Of(gains[0]), Of(gains[1]), Of(gains[2]), Of(gains[3]));
    }

    static Gain Of(List<double> blocks)
    {
        (double mean, double deviation) = Spread.MeanAndDeviation(blocks);
        (double low, double high) = Spread.Bootstrap(blocks, 0.99, 1);
        return new Gain(mean, low, high, deviation > 0 ? Special.NormalTail(mean / deviation) : mean > 0 ? 0 : 1);
    }

    static int Bin(float u) => Math.Clamp((int)((u + 0.5f) * Bins), 0, Bins - 1);

    /// <summary>Sign, exponent and two bits of the mantissa.</summary>
    static int Group(float value) => (int)(BitConverter.SingleToUInt32Bits(value) >> 21);

    static double Dot(ReadOnlySpan<float> x, double[] w)
    {
        double sum = 0;
        for (int k = 0; k < Lags; k++)
            sum += w[k] * x[k];
        return sum;
    }

    static double Clamped(double a) => Math.Clamp(a, -1.8, 1.8);

    static double Log(double a, float u, double mean) => FixedMath.Log((1 + (Clamped(a) * u)) / (1 + (Clamped(a) * mean)));

    /// <summary>The derivative of the logarithm of the density by a.</summary>
    static double Slope(double a, float u, double mean) => (u / (1 + (Clamped(a) * u))) - (mean / (1 + (Clamped(a) * mean)));

    /// <summary>One step up the likelihood (AdaGrad), for one of several slopes.</summary>
    static void Step(int group, float u, double mean, double[] w, double[] squares)
    {
        double slope = Slope(w[group], u, mean);
        squares[group] += slope * slope;
        w[group] += Rate * slope / Math.Sqrt(squares[group] + 1);
    }

    /// <summary>One step up the likelihood (AdaGrad).</summary>
    static void Step(ReadOnlySpan<float> x, float u, double mean, double[] w, double[] squares)
    {
        double slope = Slope(Dot(x, w), u, mean);
        for (int k = 0; k < Lags; k++)
        {
            double part = slope * x[k];
            squares[k] += part * part;
            w[k] += Rate * part / Math.Sqrt(squares[k] + 1);
        }
    }

    /// <summary>
    /// Values against the root mean square of the 64 before them: the tilt of a normal density of that width is that of its
    /// ratio, its sign and the place of the value in its binade.
    /// </summary>
    ref struct Window(ReadOnlySpan<float> values)
    {
        readonly ReadOnlySpan<float> _values = values;
        double _squares;
        int _end;

        /// <summary>The group of a value; asked for in order.</summary>
        public int Group(int at)
        {
            for (; _end < at; _end++)
                _squares += Square(_end) - (_end >= Neighbours ? Square(_end - Neighbours) : 0);
            uint bits = BitConverter.SingleToUInt32Bits(_values[at]);
            int cell = (int)((bits >> 31 << 2) | ((bits >> 21) & 3));
            // Half octaves from −6 to 2; what has no scale counts with the largest.
            double ratio = _squares > 0 ? Square(at) * Neighbours / _squares : double.PositiveInfinity;
            int octave = ratio >= 16 ? Ratios - 1 : ratio < 1.0 / 4096 ? 0 : Math.Clamp(Math.ILogB(ratio) + 12, 0, Ratios - 1);
            return (cell * Ratios) + octave;
        }

        readonly double Square(int at) => float.IsFinite(_values[at]) ? (double)_values[at] * _values[at] : 0;
    }
}

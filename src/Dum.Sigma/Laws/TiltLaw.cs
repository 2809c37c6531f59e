using Dum.Numerics;
using Dum.Sigma.Statistics;

namespace Dum.Sigma.Laws;

/// <summary>What the rounded value alone tells about its residual.</summary>
/// <param name="Law">Bits a value by the law.</param>
/// <param name="Bits">Bits a value saved on values the density was not learned from.</param>
/// <param name="Deviation">Of <paramref name="Bits"/>, from blocks.</param>
/// <param name="Shuffled">The same with residuals of other values: what a bet on noise costs.</param>
/// <param name="Count">Values tested.</param>
sealed record TiltResult(double Law, double Bits, double Deviation, double Shuffled, long Count)
{
    /// <summary>Values that show the law at five deviations.</summary>
    public double Needed => 25 / (2 * Law * Math.Log(2));
}

/// <summary>
/// Law 1, tilt: inside a cell of width Δ the density is nearly straight, p(u | q) = 1 + a·u with a = Δ·∂ln f at q, so q tells
/// E[a²]/(24 ln 2) bits about u. The slope of the logarithm of the density is fitted over neighbouring cells of one half of
/// the values; what it foretells is tested on the other half.
/// </summary>
static class TiltLaw
{
    const int Block = 4096;
    const double Window = 0.02;

    /// <param name="values">Numbers before rounding, in their order.</param>
    /// <param name="cell">Where a number falls.</param>
    public static TiltResult Check(IReadOnlyList<float> values, Func<float, Cell> cell)
    {
        var known = new Dictionary<int, (double Center, double Width, double Count)>();
        var tested = new List<(int Index, float Residual)>();
        for (int i = 0; i < values.Count; i++)
        {
            Cell c = cell(values[i]);
            if (!c.Regular)
                continue;
            // Blocks of neighbours go to one half or the other whole: neighbours resemble each other.
            if (i / Block % 2 == 1)
                tested.Add((c.Index, (float)c.Residual));
            else
                known[c.Index] = (c.Center, c.Width, known.GetValueOrDefault(c.Index).Count + 1);
        }
        Dictionary<int, (double Slope, double Variance)> slopes = Slopes([.. known.OrderBy(k => k.Value.Center).Select(k => (k.Key, k.Value.Center, k.Value.Width, k.Value.Count))]);
        tested.RemoveAll(t => !slopes.ContainsKey(t.Index));
        double law = 0;
        foreach ((int index, _) in tested)
            law += (slopes[index].Slope * slopes[index].Slope) - slopes[index].Variance;
        (double bits, double deviation) = Gain(tested, slopes, 0);
        // A distance that is prime to most lengths carries every residual to a foreign value.
        (double shuffled, _) = Gain(tested, slopes, 7_368_787);
        return new TiltResult(law / Math.Max(1, tested.Count) / (24 * FixedMath.Log(2)), bits, deviation, shuffled, tested.Count);
    }

    /// <summary>Cells in order: slope of the logarithm of the density, times the width, with the variance of its estimate.</summary>
    static Dictionary<int, (double Slope, double Variance)> Slopes((int Index, double Center, double Width, double Count)[] all)
    {
        double values = all.Sum(c => c.Count);
        var slopes = new Dictionary<int, (double, double)>();
        Span<double> m = stackalloc double[5];
        for (int i = 0; i < all.Length; i++)
        {
            int low = i, high = i;
            double count = all[i].Count;
            while ((high - low < 2 || count < Window * values) && (low > 0 || high < all.Length - 1))
            {
                if (low > 0)
                    count += all[--low].Count;
                if (high < all.Length - 1)
                    count += all[++high].Count;
            }
            // A parabola through the logarithms of the densities, each as heavy as it is certain: a line would lean to where the
            // most values are. Moments m[k] = Σ w·xᵏ; the slope at the cell itself comes by Cramer's rule.
            m.Clear();
            double y = 0, xy = 0, xxy = 0;
            for (int j = low; j <= high; j++)
            {
                double w = all[j].Count, at = (all[j].Center - all[i].Center) / all[i].Width, log = FixedMath.Log(w / all[j].Width);
                for (int k = 0; k < 5; k++, w *= at)
                {
                    m[k] += w;
                    (y, xy, xxy) = k == 0 ? (y + (w * log), xy, xxy) : k == 1 ? (y, xy + (w * log), xxy) : k == 2 ? (y, xy, xxy + (w * log)) : (y, xy, xxy);
                }
            }
            double a = (m[2] * m[3]) - (m[1] * m[4]), b = (m[0] * m[4]) - (m[2] * m[2]), c = (m[1] * m[2]) - (m[0] * m[3]);
            double whole = (m[1] * a) + (m[2] * b) + (m[3] * c);
            if (whole > 0)
                slopes[all[i].Index] = (((a * y) + (b * xy) + (c * xxy)) / whole, b / whole);
        }
        return slopes;
    }

    /// <summary>Bits a value that the slopes save on residuals taken from so many values further.</summary>
    static (double Mean, double Deviation) Gain(List<(int Index, float Residual)> tested, Dictionary<int, (double Slope, double Variance)> slopes, long shift)
    {
        var blocks = new List<double>();
        double sum = 0;
        for (int i = 0; i < tested.Count; i++)
        {
            (double slope, double variance) = slopes[tested[i].Index];
            // Shrunk by its own uncertainty (James and Stein): no bet where nothing is known.
            double bet = Math.Clamp(slope * Math.Max(0, 1 - (variance / Math.Max(slope * slope, 1e-300))), -1.9, 1.9);
            sum += FixedMath.Log(1 + (bet * tested[(int)((i + shift) % tested.Count)].Residual)) / FixedMath.Log(2);
            if (i % Block == Block - 1)
            {
                blocks.Add(sum / Block);
                sum = 0;
            }
        }
        return Spread.MeanAndDeviation(blocks);
    }
}

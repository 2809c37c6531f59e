using Dum.Numerics;

namespace Dum.Sigma.Statistics;

/// <summary>Means of blocks with their uncertainty.</summary>
static class Spread
{
    /// <summary>The mean and the standard deviation of that mean.</summary>
    public static (double Mean, double Deviation) MeanAndDeviation(IReadOnlyList<double> blocks)
    {
        if (blocks.Count == 0)
            return (0, double.PositiveInfinity);
        double mean = blocks.Sum() / blocks.Count, squares = 0;
        foreach (double b in blocks)
            squares += (b - mean) * (b - mean);
        return (mean, blocks.Count > 1 ? Math.Sqrt(squares / (blocks.Count - 1) / blocks.Count) : double.PositiveInfinity);
    }

    /// <summary>The interval of the mean of whole blocks drawn again and again (Efron's bootstrap).</summary>
    /// <param name="blocks">One number a block.</param>
    /// <param name="confidence">Such as 0.99.</param>
    /// <param name="seed">Of the draws.</param>
    public static (double Low, double High) Bootstrap(IReadOnlyList<double> blocks, double confidence, ulong seed)
    {
        const int Times = 2000;
        if (blocks.Count < 2)
            return (double.NegativeInfinity, double.PositiveInfinity);
        var random = new Philox(seed, DrawDomain.Bootstrap);
        double[] means = new double[Times];
        for (uint t = 0; t < Times; t++)
        {
            for (uint b = 0; b < blocks.Count; b++)
                means[t] += blocks[(int)(random.Unit(0, t, b) * blocks.Count)];
            means[t] /= blocks.Count;
        }
        Array.Sort(means);
        int cut = (int)((1 - confidence) / 2 * Times);
        return (means[cut], means[Times - 1 - cut]);
    }
}

namespace Dum.Sigma.Statistics;

/// <summary>Pearson's χ² of counts against a law.</summary>
static class ChiSquare
{
    /// <summary>The probability of a larger statistic, with one degree of freedom less than classes.</summary>
    /// <param name="counts">Of every class.</param>
    /// <param name="law">Its probability, above 0.</param>
    /// <param name="total">Of all counts.</param>
    public static double Tail(ReadOnlySpan<long> counts, ReadOnlySpan<double> law, long total) =>
        Special.ChiSquareTail(Statistic(counts, law, total), counts.Length - 1);

    /// <summary>Σ (count − expected)² / expected.</summary>
    public static double Statistic(ReadOnlySpan<long> counts, ReadOnlySpan<double> law, long total)
    {
        double sum = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            double expected = total * law[i], off = counts[i] - expected;
            sum += off * off / expected;
        }
        return sum;
    }

    /// <summary>The tail for counts that are expected to be equal.</summary>
    public static double TailOfEven(ReadOnlySpan<uint> counts)
    {
        long total = 0;
        foreach (uint count in counts)
            total += count;
        double expected = (double)total / counts.Length, sum = 0;
        foreach (uint count in counts)
            sum += (count - expected) * (count - expected);
        return Special.ChiSquareTail(sum / expected, counts.Length - 1);
    }
}

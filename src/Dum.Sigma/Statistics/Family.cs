using Dum.Numerics;

namespace Dum.Sigma.Statistics;

/// <summary>Corrections for looking at many results at once.</summary>
static class Family
{
    /// <summary>The probability that the smallest of several independent probabilities is at most this (Šidák): 1 − (1 − p)^count.</summary>
    public static double Sidak(double p, double count)
    {
        if (!(p > 0) || count <= 1)
            return p;
        // For small p the power loses all its digits; the bound by the sum does not.
        return p * count < 1e-6 ? p * count : p >= 1 ? 1 : 1 - FixedMath.Exp(count * FixedMath.Log(1 - p));
    }

    /// <summary>Holm's step-down correction: adjusted probabilities, in the given order.</summary>
    public static double[] Holm(IReadOnlyList<double> p)
    {
        int[] order = [.. Enumerable.Range(0, p.Count).OrderBy(i => p[i])];
        var adjusted = new double[p.Count];
        double highest = 0;
        for (int rank = 0; rank < order.Length; rank++)
        {
            highest = Math.Max(highest, Math.Min(1, (p.Count - rank) * p[order[rank]]));
            adjusted[order[rank]] = highest;
        }
        return adjusted;
    }
}

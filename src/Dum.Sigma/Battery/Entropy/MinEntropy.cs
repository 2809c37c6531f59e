using Dum.Numerics;

namespace Dum.Sigma.Battery.Entropy;

/// <summary>The estimate of one method.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Bits">Min-entropy of a symbol in bits; null where the method does not apply.</param>
public readonly record struct EntropyEstimate(string Method, double? Bits);

/// <summary>The bounds that all estimators of SP 800-90B share.</summary>
static class MinEntropy
{
    /// <summary>The 99.5 % point of the normal distribution, as the publication rounds it.</summary>
    public const double Z = 2.5758293035489008;

    public static double Log2(double x) => FixedMath.Log(x) / FixedMath.Log(2);

    /// <summary>The upper end of the confidence interval of a proportion.</summary>
    public static double Upper(double share, double count) => Math.Min(1, share + (Z * Math.Sqrt(share * (1 - share) / (count - 1))));

    /// <summary>6.3.7 to 6.3.10: what a predictor's hits and its longest run of hits allow.</summary>
    /// <param name="hits">Right predictions.</param>
    /// <param name="count">Predictions.</param>
    /// <param name="longest">The longest run of right ones.</param>
    /// <param name="symbols">Size of the alphabet.</param>
    public static double OfPredictor(long hits, long count, long longest, int symbols)
    {
        double share = (double)hits / count;
        double p = Math.Max(1.0 / symbols, share > 0 ? Upper(share, count) : 1 - FixedMath.Pow(0.01, 1.0 / count));
        double least = FixedMath.Log(0.99);
        if (p < 1 && LogNoRun(p, longest + 1, count) > least)
        {
            double low = p, high = 1;
            for (int i = 0; i < 100 && low < high; i++)
            {
                double middle = (low + high) / 2;
                if (middle <= low || middle >= high)
                    break;
                if (LogNoRun(middle, longest + 1, count) > least)
                    low = middle;
                else
                    high = middle;
            }
            p = Math.Max(p, high);
        }
        return -Log2(p);
    }

    /// <summary>The logarithm of the probability of no run of <paramref name="run"/> hits in so many trials (Feller, XIII.7).</summary>
    static double LogNoRun(double p, long run, long trials)
    {
        double q = 1 - p, x = 1, last = 0, power = FixedMath.Exp(run * FixedMath.Log(p));
        for (int i = 0; i <= 65 && x - last > 1e-16 * x; i++)
        {
            last = x;
            x = 1 + (q * power * FixedMath.Exp((run + 1) * FixedMath.Log(x)));
        }
        return FixedMath.Log(1 - (p * x)) - FixedMath.Log((run + 1 - (run * x)) * q) - ((trials + 1) * FixedMath.Log(x));
    }
}

using Dum.Numerics;

namespace Dum.Sigma.Statistics;

/// <summary>The distributions that tests need, from the house's own logarithm and exponential, so that every machine gives the same digits.</summary>
public static class Special
{
    const double Tiny = 1e-300, Accuracy = 1e-16;

    /// <summary>log Γ(x) for x &gt; 0, relative error below 1e-14 (Stirling's series above 12, the recurrence below).</summary>
    public static double LogGamma(double x)
    {
        double product = 1;
        for (; x < 12; x++)
            product *= x;
        double q = 1 / (x * x);
        double series = ((((((((((-174611.0 / 125400 * q) + (43867.0 / 244188)) * q) - (3617.0 / 122400)) * q) + (1.0 / 156)) * q) - (691.0 / 360360)) * q) + (1.0 / 1188)) * q;
        series = ((((((series - (1.0 / 1680)) * q) + (1.0 / 1260)) * q) - (1.0 / 360)) * q) + (1.0 / 12);
        return ((x - 0.5) * FixedMath.Log(x)) - x + 0.91893853320467274178 + (series / x) - FixedMath.Log(product);
    }

    /// <summary>The regularised upper incomplete gamma function Q(a, x): the tail of a χ² with 2a degrees of freedom beyond 2x.</summary>
    /// <param name="a">Above 0.</param>
    /// <param name="x">0 or more; NaN gives NaN.</param>
    public static double GammaQ(double a, double x)
    {
        if (double.IsNaN(x) || !(a > 0))
            return double.NaN;
        if (x <= 0)
            return 1;
        if (double.IsInfinity(x))
            return 0;
        double factor = FixedMath.Exp((a * FixedMath.Log(x)) - x - LogGamma(a));
        return x < a + 1 ? 1 - (factor * Series(a, x)) : factor * Fraction(a, x);
    }

    /// <summary>The tail of a χ² distribution.</summary>
    /// <param name="statistic">0 or more.</param>
    /// <param name="degrees">Degrees of freedom, at least 1.</param>
    public static double ChiSquareTail(double statistic, double degrees) => GammaQ(degrees / 2, statistic / 2);

    /// <summary>The complementary error function.</summary>
    public static double Erfc(double x) => x < 0 ? 2 - Erfc(-x) : GammaQ(0.5, x * x);

    /// <summary>P(Z &gt; z) of the standard normal distribution.</summary>
    public static double NormalTail(double z) => Erfc(z / Math.Sqrt(2)) / 2;

    /// <summary>P(|Z| &gt; |z|).</summary>
    public static double TwoSided(double z) => Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>The z with P(Z &gt; z) = p: positive for p below ½. Zero and one are taken as 10⁻³⁰⁰ and its like.</summary>
    public static double TailQuantile(double p)
    {
        if (p > 0.5)
            return -TailQuantile(1 - p);
        if (!(p < 0.5))
            return double.IsNaN(p) ? p : 0;
        p = Math.Max(p, Tiny);
        // A start with error below 4.5e-4 (Abramowitz and Stegun 26.2.23), then Newton on the tail.
        double t = Math.Sqrt(-2 * FixedMath.Log(p));
        double z = t - ((2.515517 + (t * (0.802853 + (t * 0.010328)))) / (1 + (t * (1.432788 + (t * (0.189269 + (t * 0.001308)))))));
        for (int i = 0; i < 2; i++)
        {
            double density = FixedMath.Exp(-z * z / 2) / 2.50662827463100050242, off = (NormalTail(z) - p) / density;
            z += off / (1 - (z * off / 2));
        }
        return z;
    }

    /// <summary>Two-sided tail of a Poisson count: twice the smaller of P(X ≤ count) and P(X ≥ count), at most 1.</summary>
    public static double PoissonTwoSided(long count, double mean)
    {
        double atMost = GammaQ(count + 1.0, mean), atLeast = count == 0 ? 1 : 1 - GammaQ(count, mean);
        return Math.Min(1, 2 * Math.Min(atMost, atLeast));
    }

    static double Series(double a, double x)
    {
        double term = 1 / a, sum = term;
        for (double n = a + 1; term > sum * Accuracy; n++)
        {
            term *= x / n;
            sum += term;
        }
        return sum;
    }

    /// <summary>Legendre's continued fraction, by Lentz's method.</summary>
    static double Fraction(double a, double x)
    {
        double b = x + 1 - a, c = 1 / Tiny, d = 1 / b, h = d;
        for (int i = 1; i < 100_000; i++)
        {
            double an = -i * (i - a);
            b += 2;
            d = (an * d) + b;
            d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
            c = b + (an / c);
            c = Math.Abs(c) < Tiny ? Tiny : c;
            double step = d * c;
            h *= step;
            if (Math.Abs(step - 1) < Accuracy * 4)
                break;
        }
        return h;
    }
}

namespace Dum.Numerics;

/// <summary>
/// Elementary functions from additions, multiplications and divisions only, so that every machine gives the same bits;
/// the system's own differ in their last place from one C library to the next. Errors stay within 2 units in the last place.
/// </summary>
static class FixedMath
{
    const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10, Log2E = 1.44269504088896340736;
    const double PiHalfHigh = 1.57079632673412561417, PiHalfMiddle = 6.07710050630396597660e-11, PiHalfLow = 2.02226624879595063154e-21;

    /// <summary>Natural logarithm; NaN below 0, −∞ at 0.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || double.IsInfinity(x))
            return x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;
        int exponent = 0;
        if (x < 2.2250738585072014e-308)
        {
            x *= 18014398509481984.0;
            exponent = -54;
        }
        long bits = BitConverter.DoubleToInt64Bits(x);
        exponent += (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            exponent++;
        }
        // log m = 2 artanh((m−1)/(m+1)); |s| ≤ 0.1716, so eleven terms reach the last bit.
        double s = (m - 1) / (m + 1), q = s * s, sum = 0;
        for (int k = 23; k >= 3; k -= 2)
            sum = q * (sum + (1.0 / k));
        return (exponent * Ln2High) + ((2 * s) + (2 * s * sum) + (exponent * Ln2Low));
    }

    /// <summary>e to the power x; 0 below −745, ∞ above 709.78.</summary>
    public static double Exp(double x)
    {
        if (!(x > -745.2))
            return double.IsNaN(x) ? x : 0;
        if (x > 709.782712893384)
            return double.PositiveInfinity;
        double n = Math.Round(x * Log2E), r = x - (n * Ln2High) - (n * Ln2Low);
        double sum = 1;
        for (int k = 14; k >= 1; k--)
            sum = 1 + (r * sum / k);
        // In two steps, because 2ⁿ itself may lie outside the normal range.
        int half = (int)n / 2;
        return sum * PowerOfTwo(half) * PowerOfTwo((int)n - half);
    }

    /// <summary>x to the power y, for x &gt; 0. The error of the logarithm grows with y: some |y·log x| units in the last place.</summary>
    public static double Pow(double x, double y) => Exp(y * Log(x));

    /// <summary>Sine and cosine of an angle in radians up to about a million.</summary>
    public static (double Sin, double Cos) SinCos(double x)
    {
        double n = Math.Round(x / (Math.PI / 2));
        double r = x - (n * PiHalfHigh) - (n * PiHalfMiddle) - (n * PiHalfLow), q = r * r;
        double sin = 0, cos = 0;
        for (int k = 17; k >= 1; k -= 2)
        {
            sin = 1 - (q * sin / ((k + 1) * (k + 2)));
            cos = 1 - (q * cos / (k * (k + 1)));
        }
        sin *= r;
        return ((long)n & 3) switch { 0 => (sin, cos), 1 => (cos, -sin), 2 => (-sin, -cos), _ => (-cos, sin) };
    }

    static double PowerOfTwo(int n) => BitConverter.Int64BitsToDouble((n + 1023L) << 52);
}

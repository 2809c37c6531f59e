using Dum.Numerics;

namespace Dum.Sigma.Laws;

/// <summary>
/// Law 3, mixing: on an even grid of step Δ the k-th harmonic of the residual is the characteristic function of the number
/// itself at 2πk/Δ. It is gone where the number spreads over a cell or more, and no test of residuals alone can bring it back.
/// </summary>
static class MixingLaw
{
    /// <summary>The k-th harmonic, foretold from the density of one half of the numbers and measured on residuals of the other.</summary>
    /// <param name="values">Numbers before rounding.</param>
    /// <param name="step">Of the grid.</param>
    /// <param name="harmonic">1 or more.</param>
    /// <returns>Magnitudes, and the deviation that independent residuals would have.</returns>
    public static (double Predicted, double Measured, double Deviation) Check(IReadOnlyList<float> values, double step, int harmonic)
    {
        const int Block = 4096, Bins = 4096;
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (float value in values)
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        // The density as a histogram fine against the step, smooth inside each of its bins.
        long[] counts = new long[Bins];
        double width = (high - low) / Bins * 1.0000001;
        long known = 0, tested = 0;
        double re = 0, im = 0;
        for (int i = 0; i < values.Count; i++)
        {
            if (i / Block % 2 == 0)
            {
                counts[(int)((values[i] - low) / width)]++;
                known++;
                continue;
            }
            double residual = (values[i] / step) - Math.Round(values[i] / step, MidpointRounding.ToEven);
            (double sin, double cos) = FixedMath.SinCos(2 * Math.PI * harmonic * residual);
            (re, im) = (re + cos, im + sin);
            tested++;
        }
        double foretoldRe = 0, foretoldIm = 0, angle = Math.PI * harmonic * width / step, damp = angle == 0 ? 1 : FixedMath.SinCos(angle).Sin / angle;
        for (int b = 0; b < Bins; b++)
        {
            (double sin, double cos) = FixedMath.SinCos(2 * Math.PI * harmonic * (low + ((b + 0.5) * width)) / step);
            foretoldRe += counts[b] * cos;
            foretoldIm += counts[b] * sin;
        }
        return (Math.Sqrt((foretoldRe * foretoldRe) + (foretoldIm * foretoldIm)) / known * damp, Math.Sqrt((re * re) + (im * im)) / tested, Math.Sqrt(0.5 / tested));
    }
}

using Dum.Sigma.Formats;

namespace Dum.Sigma.Laws;

/// <summary>
/// Law 6, shaping: rounding the columns of a weight matrix one after the other and handing each error on to those not yet
/// rounded (GPTQ, arXiv 2210.17323) leaves Σ Dᵢ of the error, where plain rounding leaves tr H; H = XᵀX = L·D·Lᵀ. What can be
/// won is known before the work is done.
/// </summary>
static class ShapingLaw
{
    /// <summary>Error of the outputs after feedback over that after plain rounding, foretold and measured.</summary>
    /// <param name="weights">[outputs][inputs].</param>
    /// <param name="inputs">[rows][inputs]: what the product was given.</param>
    /// <param name="format">Grids of groups, fitted to the weights as they are.</param>
    public static (double Predicted, double Measured) Check(float[][] weights, float[][] inputs, IntegerFormat format)
    {
        int n = weights[0].Length;
        double[][] h = Gram(inputs, n);
        double trace = 0;
        for (int i = 0; i < n; i++)
            trace += h[i][i];
        double[][] factor = InverseFactor(h);
        double foretold = 0;
        for (int i = 0; i < n; i++)
            foretold += 1 / (factor[i][i] * factor[i][i]);
        double plain = 0, shaped = 0;
        foreach (float[] row in weights)
        {
            Grid[] grids = [.. Enumerable.Range(0, (n + format.Group - 1) / format.Group).Select(g => format.Fit(row.AsSpan(g * format.Group, Math.Min(format.Group, n - (g * format.Group)))))];
            double[] off = new double[n], left = [.. row.Select(w => (double)w)];
            for (int i = 0; i < n; i++)
            {
                Grid grid = grids[i / format.Group];
                off[i] = row[i] - grid.Decode(format.Encode(row[i], grid));
                double error = (left[i] - grid.Decode(format.Encode((float)left[i], grid))) / factor[i][i];
                shaped += error * error;
                for (int j = i + 1; j < n; j++)
                    left[j] -= error * factor[i][j];
            }
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++)
                    plain += off[i] * h[i][j] * off[j];
        }
        return (foretold / trace, shaped / plain);
    }

    /// <summary>XᵀX over rows, with a hundredth of the mean diagonal added, so that it can be inverted.</summary>
    static double[][] Gram(float[][] inputs, int n)
    {
        double[][] h = [.. Enumerable.Range(0, n).Select(_ => new double[n])];
        foreach (float[] x in inputs)
            for (int i = 0; i < n; i++)
                for (int j = 0; j <= i; j++)
                    h[i][j] += (double)x[i] * x[j];
        double mean = 0;
        for (int i = 0; i < n; i++)
            mean += h[i][i] / n;
        for (int i = 0; i < n; i++)
        {
            h[i][i] += 0.01 * mean;
            for (int j = 0; j < i; j++)
                h[j][i] = h[i][j];
        }
        return h;
    }

    /// <summary>The upper factor U with H⁻¹ = Uᵀ·U, by Cholesky's method from the last column: no inverse is formed.</summary>
    static double[][] InverseFactor(double[][] h)
    {
        int n = h.Length;
        // H = R·Rᵀ with R upper; then U = R⁻¹ is upper too, and H⁻¹ = R⁻ᵀ·R⁻¹.
        double[][] r = [.. Enumerable.Range(0, n).Select(_ => new double[n])];
        for (int j = n - 1; j >= 0; j--)
        {
            double diagonal = h[j][j];
            for (int k = j + 1; k < n; k++)
                diagonal -= r[j][k] * r[j][k];
            r[j][j] = Math.Sqrt(Math.Max(diagonal, 1e-12 * h[j][j]));
            for (int i = 0; i < j; i++)
            {
                double sum = h[i][j];
                for (int k = j + 1; k < n; k++)
                    sum -= r[i][k] * r[j][k];
                r[i][j] = sum / r[j][j];
            }
        }
        double[][] u = [.. Enumerable.Range(0, n).Select(_ => new double[n])];
        for (int j = 0; j < n; j++)
        {
            u[j][j] = 1 / r[j][j];
            for (int i = j - 1; i >= 0; i--)
            {
                double sum = 0;
                for (int k = i + 1; k <= j; k++)
                    sum += r[i][k] * u[k][j];
                u[i][j] = -sum / r[i][i];
            }
        }
        return u;
    }
}

using Dum.Numerics;

namespace Dum.Sigma.Quantisation;

/// <summary>
/// The best correction of some rank to what quantisation has left: the singular vectors of E·L with H = L·Lᵀ, unwhitened (QERA,
/// arXiv 2410.06040; any root of H gives the same). The factors are kept in bfloat16.
/// </summary>
static class LowRankCorrection
{
    const int Rounds = 12;
    /// <summary>Adds the correction to what was rounded.</summary>
    /// <param name="weights">What the matrix should be, [rows × n].</param>
    /// <param name="rounded">What it has become; corrected in place.</param>
    /// <param name="hessian">[n × n].</param>
    /// <param name="n">Inputs.</param>
    /// <param name="rank">Of the correction.</param>
    public static void Add(float[] weights, float[] rounded, double[] hessian, int n, int rank)
    {
        int rows = weights.Length / n;
        var root = (double[])hessian.Clone();
        if (!DenseMath.Cholesky(root, n))
            return;
        var white = new double[(long)rows * n];
        for (int r = 0; r < rows; r++)
            for (int k = 0; k < n; k++)
                DenseMath.AddScaled((double)weights[(r * n) + k] - rounded[(r * n) + k], root.AsSpan(k * n, k + 1), white.AsSpan(r * n, k + 1));
        double[][] right = Subspace(white, rows, n, rank);
        // C = (white·v)·(L⁻ᵀ·v)ᵀ, summed over v.
        foreach (double[] v in right)
        {
            double[] back = Unwhiten(root, v, n);
            for (int r = 0; r < rows; r++)
            {
                double left = Narrow(DenseMath.Dot(white.AsSpan(r * n, n), v));
                for (int k = 0; k < n; k++)
                    rounded[(r * n) + k] += (float)(left * Narrow(back[k]));
            }
        }
    }

    /// <summary>Bits that the factors take.</summary>
    public static long Bits(int rows, int columns, int rank) => (long)rank * (rows + columns) * 16;

    /// <summary>Right singular vectors by orthogonal iteration, two more than asked for to converge sooner.</summary>
    static double[][] Subspace(double[] m, int rows, int n, int rank)
    {
        int width = Math.Min(rank + 2, Math.Min(rows, n));
        var random = new Philox((ulong)n, DrawDomain.LowRank);
        double[][] basis = [.. Enumerable.Range(0, width).Select(b => Enumerable.Range(0, n).Select(i => random.Normal((uint)b, 0, (uint)i).First).ToArray())];
        for (int round = 0; round < Rounds; round++)
        {
            for (int b = 0; b < width; b++)
            {
                var next = new double[n];
                for (int r = 0; r < rows; r++)
                    DenseMath.AddScaled(DenseMath.Dot(m.AsSpan(r * n, n), basis[b]), m.AsSpan(r * n, n), next);
                for (int before = 0; before < b; before++)
                    DenseMath.AddScaled(-DenseMath.Dot(next, basis[before]), basis[before], next);
                double length = Math.Sqrt(DenseMath.Dot(next, next));
                for (int i = 0; i < n && length > 0; i++)
                    next[i] /= length;
                basis[b] = next;
            }
        }
        return basis[..Math.Min(rank, width)];
    }

    /// <summary>Solves xᵀ·L = vᵀ, that is Lᵀ·x = v.</summary>
    static double[] Unwhiten(double[] root, double[] v, int n)
    {
        var x = (double[])v.Clone();
        for (int k = n - 1; k >= 0; k--)
        {
            x[k] /= root[(k * n) + k];
            DenseMath.AddScaled(-x[k], root.AsSpan(k * n, k), x.AsSpan(0, k));
        }
        return x;
    }

    static float Narrow(double value) => Numerics.Formats.BFloat16.ToSingle(Numerics.Formats.BFloat16.FromSingle((float)value));
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Sigma.Quantisation;

/// <summary>Dense linear algebra in doubles with a fixed order of every sum: four lanes on any processor, folded in one tree.</summary>
static class DenseMath
{
    /// <summary>Σ a·b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Vector256<double> sum = Vector256<double>.Zero, more = Vector256<double>.Zero;
        int i = 0;
        for (; i + 8 <= a.Length; i += 8)
        {
            sum += Vector256.Create(a[i..]) * Vector256.Create(b[i..]);
            more += Vector256.Create(a[(i + 4)..]) * Vector256.Create(b[(i + 4)..]);
        }
        sum += more;
        double total = sum[0] + sum[2] + (sum[1] + sum[3]);
        for (; i < a.Length; i++)
            total += a[i] * b[i];
        return total;
    }

    /// <summary>y += a·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(double a, ReadOnlySpan<double> x, Span<double> y)
    {
        Vector256<double> factor = Vector256.Create(a);
        int i = 0;
        for (; i + 4 <= x.Length; i += 4)
            (Vector256.Create((ReadOnlySpan<double>)y[i..]) + (factor * Vector256.Create(x[i..]))).CopyTo(y[i..]);
        for (; i < x.Length; i++)
            y[i] += a * x[i];
    }

    /// <summary>Replaces the lower triangle of a symmetric positive definite matrix by its Cholesky factor L, A = L·Lᵀ; the upper triangle is left.</summary>
    /// <param name="a">[n × n].</param>
    /// <param name="n">Rows.</param>
    /// <returns>False where it is not positive definite.</returns>
    public static bool Cholesky(double[] a, int n)
    {
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
            {
                double left = a[(i * n) + j] - Dot(a.AsSpan(i * n, j), a.AsSpan(j * n, j));
                if (j < i)
                    a[(i * n) + j] = left / a[(j * n) + j];
                else if (left > 0)
                    a[(i * n) + i] = Math.Sqrt(left);
                else
                    return false;
            }
        return true;
    }
}

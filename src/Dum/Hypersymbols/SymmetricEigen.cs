namespace Dum.Hypersymbols;

/// <summary>Eigenvalues and vectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5): slow, exact, the same bits everywhere.</summary>
static class SymmetricEigen
{
    const int MostSweeps = 30;

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="a">[n × n], row by row; destroyed.</param>
    /// <param name="n">Its size.</param>
    /// <returns>Eigenvalues from the largest, and the vectors that go with them as rows [n × n], each with a positive largest component.</returns>
    public static (double[] Values, double[] Vectors) Of(double[] a, int n)
    {
        var v = new double[n * n];
        for (int i = 0; i < n; i++)
            v[(i * n) + i] = 1;
        double size = 0;
        foreach (double x in a)
            size += x * x;
        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            double off = 0;
            for (int p = 0; p < n; p++)
                for (int q = p + 1; q < n; q++)
                {
                    off += a[(p * n) + q] * a[(p * n) + q];
                    Rotate(a, v, n, p, q);
                }
            if (off <= 1e-22 * size)
                break;
        }
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => a[(i * n) + i])];
        var vectors = new double[n * n];
        for (int r = 0; r < n; r++)
        {
            Span<double> row = v.AsSpan(order[r] * n, n);
            int largest = 0;
            for (int i = 1; i < n; i++)
                if (Math.Abs(row[i]) > Math.Abs(row[largest]))
                    largest = i;
            double sign = row[largest] < 0 ? -1 : 1;
            for (int i = 0; i < n; i++)
                vectors[(r * n) + i] = sign * row[i];
        }
        return ([.. order.Select(i => a[(i * n) + i])], vectors);
    }

    /// <summary>Makes a[p, q] zero; the rows of v follow.</summary>
    static void Rotate(double[] a, double[] v, int n, int p, int q)
    {
        double apq = a[(p * n) + q];
        if (apq == 0)
            return;
        double theta = (a[(q * n) + q] - a[(p * n) + p]) / (2 * apq);
        double t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1)), c = 1 / Math.Sqrt((t * t) + 1), s = t * c;
        Span<double> rowP = a.AsSpan(p * n, n), rowQ = a.AsSpan(q * n, n), vp = v.AsSpan(p * n, n), vq = v.AsSpan(q * n, n);
        for (int i = 0; i < n; i++)
        {
            (rowP[i], rowQ[i]) = ((c * rowP[i]) - (s * rowQ[i]), (s * rowP[i]) + (c * rowQ[i]));
            (vp[i], vq[i]) = ((c * vp[i]) - (s * vq[i]), (s * vp[i]) + (c * vq[i]));
        }
        for (int i = 0; i < n; i++)
        {
            double x = a[(i * n) + p], y = a[(i * n) + q];
            (a[(i * n) + p], a[(i * n) + q]) = ((c * x) - (s * y), (s * x) + (c * y));
        }
    }
}

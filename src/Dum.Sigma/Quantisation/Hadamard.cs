using Dum.Numerics;

namespace Dum.Sigma.Quantisation;

/// <summary>
/// A random orthogonal turn: signs, then Hadamard transforms of blocks as large as the width allows (QuaRot, arXiv
/// 2404.00456). Outliers of a row spread over its block. The signs are a function of the width and need not be stored.
/// </summary>
sealed class Hadamard
{
    readonly int _block;
    readonly double[] _signs;

    /// <param name="width">Numbers of a row.</param>
    public Hadamard(int width)
    {
        _block = width & -width;
        var random = new Philox((ulong)width, DrawDomain.Rotation);
        _signs = [.. Enumerable.Range(0, width).Select(i => random.At(0, 0, (uint)i).A < 1u << 31 ? 1.0 : -1.0)];
    }

    /// <summary>Turns a row; the product of two turned rows is that of the rows.</summary>
    public void Turn(Span<double> row)
    {
        for (int i = 0; i < row.Length; i++)
            row[i] *= _signs[i];
        Transform(row);
    }

    /// <summary>Turns a row back.</summary>
    public void Return(Span<double> row)
    {
        Transform(row);
        for (int i = 0; i < row.Length; i++)
            row[i] *= _signs[i];
    }

    /// <summary>Turns rows and columns of a symmetric matrix.</summary>
    public double[] TurnBoth(double[] matrix, int n)
    {
        var turned = (double[])matrix.Clone();
        var column = new double[n];
        for (int i = 0; i < n; i++)
            Turn(turned.AsSpan(i * n, n));
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < n; i++)
                column[i] = turned[(i * n) + j];
            Turn(column);
            for (int i = 0; i < n; i++)
                turned[(i * n) + j] = column[i];
        }
        return turned;
    }

    void Transform(Span<double> row)
    {
        double scale = 1 / Math.Sqrt(_block);
        for (int start = 0; start < row.Length; start += _block)
        {
            Span<double> part = row.Slice(start, _block);
            for (int half = 1; half < _block; half *= 2)
                for (int i = 0; i < _block; i += 2 * half)
                    for (int j = i; j < i + half; j++)
                        (part[j], part[j + half]) = (part[j] + part[j + half], part[j] - part[j + half]);
            foreach (ref double value in part)
                value *= scale;
        }
    }
}

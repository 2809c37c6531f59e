using Dum.Numerics.Kernels;
using Xunit;

namespace Dum.Tests.Numerics;

public class OrthogonalTests
{
    /// <summary>A direction whose singular value is small grows 3.4 times in each of the five steps, and so do its roundings: some 500 · 2⁻²⁴.</summary>
    const double Relative = 1e-4;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(5, 100)]
    [InlineData(16, 16)]
    [InlineData(17, 40)]
    [InlineData(70, 130)]
    public void Agrees_and_does_not_depend_on_paths_or_threads(int rows, int columns) => Grid.Agree(
        kernels =>
        {
            Sheet x = Sheet.Random(rows, rows, columns, 0.01f);
            kernels.Orthogonalise(x);
            return [x];
        },
        Relative, $"{rows} × {columns}");

    /// <summary>Wide matrices have singular values near each other: after five steps every row is of length near 1 and nearly orthogonal to the others.</summary>
    [Fact]
    public void Rows_become_nearly_orthonormal()
    {
        using Sheet x = Sheet.Random(1, 20, 400, 7);
        new CpuKernels(Grid.Pool(2)).Orthogonalise(x);
        for (int r = 0; r < 20; r++)
            for (int s = 0; s <= r; s++)
            {
                double dot = 0;
                for (int i = 0; i < 400; i++)
                    dot += (double)x[r][i] * x[s][i];
                // Squares of the 0.7 … 1.2 that the iteration promises for singular values.
                Assert.InRange(dot, r == s ? 0.45 : -0.5, r == s ? 1.5 : 0.5);
            }
    }
}

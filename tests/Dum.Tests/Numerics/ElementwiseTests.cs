using Dum.Numerics;
using Dum.Numerics.Kernels;
using Xunit;

namespace Dum.Tests.Numerics;

public unsafe class ElementwiseTests
{
    /// <summary>Half a unit in the last place of 1.</summary>
    const double Half = 1.0 / (1 << 24);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(37, 16)]
    [InlineData(500, 50)]
    public void Addition_is_exact(int rows, int columns)
    {
        using Sheet a = Sheet.Random(1, rows, columns), b = Sheet.Random(2, rows, columns, gap: 0);
        (Sheet[] fast, Sheet[] plain) = Grid.Compare(
            kernels =>
            {
                Sheet y = new(rows, columns), inPlace = b.Copy();
                kernels.Add(a, b, y);
                kernels.Add(a, inPlace, inPlace);
                inPlace.IsSame(y, "in place");
                inPlace.Dispose();
                return [y];
            },
            "add");
        fast[0].IsSame(plain[0], "reference");
        fast[0].Dispose();
        plain[0].Dispose();
    }

    /// <summary>Two products and one sum: three roundings of numbers no larger than |u| + |v|. Turning back leaves three more.</summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 8)]
    [InlineData(5, 10)]
    [InlineData(2, 16)]
    [InlineData(4, 64)]
    public void Rotation_agrees_and_back_is_its_inverse(int heads, int size)
    {
        const int Rows = 90;
        double[] frequencies = [.. Enumerable.Range(0, size / 2).Select(i => FixedMath.Pow(10_000, -2.0 * i / size))];
        using var table = new RotaryTable(size, 400, frequencies);
        int[] positions = [.. Enumerable.Range(0, Rows).Select(r => r * 37 % 400)];
        // Channels after the turned heads, as values lie after queries and keys.
        using Sheet x = Sheet.Random(size, Rows, (heads * size) + 3);
        foreach (bool back in new[] { false, true })
        {
            (Sheet[] fast, Sheet[] plain) = Grid.Compare(
                kernels =>
                {
                    Sheet turned = x.Copy(), returned = x.Copy();
                    kernels.Rotate(turned, heads, table, positions, back);
                    kernels.Rotate(returned, heads, table, positions, back);
                    kernels.Rotate(returned, heads, table, positions, !back);
                    return [turned, returned];
                },
                "rotate");
            for (int r = 0; r < Rows; r++)
            {
                Bits.Same(x[r][(heads * size)..], fast[0][r][(heads * size)..], "channels behind the heads");
                for (int i = 0; i < heads * size; i++)
                {
                    int pair = i % size < size / 2 ? i + (size / 2) : i - (size / 2), k = i % (size / 2);
                    double length = Math.Abs(x[r][i]) + Math.Abs(x[r][pair]), angle = positions[r] * frequencies[k] * (back ? -1 : 1);
                    double exact = (x[r][i] * Math.Cos(angle)) - (x[r][pair] * Math.Sin(angle) * (i % size < size / 2 ? 1 : -1));
                    Bits.Near(plain[0][r][i], fast[0][r][i], 3 * Half * length, $"row {r}, channel {i}");
                    Bits.Near(exact, fast[0][r][i], 5 * Half * length, $"row {r}, channel {i}, from the angle");
                    Bits.Near(x[r][i], fast[1][r][i], 8 * Half * length, $"row {r}, channel {i}, and back");
                }
            }
            foreach (Sheet sheet in fast.Concat(plain))
                sheet.Dispose();
        }
    }

    /// <summary>The sigmoid is within 1.5·2⁻²² (<see cref="LanesTests"/>), then two products; from −87 on it may be 0 instead of 10⁻³⁸.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 13)]
    [InlineData(40, 64)]
    [InlineData(300, 91)]
    public void SwiGlu_agrees_forward_and_backward(int rows, int columns)
    {
        using Sheet x = Sheet.Random(rows, rows, 2 * columns, 4), dy = Sheet.Random(3, rows, columns);
        var random = new Random(columns);
        for (int r = 0; r < rows; r += 3)
            x[r][random.Next(columns)] = (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-30, 6)));
        (Sheet[] fast, Sheet[] plain) = Grid.Compare(
            kernels =>
            {
                Sheet y = new(rows, columns), dx = new(rows, 2 * columns);
                kernels.SwiGlu(x, y);
                kernels.SwiGluBackward(x, dy, dx);
                return [y, dx];
            },
            "SwiGLU");
        for (int r = 0; r < rows; r++)
            for (int i = 0; i < columns; i++)
            {
                double gate = x[r][i], up = x[r][columns + i], d = dy[r][i], s = 1 / (1 + Math.Exp(-gate)), tiny = 1e-30;
                Bits.Near(plain[0][r][i], fast[0][r][i], (8 * Half * Math.Abs(gate * s * up)) + tiny, $"row {r}, {i}");
                // 1 + gate·(1 − σ) may cancel: its error is that of its parts.
                Bits.Near(plain[1][r][i], fast[1][r][i], (10 * Half * Math.Abs(d * up * s) * (1 + Math.Abs(gate))) + tiny, $"row {r}, gate {i}");
                Bits.Near(plain[1][r][columns + i], fast[1][r][columns + i], (8 * Half * Math.Abs(d * gate * s)) + tiny, $"row {r}, up {i}");
            }
        foreach (Sheet sheet in fast.Concat(plain))
            sheet.Dispose();
    }
}

using Dum.Numerics;
using Xunit;

namespace Dum.Tests.Numerics;

/// <summary>
/// A matrix between canaries. The canaries are NaN: one that is overwritten is found by its bits, one that leaks into a
/// result makes that result NaN. The padding to 16 columns, which kernels may read and write, is zero before and after.
/// </summary>
sealed unsafe class Sheet : IDisposable
{
    const uint Canary = 0x7FC0_5EED;
    const int Fence = 64;
    readonly NativeFloats _memory;
    readonly int _padded;

    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="gap">Canaries between one row's padding and the next row.</param>
    public Sheet(int rows, int columns, int gap = 16)
    {
        _padded = Matrix.Padded(columns);
        int stride = _padded + gap;
        _memory = new NativeFloats(((long)rows * stride) + (2 * Fence), "a sheet");
        new Span<uint>(_memory.Data, checked((int)_memory.Count)).Fill(Canary);
        View = new Matrix(_memory.Data + Fence, rows, columns, stride);
        for (int r = 0; r < rows; r++)
            new Span<float>(View.Row(r), _padded).Clear();
    }

    public Matrix View { get; }

    public int Rows => View.Rows;
    public int Columns => View.Columns;
    public float* Data => View.Data;

    public Span<float> this[int row] => new(View.Row(row), Columns);

    public static implicit operator Matrix(Sheet sheet) => sheet.View;

    /// <summary>Numbers around 0 with magnitudes over some powers of two, as activations have.</summary>
    public static Sheet Random(int seed, int rows, int columns, float size = 1, int gap = 16)
    {
        var sheet = new Sheet(rows, columns, gap);
        var random = new Random(seed);
        for (int r = 0; r < rows; r++)
            foreach (ref float x in sheet[r])
                x = size * (float)((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2);
        return sheet;
    }

    public Sheet Copy()
    {
        var copy = new Sheet(Rows, Columns, View.Stride - _padded);
        for (int r = 0; r < Rows; r++)
            this[r].CopyTo(copy[r]);
        return copy;
    }

    /// <summary>Nothing outside the rows was written, and the padding is still zero.</summary>
    public void IsIntact()
    {
        var canaries = new ReadOnlySpan<uint>(_memory.Data, (int)_memory.Count);
        Assert.True(canaries[..Fence].IndexOfAnyExcept(Canary) < 0, "written before the first row");
        Assert.True(canaries[(Fence + (Rows * View.Stride))..].IndexOfAnyExcept(Canary) < 0, "written after the last row");
        for (int r = 0; r < Rows; r++)
        {
            var row = new ReadOnlySpan<float>(View.Row(r), View.Stride);
            Assert.True(row[Columns.._padded].IndexOfAnyExcept(0f) < 0, $"the padding of row {r} is not zero");
            Assert.True(canaries.Slice(Fence + (r * View.Stride) + _padded, View.Stride - _padded).IndexOfAnyExcept(Canary) < 0, $"written behind row {r}");
        }
    }

    /// <summary>Equal bits, row by row.</summary>
    public void IsSame(Sheet other, string what)
    {
        Assert.Equal((Rows, Columns), (other.Rows, other.Columns));
        for (int r = 0; r < Rows; r++)
            Bits.Same(this[r], other[r], $"{what}, row {r}");
    }

    public void Dispose() => _memory.Dispose();
}

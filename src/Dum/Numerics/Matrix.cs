namespace Dum.Numerics;

/// <summary>A view of floats in rows; what the kernels are handed. Checked by whoever makes it, not by the kernels.</summary>
readonly unsafe struct Matrix(float* data, int rows, int columns, int stride)
{
    /// <summary>Lanes that every row and every panel of weights is padded to.</summary>
    public const int Lane = 16;

    public float* Data { get; } = data;
    public int Rows { get; } = rows;
    public int Columns { get; } = columns;

    /// <summary>Floats from one row to the next.</summary>
    public int Stride { get; } = stride;

    public float* Row(int row) => Data + ((long)row * Stride);

    /// <summary>Some columns of every row.</summary>
    public Matrix Slice(int column, int columns) => new(Data + column, Rows, columns, Stride);

    /// <summary>Some rows.</summary>
    public Matrix Part(int row, int rows) => new(Row(row), rows, Columns, Stride);

    public static int Padded(int columns) => (columns + Lane - 1) / Lane * Lane;
}

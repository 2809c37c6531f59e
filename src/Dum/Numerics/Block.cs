namespace Dum.Numerics;

/// <summary>A named matrix of floats inside an arena. Rows are <see cref="Stride"/> floats apart; what lies between Columns and Stride is zero.</summary>
sealed unsafe class Block
{
    internal Block(Arena arena, string name, long offset, int rows, int columns)
    {
        (Arena, Name, Offset, Rows, Columns) = (arena, name, offset, rows, columns);
        Stride = Matrix.Padded(columns);
    }

    public Arena Arena { get; }
    public string Name { get; }

    /// <summary>Floats from the start of the arena: the same on every device.</summary>
    public long Offset { get; }
    public int Rows { get; }
    public int Columns { get; }
    public int Stride { get; }
    public long Floats => (long)Rows * Stride;

    public float* Data => Arena.Base + Offset;

    /// <summary>The first <paramref name="rows"/> rows.</summary>
    public Matrix Top(int rows) => new(Data, rows, Columns, Stride);

    public Span<float> Row(int row) => new(Data + ((long)row * Stride), Columns);

    public Span<float> Span => new(Data, checked((int)Floats));

    public static implicit operator Matrix(Block block) => block.Top(block.Rows);
}

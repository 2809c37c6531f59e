namespace Dum.Numerics.Kernels;

/// <summary>
/// Products of byte activations with byte or nibble weights. The sum over a group of 32 is an exact integer; the groups
/// then join one chain of fused multiply-adds, so every implementation gives the same bits.
/// </summary>
abstract unsafe class IntegerTiles
{
    /// <summary>Rows that <see cref="Int8"/> and <see cref="Int4"/> take at once.</summary>
    public const int Rows = 4;

    /// <summary>C [rows × 16] = X·W for one panel.</summary>
    /// <param name="x">Quantised rows.</param>
    /// <param name="row">The first of them.</param>
    /// <param name="rows">1 … <see cref="Rows"/>.</param>
    /// <param name="weights">A panel of Int8 weights.</param>
    /// <param name="scales">Its scales.</param>
    /// <param name="c">Rows <paramref name="cRow"/> floats apart.</param>
    /// <param name="cRow">Floats.</param>
    public abstract void Int8(in QuantisedRows x, int row, int rows, byte* weights, ushort* scales, float* c, nint cRow);

    /// <summary>The same for a panel of Int4 weights.</summary>
    public abstract void Int4(in QuantisedRows x, int row, int rows, byte* weights, ushort* scales, float* c, nint cRow);
}

/// <summary>Rows of activations as bytes, made by <see cref="Quantise.Row"/>.</summary>
unsafe struct QuantisedRows
{
    public sbyte* Quanta;
    public byte* Magnitudes;
    public float* Scales;
    public int* Sums;
    public int Groups;

    /// <summary>Floats of scratch that so many rows need.</summary>
    public static long Floats(int rows, int groups) => (long)rows * groups * (8 + 8 + 1 + 1) + 64;

    public static QuantisedRows In(float* memory, int rows, int groups)
    {
        long count = (long)rows * groups;
        return new()
        {
            Quanta = (sbyte*)memory,
            Magnitudes = (byte*)memory + (count * 32),
            Scales = memory + (count * 16),
            Sums = (int*)(memory + (count * 17)),
            Groups = groups,
        };
    }
}

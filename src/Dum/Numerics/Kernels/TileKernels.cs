namespace Dum.Numerics.Kernels;

/// <summary>
/// The innermost step of every matrix product: a few rows of A times panels of 16 columns of B. Each output is one chain
/// of fused multiply-adds over k in order, so its bits are the same in every implementation, for every split into tiles.
/// The tiles are written out one by one: the compiler keeps plain locals in registers, and an array of sums in memory.
/// </summary>
abstract unsafe class TileKernels
{
    /// <summary>Rows per tile that exist, largest first; the last is 1.</summary>
    public abstract ReadOnlySpan<int> Heights { get; }

    /// <summary>Panels of 16 columns that a tile of this height takes at once.</summary>
    public abstract int PanelsAt(int height);

    /// <summary>C = A·B, or C += A·B.</summary>
    /// <param name="height">One of <see cref="Heights"/>.</param>
    /// <param name="panels">1 or <see cref="PanelsAt"/>.</param>
    /// <param name="a">Packed [steps][height].</param>
    /// <param name="b">Panels [steps][16].</param>
    /// <param name="bPanel">Floats from one panel to the next.</param>
    /// <param name="steps">The length of the sum.</param>
    /// <param name="c">The first output.</param>
    /// <param name="cRow">Floats from one row of C to the next.</param>
    /// <param name="cPanel">Floats from one panel of C to the next.</param>
    /// <param name="rows">Rows that exist, 1 … height; the rest of A repeats the last row and is written over it.</param>
    /// <param name="add">Goes on from what stands in C.</param>
    public abstract void Run(int height, int panels, float* a, float* b, nint bPanel, int steps, float* c, nint cRow, nint cPanel, int rows, bool add);

    /// <summary>The height that takes the next of <paramref name="rows"/> rows: the largest that fits, or the smallest that holds them all.</summary>
    public int HeightFor(int rows)
    {
        ReadOnlySpan<int> heights = Heights;
        if (rows >= heights[0])
            return heights[0];
        int best = heights[0];
        foreach (int height in heights)
            if (height >= rows)
                best = height;
        return best;
    }
}

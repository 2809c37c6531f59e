namespace Dum.Numerics.Kernels;

/// <summary>What an adapter adds to some columns of a product: scale·(x·Aᵀ)·Bᵀ (LoRA, arXiv 2106.09685).</summary>
/// <param name="A">[rank × inputs].</param>
/// <param name="B">[outputs × rank], floats.</param>
/// <param name="Column">The first of the columns of the product that it adds to.</param>
/// <param name="Scale">α divided by the rank.</param>
sealed record LowRankPart(LowRankInput A, PackedWeights B, int Column, float Scale)
{
    public long Bytes => (4L * A.Vectors * LowRankInput.Lanes * A.Inputs) + B.Bytes;
}

/// <summary>
/// The weights A of a <see cref="LowRankPart"/> as vectors of eight outputs, inputs in order: either packed by themselves,
/// with no more padding than to eight, or where a plan learns them, in <see cref="PackedWeights"/> of floats.
/// </summary>
sealed unsafe class LowRankInput
{
    public const int Lanes = 8;

    readonly PackedWeights? _packed;
    readonly NativeFloats? _own;

    /// <summary>Over weights that a plan learns.</summary>
    public LowRankInput(PackedWeights packed) => (_packed, Rank, Inputs, Step) = (packed, packed.Outputs, packed.Inputs, 16);

    /// <summary>In memory of its own.</summary>
    /// <param name="own">Zeros: <see cref="Vectors"/> × inputs × 8.</param>
    /// <param name="rank">Outputs.</param>
    /// <param name="inputs">Inputs.</param>
    /// <param name="numbers">[rank × inputs], row by row.</param>
    public LowRankInput(NativeFloats own, int rank, int inputs, ReadOnlySpan<float> numbers)
    {
        (_own, Rank, Inputs, Step) = (own, rank, inputs, Lanes);
        for (int k = 0; k < rank; k++)
            for (int i = 0; i < inputs; i++)
                Vector(k / Lanes)[(i * Lanes) + (k % Lanes)] = numbers[(k * inputs) + i];
    }

    public int Rank { get; }
    public int Inputs { get; }

    /// <summary>Floats from one input of a vector to the next.</summary>
    public int Step { get; }

    /// <summary>Vectors of eight outputs; the last is padded with zeros.</summary>
    public int Vectors => VectorsOf(Rank);

    public static int VectorsOf(int rank) => (rank + Lanes - 1) / Lanes;

    /// <summary>Eight outputs for the first input.</summary>
    public float* Vector(int vector) => _own is not null ? _own.Data + ((long)vector * Lanes * Inputs) : (float*)_packed!.Panel(vector / 2) + (vector % 2 * Lanes);
}

/// <summary>Neighbouring rows of a batch that share an adapter.</summary>
/// <param name="Row">The first.</param>
/// <param name="Rows">How many.</param>
/// <param name="Parts">What is added, on columns that do not overlap.</param>
readonly record struct LowRankRows(int Row, int Rows, LowRankPart[] Parts);

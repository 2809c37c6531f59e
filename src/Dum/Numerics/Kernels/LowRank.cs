namespace Dum.Numerics.Kernels;

/// <summary>What an adapter adds to some columns of a product: scale·(x·Aᵀ)·Bᵀ (LoRA, arXiv 2106.09685).</summary>
/// <param name="A">[rank × inputs], floats or bfloat16.</param>
/// <param name="B">[outputs × rank], the same.</param>
/// <param name="Column">The first of the columns of the product that it adds to.</param>
/// <param name="Scale">α divided by the rank.</param>
sealed record LowRankPart(PackedWeights A, PackedWeights B, int Column, float Scale)
{
    public int Rank => A.Outputs;

    public long Bytes => A.Bytes + B.Bytes;
}

/// <summary>Neighbouring rows of a batch that share an adapter.</summary>
/// <param name="Row">The first.</param>
/// <param name="Rows">How many.</param>
/// <param name="Parts">What is added, on columns that do not overlap.</param>
readonly record struct LowRankRows(int Row, int Rows, LowRankPart[] Parts);

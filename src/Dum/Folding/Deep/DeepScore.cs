namespace Dum.Folding.Deep;

/// <summary>How well a model predicted what was folded with it.</summary>
/// <param name="Bytes">Bytes of text that it coded.</param>
/// <param name="ModelBits">What the model alone would have spent.</param>
/// <param name="StatisticsBits">What the fast coder's statistics alone would have spent.</param>
public sealed record DeepScore(long Bytes, double ModelBits, double StatisticsBits)
{
    // A text in a language that was trained on costs 1 to 2 bits a byte, in another more than 3; between them it matters
    // whether statistics that adapt do much better.
    const double Strange = 3, Doubtful = 2, FarBehind = 1.5;

    /// <summary>Bits of the model alone for each byte; not a number where all was stored.</summary>
    public double BitsPerByte => Bytes == 0 ? double.NaN : ModelBits / Bytes;

    /// <summary>True where the model hardly predicts the text.</summary>
    public bool IsStrange => BitsPerByte > Strange || (BitsPerByte > Doubtful && ModelBits > FarBehind * StatisticsBits);
}

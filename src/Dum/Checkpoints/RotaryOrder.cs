namespace Dum.Checkpoints;

/// <summary>
/// Two ways to pair the channels of a head for rotation: (i, i + half), as in Hugging Face's files and in
/// <see cref="ModelShape"/>, and neighbours (2i, 2i + 1), as in Meta's, llama2.c's and GGUF's for architecture "llama".
/// </summary>
static class RotaryOrder
{
    /// <summary>Where channel <paramref name="row"/> of the half-split order stands among neighbours.</summary>
    public static int ToNeighbours(int row, int headSize)
    {
        int half = headSize / 2, inside = row % headSize;
        return row - inside + (inside < half ? 2 * inside : 2 * (inside - half) + 1);
    }

    /// <summary>Where channel <paramref name="row"/> of the neighbours' order stands among halves.</summary>
    public static int ToHalves(int row, int headSize)
    {
        int inside = row % headSize;
        return row - inside + inside / 2 + (inside % 2 == 0 ? 0 : headSize / 2);
    }
}

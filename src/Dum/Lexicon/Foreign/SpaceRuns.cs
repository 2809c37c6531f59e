namespace Dum.Lexicon.Foreign;

/// <summary>
/// Llama 2 and its kin have pieces of 2 to 16 spaces that all share the lowest score, so that SentencePiece joins a run
/// from the left, one space at a time, up to 16. Our encoder wants distinct ranks: joining by powers of two gives the
/// same pieces, sixteens and then one for the rest.
/// </summary>
static class SpaceRuns
{
    const int Longest = 16;

    // Larger parts first: a rest of 8 + 4 + 2 + 1 becomes 12, then 14, then 15.
    static readonly int[] s_order = [2, 4, 8, 16, 12, 14, 10, 6, 15, 13, 11, 9, 7, 5, 3];

    /// <summary>The runs in the order in which they are to merge, with the length of their left part; empty where the ranks are not of this kind.</summary>
    public static IReadOnlyList<(int Id, int Left)> Order(IReadOnlyList<int> ranked, Func<int, int> rankOf, Func<int, byte[]> bytesOf)
    {
        int first = ranked.Count - s_order.Length;
        if (first < 0 || rankOf(ranked[first]) != rankOf(ranked[^1]) || (first > 0 && rankOf(ranked[first - 1]) == rankOf(ranked[first])))
            return [];
        var idOf = new int[Longest + 1];
        for (int i = 0; i < ranked.Count; i++)
        {
            byte[] bytes = bytesOf(ranked[i]);
            bool isRun = bytes.AsSpan().TrimEnd((byte)' ').IsEmpty && bytes.Length <= Longest;
            if (i >= first && isRun)
                idOf[bytes.Length] = ranked[i];
            else if (i >= first || bytes.AsSpan().IndexOf("  "u8) >= 0)
                return []; // something else ranks as low, or is made with two spaces
        }
        return [.. s_order.Select(length => (idOf[length], LeftPart(length)))];
    }

    /// <summary>What is left without the smallest power of two; half of a power of two.</summary>
    static int LeftPart(int length) => length - (length & -length) is var rest && rest > 0 ? rest : length / 2;
}

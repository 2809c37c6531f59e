namespace Dum.Tests.Lexicon;

/// <summary>The definition of encoding, as plainly as it can be written: the lowest merge first, leftmost first.</summary>
static class PlainLexicon
{
    public static List<byte[]> Entries((int Left, int Right)[] merges)
    {
        var entries = new List<byte[]>();
        for (int b = 0; b < 256; b++)
            entries.Add([(byte)b]);
        foreach ((int left, int right) in merges)
            entries.Add([.. entries[left], .. entries[right]]);
        return entries;
    }

    public static List<int> Encode((int Left, int Right)[] merges, ReadOnlySpan<byte> bytes)
    {
        var units = new List<int>();
        foreach (byte b in bytes)
            units.Add(b);
        for (int i = 0; i < merges.Length; i++)
        {
            (int left, int right) = merges[i];
            for (int at = 0; at + 1 < units.Count; at++)
            {
                if (units[at] != left || units[at + 1] != right)
                    continue;
                units[at] = 256 + i;
                units.RemoveAt(at + 1);
            }
        }
        return units;
    }
}

namespace Dum.Sigma.Battery.Entropy;

/// <summary>Sorts the first 64 bits of suffixes: into buckets by the highest digit, every bucket again by the next, small ones by insertion.</summary>
static class PrefixSort
{
    const int Digit = 11, Few = 24;

    /// <summary>Sorts.</summary>
    /// <param name="keys">In any order.</param>
    /// <param name="spare">As long.</param>
    public static void Sort(Span<ulong> keys, Span<ulong> spare) => Sort(keys, spare, 64 - Digit);

    static void Sort(Span<ulong> keys, Span<ulong> spare, int shift)
    {
        if (keys.Length <= Few)
        {
            Insert(keys);
            return;
        }
        Span<int> ends = stackalloc int[1 << Digit];
        ends.Clear();
        foreach (ulong key in keys)
            ends[At(key, shift)]++;
        int sum = 0;
        for (int b = 0; b < ends.Length; b++)
            (ends[b], sum) = (sum, sum + ends[b]);
        foreach (ulong key in keys)
            spare[ends[At(key, shift)]++] = key;
        spare[..keys.Length].CopyTo(keys);
        if (shift == 0)
            return;
        for (int b = 0, from = 0; b < ends.Length; from = ends[b], b++)
            if (ends[b] - from > 1)
                Sort(keys[from..ends[b]], spare, Math.Max(0, shift - Digit));
    }

    /// <summary>The last digit shares bits with the one before it, which are equal by then.</summary>
    static int At(ulong key, int shift) => (int)(key >> shift) & ((1 << Digit) - 1);

    static void Insert(Span<ulong> keys)
    {
        for (int i = 1; i < keys.Length; i++)
        {
            ulong key = keys[i];
            int to = i;
            for (; to > 0 && keys[to - 1] > key; to--)
                keys[to] = keys[to - 1];
            keys[to] = key;
        }
    }
}

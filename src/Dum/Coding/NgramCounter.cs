namespace Dum.Coding;

/// <summary>Counts which hyperword follows which context in a text and keeps what is worth its room.</summary>
static class NgramCounter
{
    /// <summary>Builds the table of one context shape.</summary>
    /// <param name="ids">The training text; -1 parts documents.</param>
    /// <param name="tree">Gives the leaf position of an id.</param>
    /// <param name="key">Context key from the id before last-but-two, last-but-one and last.</param>
    /// <param name="reach">How many ids back the context reaches.</param>
    /// <param name="least">Successors seen less often are dropped.</param>
    /// <param name="leastContext">Contexts seen less often are dropped.</param>
    public static NgramTable Count(ReadOnlySpan<int> ids, SymbolTree tree, Func<int, int, int, uint> key, int reach, int least, int leastContext)
    {
        // (context key, position) packed into one number and sorted: equal ones lie together.
        var pairs = new ulong[ids.Length];
        int n = 0;
        for (int i = reach; i < ids.Length; i++)
        {
            bool whole = true;
            for (int b = 0; b <= reach && whole; b++)
                whole = ids[i - b] >= 0;
            if (whole)
                pairs[n++] = (ulong)key(reach > 2 ? ids[i - 3] : 0, reach > 1 ? ids[i - 2] : 0, ids[i - 1]) << 16 | (uint)tree.PositionOf(ids[i]);
        }
        Array.Sort(pairs, 0, n);
        var keys = new List<uint>();
        var start = new List<int>();
        var position = new List<ushort>();
        var level = new List<byte>();
        for (int i = 0; i < n;)
        {
            uint context = (uint)(pairs[i] >> 16);
            int first = position.Count, end = i;
            while (end < n && (uint)(pairs[end] >> 16) == context)
                end++;
            if (end - i >= leastContext)
            {
                for (int j = i; j < end;)
                {
                    int next = j;
                    while (next < end && pairs[next] == pairs[j])
                        next++;
                    if (next - j >= least)
                    {
                        position.Add((ushort)pairs[j]);
                        level.Add((byte)NgramTable.LevelOf((uint)(next - j)));
                    }
                    j = next;
                }
                if (position.Count > first)
                {
                    keys.Add(context);
                    start.Add(first);
                }
            }
            i = end;
        }
        start.Add(position.Count);
        return new NgramTable([.. keys], [.. start], [.. position], [.. level]);
    }
}

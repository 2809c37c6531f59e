namespace Dum.Coding;

/// <summary>Counts which hyperword follows which context in a text and keeps what is worth its room.</summary>
static class NgramCounter
{
    /// <summary>Builds the statistics of one order.</summary>
    /// <param name="ids">The training text; -1 parts documents.</param>
    /// <param name="tree">Gives the leaf position of an id.</param>
    /// <param name="order">How many ids back the context reaches: 1, 2 or 3.</param>
    /// <param name="expected">Probability of the last id after the shorter context (the ids before it, nearest first).</param>
    /// <param name="worth">A successor is kept when it saves at least this many bits over <paramref name="expected"/> in the whole text…</param>
    /// <param name="least">… and was seen at least this often.</param>
    public static NgramTable Count(ReadOnlySpan<int> ids, SymbolTree tree, int order, Func<int, int, int, double> expected, double worth, int least)
    {
        (ulong[] pairs, int[] places, int n) = Gather(ids, tree, order);
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
            for (int j = i; j < end;)
            {
                int next = j;
                while (next < end && pairs[next] == pairs[j])
                    next++;
                int count = next - j;
                if (count >= least)
                {
                    int place = places[j];
                    double lower = expected(ids[place], ids[place - 1], order > 1 ? ids[place - 2] : 0);
                    if (count * Math.Log2((double)count / (end - i) / lower) >= worth)
                    {
                        position.Add((ushort)pairs[j]);
                        level.Add((byte)NgramTable.LevelOf((uint)count));
                    }
                }
                j = next;
            }
            if (position.Count > first)
            {
                keys.Add(context);
                start.Add(first);
            }
            i = end;
        }
        start.Add(position.Count);
        return new NgramTable([.. keys], [.. start], [.. position], [.. level]);
    }

    /// <summary>(context key, leaf position) packed into one number and sorted, so that equal ones lie together, each with a place where it stands.</summary>
    static (ulong[] Pairs, int[] Places, int Count) Gather(ReadOnlySpan<int> ids, SymbolTree tree, int order)
    {
        var pairs = new ulong[ids.Length];
        var places = new int[ids.Length];
        int n = 0, since = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            since = ids[i] < 0 ? 0 : since + 1;
            if (since <= order)
                continue;
            places[n] = i;
            pairs[n++] = (ulong)NgramTable.Key(order, ids[i - 1], order > 1 ? ids[i - 2] : 0, order > 2 ? ids[i - 3] : 0) << 16 | (uint)tree.PositionOf(ids[i]);
        }
        Array.Sort(pairs, places, 0, n);
        return (pairs, places, n);
    }
}

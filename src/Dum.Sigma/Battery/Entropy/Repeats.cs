using System.Numerics;
using Dum.Numerics;

namespace Dum.Sigma.Battery.Entropy;

/// <summary>
/// The estimators from repeated strings: t-tuple and longest repeated substring (6.3.5, 6.3.6 of SP 800-90B). Suffixes are
/// sorted by their first 64 bits; only where two agree beyond that, ranks are doubled (Manber and Myers).
/// </summary>
static class Repeats
{
    const int Often = 35;

    /// <summary>Both estimates for a symbol.</summary>
    /// <param name="symbols">At least two.</param>
    /// <param name="width">Bits of a symbol: 1 or 8.</param>
    public static (double? Tuple, double? Longest) Estimate(ReadOnlySpan<byte> symbols, int width)
    {
        int n = symbols.Length;
        int[] common = CommonPrefixes(symbols, width);
        int longest = 0;
        foreach (int c in common)
            longest = Math.Max(longest, c);
        if (longest == 0)
            return (null, null);
        long[] most = new long[longest + 2];
        ulong[] pairs = new ulong[longest + 2];
        Walk(common, most, pairs);
        for (int w = longest - 1; w > 0; w--)
            most[w] = Math.Max(most[w], most[w + 1]);
        for (int w = 1; w <= longest; w++)
            pairs[w] += pairs[w - 1];
        int seldom = 1;
        while (seldom <= longest && most[seldom] >= Often)
            seldom++;
        double best = 0;
        for (int w = 1; w < seldom; w++)
            best = Math.Max(best, FixedMath.Pow((double)most[w] / (n - w + 1), 1.0 / w));
        double? tuple = best > 0 ? -MinEntropy.Log2(MinEntropy.Upper(best, n)) : null;
        if (longest < seldom)
            return (tuple, null);
        best = 0;
        for (int w = seldom; w <= longest; w++)
            best = Math.Max(best, FixedMath.Pow(pairs[w] / (((double)n - w) * (n - w + 1.0) / 2), 1.0 / w));
        return (tuple, -MinEntropy.Log2(MinEntropy.Upper(best, n)));
    }

    /// <summary>
    /// Goes through the intervals of sorted suffixes that share a prefix: most[h] takes the size of the largest that shares h,
    /// the running sum of pairs[w] becomes the number of pairs of places with equal strings of length w.
    /// </summary>
    static void Walk(int[] common, long[] most, ulong[] pairs)
    {
        var heights = new int[most.Length + 1];
        var starts = new int[most.Length + 1];
        int top = 0;
        for (int i = 1; i <= common.Length; i++)
        {
            int height = i < common.Length ? common[i] : 0, start = i - 1;
            while (top > 0 && heights[top] > height)
            {
                start = starts[top];
                int size = i - start, h = heights[top], below = Math.Max(height, heights[top - 1]);
                most[h] = Math.Max(most[h], size);
                ulong count = (ulong)size * (ulong)(size - 1) / 2;
                // The shared prefix is longer than that of the interval around it by these lengths.
                pairs[below + 1] += count;
                pairs[h + 1] -= count;
                top--;
            }
            if (height > heights[top])
                (heights[++top], starts[top]) = (height, start);
        }
    }

    /// <summary>Symbols that every suffix shares with the one sorted before it.</summary>
    static int[] CommonPrefixes(ReadOnlySpan<byte> symbols, int width)
    {
        int n = symbols.Length, window = 64 / width;
        ulong[] keys = new ulong[n], spareKeys = new ulong[n];
        int[] order = new int[n], spareOrder = new int[n];
        ulong key = 0;
        // From the last on: of equal keys the shorter suffix stays before the longer, as its missing symbols count as zeros.
        for (int i = n - 1; i >= 0; i--)
        {
            key = (key >> width) | ((ulong)symbols[i] << (64 - width));
            (keys[n - 1 - i], order[n - 1 - i]) = (key, i);
        }
        Sort(ref keys, ref order, ref spareKeys, ref spareOrder);
        var common = new int[n];
        bool distinct = true;
        for (int i = 1; i < n; i++)
        {
            int left = n - Math.Max(order[i], order[i - 1]);
            common[i] = Math.Min(left, BitOperations.LeadingZeroCount(keys[i] ^ keys[i - 1]) / width);
            distinct &= common[i] < window || left <= window;
        }
        return distinct ? common : Deeper(symbols, keys, order, spareKeys, spareOrder, window);
    }

    static int[] Deeper(ReadOnlySpan<byte> symbols, ulong[] keys, int[] order, ulong[] spareKeys, int[] spareOrder, int known)
    {
        int n = symbols.Length;
        var rank = new int[n];
        for (; ; known *= 2)
        {
            int groups = 1;
            rank[order[0]] = 1;
            for (int i = 1; i < n; i++)
            {
                // A suffix shorter than what is known is unlike all others, equal key or not.
                bool same = keys[i] == keys[i - 1] && Math.Max(order[i], order[i - 1]) + known <= n;
                rank[order[i]] = same ? groups : ++groups;
            }
            if (groups == n || known >= n)
                break;
            for (int i = n - 1; i >= 0; i--)
                (keys[n - 1 - i], order[n - 1 - i]) = (((ulong)rank[i] << 32) | (i + known < n ? (uint)rank[i + known] : 0), i);
            Sort(ref keys, ref order, ref spareKeys, ref spareOrder);
        }
        // Kasai and others, 2001: going along the text, the shared prefix shrinks by one symbol at most.
        var common = new int[n];
        int shared = 0;
        for (int i = 0; i < n; i++)
        {
            int at = rank[i] - 1;
            if (at == 0)
            {
                shared = 0;
                continue;
            }
            int before = order[at - 1];
            while (i + shared < n && before + shared < n && symbols[i + shared] == symbols[before + shared])
                shared++;
            common[at] = shared;
            shared = Math.Max(0, shared - 1);
        }
        return common;
    }

    /// <summary>Into buckets by the top 16 bits, then inside each. Of equal keys the later suffix, which is the shorter, comes first.</summary>
    static void Sort(ref ulong[] keys, ref int[] order, ref ulong[] spareKeys, ref int[] spareOrder)
    {
        var starts = new int[(1 << 16) + 1];
        foreach (ulong key in keys)
            starts[(int)(key >> 48) + 1]++;
        for (int i = 1; i < starts.Length; i++)
            starts[i] += starts[i - 1];
        int[] next = [.. starts];
        for (int i = 0; i < keys.Length; i++)
        {
            int to = next[(int)(keys[i] >> 48)]++;
            (spareKeys[to], spareOrder[to]) = (keys[i], order[i]);
        }
        (keys, spareKeys) = (spareKeys, keys);
        (order, spareOrder) = (spareOrder, order);
        for (int b = 0; b + 1 < starts.Length; b++)
            if (starts[b + 1] - starts[b] > 1)
                keys.AsSpan(starts[b]..starts[b + 1]).Sort(order.AsSpan(starts[b]..starts[b + 1]));
        for (int from = 0, to; from < keys.Length; from = to)
        {
            for (to = from + 1; to < keys.Length && keys[to] == keys[from]; to++)
            {
            }
            if (to - from > 1)
                order.AsSpan(from..to).Sort((a, b) => b.CompareTo(a));
        }
    }
}

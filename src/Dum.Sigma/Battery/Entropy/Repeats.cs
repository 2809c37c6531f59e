using System.Numerics;
using Dum.Numerics;

namespace Dum.Sigma.Battery.Entropy;

/// <summary>
/// The estimators from repeated strings: t-tuple and longest repeated substring (6.3.5, 6.3.6 of SP 800-90B). The first 64
/// bits of all suffixes are sorted; only where two agree in all of them, the suffixes themselves are.
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

    /// <summary>Symbols that every suffix shares with the one before it in order.</summary>
    static int[] CommonPrefixes(ReadOnlySpan<byte> symbols, int width) =>
        OfFirstBits(symbols, width) ?? SuffixArray.CommonPrefixes(symbols, SuffixArray.Of(symbols));

    /// <summary>The same from the first 64 bits of every suffix; null where two agree in all of them, as those of random bits do not.</summary>
    static int[]? OfFirstBits(ReadOnlySpan<byte> symbols, int width)
    {
        int n = symbols.Length, window = 64 / width, whole = n - window + 1;
        if (whole < 1)
            return null;
        ulong[] keys = new ulong[whole];
        ulong key = 0;
        for (int i = 0; i < n; i++)
        {
            key = (key << width) | symbols[i];
            if (i >= window - 1)
                keys[i - window + 1] = key;
        }
        // Suffixes shorter than that, zeros behind them; of equal ones the shorter comes first.
        (ulong Key, int Length)[] ends = [.. Enumerable.Range(1, window - 1).Select(length => (key << (64 - (length * width)), length)).Order()];
        PrefixSort.Sort(keys, new ulong[whole]);
        var common = new int[n];
        (ulong Key, int Length) before = (0, 0);
        for (int i = 0, end = 0; i < n; i++)
        {
            int at = i - end;
            bool isEnd = end < ends.Length && (at == whole || ends[end].Key <= keys[at]);
            (ulong Key, int Length) now = isEnd ? ends[end++] : (keys[at], window);
            int same = Math.Min(Math.Min(now.Length, before.Length), BitOperations.LeadingZeroCount(now.Key ^ before.Key) / width);
            if (same == window)
                return null;
            (common[i], before) = (same, now);
        }
        return common;
    }
}

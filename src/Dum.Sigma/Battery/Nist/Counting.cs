using System.Numerics;
using Dum.Sigma.Statistics;

namespace Dum.Sigma.Battery.Nist;

/// <summary>The tests of SP 800-22 that only count ones and runs (2.1 to 2.4 and 2.13).</summary>
static class Counting
{
    /// <summary>2.1, frequency.</summary>
    public static double Frequency(BitSequence bits)
    {
        double sum = (2.0 * bits.Ones(0, bits.Length)) - bits.Length;
        return Special.Erfc(Math.Abs(sum) / Math.Sqrt(bits.Length) / Math.Sqrt(2));
    }

    /// <summary>2.2, frequency within blocks of <paramref name="size"/> bits.</summary>
    public static double BlockFrequency(BitSequence bits, int size)
    {
        int blocks = bits.Length / size;
        double squares = 0;
        for (int b = 0; b < blocks; b++)
        {
            double off = ((double)bits.Ones(b * size, size) / size) - 0.5;
            squares += off * off;
        }
        return Special.ChiSquareTail(4.0 * size * squares, blocks);
    }

    /// <summary>2.3, runs; NaN where the frequency is so far off that the law of runs does not hold (the publication says 0).</summary>
    public static double Runs(BitSequence bits)
    {
        int n = bits.Length;
        double share = (double)bits.Ones(0, n) / n;
        if (Math.Abs(share - 0.5) >= 2 / Math.Sqrt(n))
            return double.NaN;
        long runs = 1;
        ReadOnlySpan<ulong> words = bits.Words;
        int at = 0;
        for (; at + 64 < n; at += 64)
            runs += BitOperations.PopCount(words[at / 64] ^ bits.Load(at + 1));
        for (; at + 1 < n; at++)
            runs += bits[at] ^ bits[at + 1];
        double even = share * (1 - share);
        return Special.Erfc(Math.Abs(runs - (2 * n * even)) / (2 * Math.Sqrt(2.0 * n) * even));
    }

    /// <summary>2.4, the longest run of ones in blocks.</summary>
    /// <param name="bits">At least 128.</param>
    /// <param name="legacy">The class probabilities rounded to four digits, as published; exact ones otherwise.</param>
    public static double LongestRun(BitSequence bits, bool legacy)
    {
        (int size, int first, double[] published) = bits.Length switch
        {
            < 6272 => (8, 1, s_eight),
            < 750_000 => (128, 4, s_middle),
            _ => (10_000, 10, s_large),
        };
        int classes = published.Length, blocks = bits.Length / size;
        double[] law = legacy ? published : Exact(size, first, classes);
        var counts = new long[classes];
        var block = new ulong[(size + 63) / 64];
        for (int b = 0; b < blocks; b++)
        {
            for (int i = 0; i < block.Length; i++)
                block[i] = bits.Load((b * size) + (64 * i)) & ((size - (64 * i)) is var left && left >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - left));
            counts[Math.Clamp(Longest(block) - first, 0, classes - 1)]++;
        }
        return ChiSquare.Tail(counts, law, blocks);
    }

    /// <summary>2.13, cumulative sums from the front, or from the back.</summary>
    public static double CumulativeSums(BitSequence bits, bool backward)
    {
        int n = bits.Length, sum = 0, high = 0, low = 0;
        ReadOnlySpan<ulong> words = bits.Words;
        int at = 0;
        for (; at + 8 <= n; at += 8)
        {
            (sbyte end, sbyte top, sbyte bottom) = s_steps[(int)(words[at >> 6] >> (56 - (at & 63))) & 255];
            (high, low) = (Math.Max(high, sum + top), Math.Min(low, sum + bottom));
            sum += end;
        }
        for (; at < n; at++)
        {
            sum += (2 * bits[at]) - 1;
            (high, low) = (Math.Max(high, sum), Math.Min(low, sum));
        }
        // Backward sums are the whole less the forward ones.
        double z = backward ? Math.Max(sum - low, high - sum) : Math.Max(high, -low), root = Math.Sqrt(n);
        int per = (int)(n / z), reach = (int)(10 * root / (4 * z)) + 2;
        double p = 1;
        for (int k = Math.Max((-per + 1) / 4, -reach); k <= Math.Min((per - 1) / 4, reach); k++)
            p -= Normal(((4 * k) + 1) * z / root) - Normal(((4 * k) - 1) * z / root);
        for (int k = Math.Max((-per - 3) / 4, -reach); k <= Math.Min((per - 1) / 4, reach); k++)
            p += Normal(((4 * k) + 3) * z / root) - Normal(((4 * k) + 1) * z / root);
        return Math.Clamp(p, 0, 1);
    }

    static double Normal(double z) => Special.NormalTail(-z);

    /// <summary>The longest run of ones: each pass takes one off every run.</summary>
    static int Longest(Span<ulong> block)
    {
        for (int length = 0; ; length++)
        {
            ulong any = 0;
            for (int i = 0; i < block.Length; i++)
            {
                any |= block[i];
                block[i] &= (block[i] << 1) | (i + 1 < block.Length ? block[i + 1] >> 63 : 0);
            }
            if (any == 0)
                return length;
        }
    }

    /// <summary>P(longest run ≤ first), = first + 1, …, and the rest, by the recurrence over the first zero.</summary>
    static double[] Exact(int size, int first, int classes)
    {
        var law = new double[classes];
        double before = 0;
        for (int c = 0; c < classes - 1; c++)
        {
            int most = first + c;
            var below = new double[size + 1];
            for (int n = 0; n <= size; n++)
                below[n] = n <= most ? 1 : n == most + 1 ? 1 - Math.ScaleB(1, -n) : below[n - 1] - (below[n - most - 2] * Math.ScaleB(1, -(most + 2)));
            law[c] = below[size] - before;
            before = below[size];
        }
        law[^1] = 1 - before;
        return law;
    }

    /// <summary>What eight steps do to a walk: where it ends, how high and how low it went.</summary>
    static readonly (sbyte End, sbyte High, sbyte Low)[] s_steps = [.. Enumerable.Range(0, 256).Select(b =>
    {
        int sum = 0, high = -8, low = 8;
        for (int i = 7; i >= 0; i--)
        {
            sum += (2 * ((b >> i) & 1)) - 1;
            (high, low) = (Math.Max(high, sum), Math.Min(low, sum));
        }
        return ((sbyte)sum, (sbyte)high, (sbyte)low);
    })];

    static readonly double[] s_eight = [0.2148, 0.3672, 0.2305, 0.1875];
    static readonly double[] s_middle = [0.1174, 0.2430, 0.2493, 0.1752, 0.1027, 0.1124];
    static readonly double[] s_large = [0.0882, 0.2092, 0.2483, 0.1933, 0.1208, 0.0675, 0.0727];
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Dum.Numerics;
using Dum.Sigma.Statistics;

namespace Dum.Sigma.Battery.Nist;

/// <summary>The tests of SP 800-22 on matrices, long runs and repetitions (2.5, 2.8, 2.9).</summary>
static class Structure
{
    /// <summary>2.5, the rank of 32 × 32 matrices over GF(2).</summary>
    public static double Rank(BitSequence bits)
    {
        const int Size = 32;
        int matrices = bits.Length / (Size * Size), lanes = Vector256<uint>.Count;
        Span<long> counts = stackalloc long[3];
        Span<uint> rows = stackalloc uint[Size * lanes];
        for (int m = 0; m < matrices; m += lanes)
        {
            // Eight matrices side by side, row by row; behind the last one whatever is there, which is not counted.
            int here = Math.Min(lanes, matrices - m);
            for (int lane = 0; lane < here; lane++)
                for (int r = 0; r < Size; r++)
                    rows[(r * lanes) + lane] = (uint)(bits.Load(((m + lane) * Size * Size) + (r * Size)) >> 32);
            Vector256<uint> ranks = RanksOf(rows);
            for (int lane = 0; lane < here; lane++)
                counts[ranks[lane] switch { Size => 0, Size - 1 => 1, _ => 2 }]++;
        }
        double full = RankLaw(Size, Size), less = RankLaw(Size, Size - 1);
        return ChiSquare.Tail(counts, [full, less, 1 - full - less], matrices);
    }

    /// <summary>2.8, overlapping runs of nine ones in blocks of 1,032 bits.</summary>
    /// <param name="bits">The sequence.</param>
    /// <param name="legacy">The published, asymptotic probabilities; the exact ones otherwise.</param>
    public static double Overlapping(BitSequence bits, bool legacy)
    {
        const int Size = 1032, Length = 9;
        int blocks = bits.Length / Size;
        Span<long> counts = stackalloc long[6];
        for (int b = 0; b < blocks; b++)
        {
            int places = Size - Length + 1, found = 0;
            for (int at = 0; at < places; at += 48)
            {
                ulong x = bits.Load((b * Size) + at);
                // Bit i stays where it and the eight after it are ones.
                x &= x << 1;
                x &= x << 2;
                x &= x << 4;
                x &= bits.Load((b * Size) + at + 8);
                found += BitOperations.PopCount(x >> (64 - Math.Min(48, places - at)));
            }
            counts[Math.Min(found, 5)]++;
        }
        return ChiSquare.Tail(counts, legacy ? s_published : s_exact, blocks);
    }

    /// <summary>2.9, Maurer's universal statistic; null for fewer than 387,840 bits.</summary>
    public static double? Universal(BitSequence bits)
    {
        int n = bits.Length, length = 5;
        while (length < 16 && n >= 1010L * (1 << (length + 1)) * (length + 1))
            length++;
        if (length < 6)
            return null;
        int start = 10 << length, blocks = (n / length) - start;
        var last = new int[1 << length];
        double sum = Distances(bits, length, start, blocks, last);
        (double mean, double variance) = s_universal[length - 6];
        double shrink = 0.7 - (0.8 / length) + ((4 + (32.0 / length)) * FixedMath.Pow(blocks, -3.0 / length) / 15);
        return Special.Erfc(Math.Abs((sum / blocks) - mean) / (Math.Sqrt(2) * shrink * Math.Sqrt(variance / blocks)));
    }

    /// <summary>The sum of the logarithms of the distances at which the patterns behind the start came before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double Distances(BitSequence bits, int length, int start, int blocks, int[] last)
    {
        double[] logs = s_logs.Value;
        double sum = 0;
        for (int i = 1; i <= start + blocks; i++)
        {
            int pattern = (int)(bits.Load((i - 1) * length) >> (64 - length));
            if (i > start)
                sum += i - last[pattern] is var gap && gap < logs.Length ? logs[gap] : FixedMath.Log(gap) / Math.Log(2);
            last[pattern] = i;
        }
        return sum;
    }

    /// <summary>The ranks of eight square matrices, [row][matrix]; destroys them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static Vector256<uint> RanksOf(Span<uint> rows)
    {
        Span<Vector256<uint>> row = MemoryMarshal.Cast<uint, Vector256<uint>>(rows);
        Vector256<uint> ranks = default;
        for (int r = 0; r < row.Length; r++)
        {
            // A row of zeros has no lowest bit, and so changes nothing below it.
            Vector256<uint> pivot = row[r], low = pivot & (~pivot + Vector256<uint>.One);
            ranks += Vector256.AndNot(Vector256<uint>.One, Vector256.Equals(pivot, default));
            for (int below = r + 1; below < row.Length; below++)
                row[below] ^= Vector256.AndNot(pivot, Vector256.Equals(row[below] & low, default));
        }
        return ranks;
    }

    /// <summary>The probability that a random square matrix of a size has a rank.</summary>
    static double RankLaw(int size, int rank)
    {
        double law = Math.ScaleB(1, (rank * ((2 * size) - rank)) - (size * size));
        for (int i = 0; i < rank; i++)
            law *= (1 - Math.ScaleB(1, i - size)) * (1 - Math.ScaleB(1, i - size)) / (1 - Math.ScaleB(1, i - rank));
        return law;
    }

    // Poisson clumps of one a block, as if a block had no end: e⁻¹ · (1, 1/2, 3/8, 13/48, 73/384) and the rest.
    static readonly double[] s_published = [0.36787944117144233, 0.18393972058572117, 0.13795479043929088, 0.09963401531726563, 0.06993541459769607, 0.14065661788858397];
    static readonly double[] s_exact = [0.364091, 0.185659, 0.139381, 0.100571, 0.070432, 0.139865];

    /// <summary>Binary logarithms of the distances that come often.</summary>
    static readonly Lazy<double[]> s_logs = new(() => [0, .. Enumerable.Range(1, 4095).Select(i => FixedMath.Log(i) / Math.Log(2))]);

    static readonly (double Mean, double Variance)[] s_universal =
    [
        (5.2177052, 2.954), (6.1962507, 3.125), (7.1836656, 3.238), (8.1764248, 3.311), (9.1723243, 3.356), (10.170032, 3.384),
        (11.168765, 3.401), (12.168070, 3.410), (13.167693, 3.416), (14.167488, 3.419), (15.167379, 3.421),
    ];
}

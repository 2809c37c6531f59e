using System.Runtime.CompilerServices;
using Dum.Numerics;
using Dum.Sigma.Statistics;

namespace Dum.Sigma.Battery.Nist;

/// <summary>Counts of all patterns of up to 16 bits, and the tests of SP 800-22 that read them (2.7, 2.11, 2.12).</summary>
static class Patterns
{
    /// <summary>The 148 patterns of nine bits that cannot overlap themselves, in numeric order.</summary>
    public static IReadOnlyList<int> Templates { get; } = [.. Enumerable.Range(0, 512).Where(t => Aperiodic(t, 9))];

    /// <summary>Counts the windows of <paramref name="length"/> bits that begin at <paramref name="count"/> neighbouring places.</summary>
    /// <param name="bits">The sequence.</param>
    /// <param name="from">The first place.</param>
    /// <param name="count">Places.</param>
    /// <param name="length">At most 16.</param>
    /// <param name="table">2^length counts, which grow.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Count(BitSequence bits, int from, int count, int length, Span<uint> table)
    {
        int shift = 64 - length;
        ref uint first = ref table[0];
        if (table.Length != 1 << length)
            throw new ArgumentException("one count a pattern", nameof(table));
        // One load serves all windows that begin in its first 48 bits.
        for (; count >= 48; count -= 48, from += 48)
        {
            ulong x = bits.Load(from);
            for (int i = 0; i < 48; i++, x <<= 1)
                Unsafe.Add(ref first, (nint)(x >> shift))++;
        }
        for (; count > 0; count--, from++)
            table[(int)(bits.Load(from) >> shift)]++;
    }

    /// <summary>Counts of patterns one bit shorter: cyclic counts add up.</summary>
    public static uint[] Shorter(ReadOnlySpan<uint> table)
    {
        var shorter = new uint[table.Length / 2];
        for (int i = 0; i < shorter.Length; i++)
            shorter[i] = table[2 * i] + table[(2 * i) + 1];
        return shorter;
    }

    /// <summary>Cyclic counts of all windows of a length.</summary>
    public static uint[] Cyclic(BitSequence bits, int length)
    {
        var table = new uint[1 << length];
        Count(bits, 0, bits.Length, length, table);
        return table;
    }

    /// <summary>2.7, non-overlapping templates in eight blocks: as these cannot overlap themselves, plain counts are theirs.</summary>
    /// <returns>One probability for each of <see cref="Templates"/>.</returns>
    public static double[] NonOverlapping(BitSequence bits)
    {
        const int Blocks = 8, Length = 9;
        int size = bits.Length / Blocks;
        double mean = (size - Length + 1) / 512.0, variance = size * ((1 / 512.0) - (((2 * Length) - 1) / (512.0 * 512)));
        var squares = new double[Templates.Count];
        var table = new uint[512];
        for (int b = 0; b < Blocks; b++)
        {
            Array.Clear(table);
            Count(bits, b * size, size - Length + 1, Length, table);
            for (int t = 0; t < squares.Length; t++)
                squares[t] += (table[Templates[t]] - mean) * (table[Templates[t]] - mean);
        }
        return [.. squares.Select(s => Special.ChiSquareTail(s / variance, Blocks))];
    }

    /// <summary>2.7 for any template that cannot overlap itself, for blocks of any number.</summary>
    public static double NonOverlapping(BitSequence bits, int template, int length, int blocks)
    {
        int size = bits.Length / blocks;
        double all = 1 << length, mean = (size - length + 1) / all, variance = size * ((1 / all) - (((2 * length) - 1) / (all * all))), squares = 0;
        for (int b = 0; b < blocks; b++)
        {
            var table = new uint[1 << length];
            Count(bits, b * size, size - length + 1, length, table);
            squares += (table[template] - mean) * (table[template] - mean);
        }
        return Special.ChiSquareTail(squares / variance, blocks);
    }

    /// <summary>2.11, serial: the first and the second difference of ψ².</summary>
    /// <param name="longest">Cyclic counts of the longest patterns, at least 3 bits.</param>
    public static (double First, double Second) Serial(ReadOnlySpan<uint> longest)
    {
        int m = System.Numerics.BitOperations.Log2((uint)longest.Length);
        uint[] one = Shorter(longest), two = Shorter(one);
        double a = Psi(longest), b = Psi(one), c = Psi(two);
        return (Special.GammaQ(Math.ScaleB(1, m - 2), (a - b) / 2), Special.GammaQ(Math.ScaleB(1, m - 3), (a - (2 * b) + c) / 2));
    }

    /// <summary>2.12, approximate entropy.</summary>
    /// <param name="longer">Cyclic counts of the patterns of m + 1 bits.</param>
    public static double ApproximateEntropy(ReadOnlySpan<uint> longer)
    {
        uint[] shorter = Shorter(longer);
        long n = 0;
        foreach (uint count in shorter)
            n += count;
        double entropy = Entropy(shorter, n) - Entropy(longer, n);
        return Special.GammaQ(shorter.Length / 2.0, n * (Math.Log(2) - entropy));
    }

    static double Entropy(ReadOnlySpan<uint> table, long n)
    {
        double sum = 0;
        foreach (uint count in table)
            if (count > 0)
                sum += (double)count / n * FixedMath.Log((double)count / n);
        return sum;
    }

    static double Psi(ReadOnlySpan<uint> table)
    {
        long n = 0, squares = 0;
        foreach (uint count in table)
        {
            n += count;
            squares += (long)count * count;
        }
        return ((double)squares * table.Length / n) - n;
    }

    static bool Aperiodic(int template, int length)
    {
        for (int shift = 1; shift < length; shift++)
            if ((template >> shift) == (template & ((1 << (length - shift)) - 1)))
                return false;
        return true;
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dum.Sigma.Statistics;

namespace Dum.Sigma.Battery.Nist;

/// <summary>
/// The length of the shortest linear feedback register that makes a sequence (Berlekamp and Massey), 256 bits at a time.
/// Instead of the two connection polynomials it keeps their products with the sequence: the next discrepancy is then
/// simply the top bit, and only one of the two ever moves.
/// </summary>
sealed unsafe class LinearComplexity
{
    /// <summary>Words beyond the sequence that a vector may touch.</summary>
    const int Slack = 8;

    ulong[] _now = [], _before = [];

    /// <summary>The linear complexity of some bits.</summary>
    /// <param name="bits">The sequence.</param>
    /// <param name="from">The first.</param>
    /// <param name="count">How many.</param>
    public int Of(BitSequence bits, int from, int count)
    {
        MakeRoom(count);
        int words = (count + 63) / 64;
        for (int i = 0; i < words; i++)
            _now[i] = bits.Load(from + (64 * i));
        return Run(count);
    }

    /// <summary>The linear complexity of bits given as words, highest bit first.</summary>
    public int Of(ReadOnlySpan<ulong> words, int count)
    {
        MakeRoom(count);
        words.CopyTo(_now);
        return Run(count);
    }

    /// <summary>2.10 of SP 800-22, in blocks of <paramref name="size"/> bits.</summary>
    /// <param name="bits">The sequence.</param>
    /// <param name="size">Bits of a block.</param>
    /// <param name="legacy">The first class's published 0.01047 instead of the right 1/96.</param>
    public double Test(BitSequence bits, int size, bool legacy)
    {
        int blocks = bits.Length / size;
        double sign = size % 2 == 0 ? 1 : -1;
        double mean = (size / 2.0) + ((9 - sign) / 36) - (((size / 3.0) + (2 / 9.0)) * FixedPower(size));
        Span<long> counts = stackalloc long[7];
        Span<int> lengths = stackalloc int[FourComplexities.Lanes];
        var four = new FourComplexities(size);
        for (int b = 0; b < blocks; b++)
        {
            if (b % lengths.Length == 0 && b + lengths.Length <= blocks)
                four.Of(bits, b * size, lengths);
            int length = b < blocks / lengths.Length * lengths.Length ? lengths[b % lengths.Length] : Of(bits, b * size, size);
            double t = (sign * (length - mean)) + (2 / 9.0);
            counts[t <= -2.5 ? 0 : t <= -1.5 ? 1 : t <= -0.5 ? 2 : t <= 0.5 ? 3 : t <= 1.5 ? 4 : t <= 2.5 ? 5 : 6]++;
        }
        return ChiSquare.Tail(counts, [legacy ? 0.01047 : 1 / 96.0, 0.03125, 0.125, 0.5, 0.25, 0.0625, legacy ? 0.020833 : 1 / 48.0], blocks);
    }

    /// <summary>
    /// How unusual a linear complexity is for random bits, two-sided: the distances from n/2 fall off by a factor of four
    /// (Rueppel, 1986).
    /// </summary>
    public static double Tail(int complexity, int count)
    {
        // Exact for long sequences: P(L = l) is 2^(−min(2n − 2l, 2l − 1)), so both tails are geometric sums.
        double tail = 2 * complexity <= count ? 2.0 / 3 * Math.ScaleB(1, (2 * complexity) - count) : 4.0 / 3 * Math.ScaleB(1, count - (2 * complexity));
        return Math.Min(1, 2 * tail);
    }

    static double FixedPower(int size) => size > 1000 ? 0 : Math.ScaleB(1, -size);

    void MakeRoom(int count)
    {
        int words = ((count + 63) / 64) + Slack;
        if (_now.Length < words)
            (_now, _before) = (new ulong[words], new ulong[words]);
        _now.AsSpan((count + 63) / 64).Clear();
        Array.Clear(_before);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    int Run(int count)
    {
        int words = (count + 63) / 64;
        for (int i = words; i > 0; i--)
            _before[i] = (_now[i] >> 1) | (_now[i - 1] << 63);
        _before[0] = _now[0] >> 1;
        int length = 0, at = 0;
        fixed (ulong* u = _now, v = _before)
            while (true)
            {
                // To the next discrepancy, at most a word at a time.
                int zeros = BitOperations.LeadingZeroCount(u[0]);
                if (zeros > 0)
                {
                    zeros = Math.Min(zeros, 63);
                    at += zeros;
                    if (at >= count)
                        return length;
                    Shift(u, zeros, count - at);
                    continue;
                }
                bool longer = 2 * length <= at;
                ulong rest = (u[0] ^ v[0]) << 1;
                int by = Math.Min(63, 1 + BitOperations.LeadingZeroCount(rest));
                if (longer)
                    length = at + 1 - length;
                at += by;
                if (at >= count)
                    return length;
                Add(u, v, by, count - at, longer);
            }
    }

    static void Shift(ulong* u, int by, int left)
    {
        for (int i = 0; i * 64 < left + 64; i += 4)
            (Vector256.ShiftLeft(Vector256.Load(u + i), by) | Vector256.ShiftRightLogical(Vector256.Load(u + i + 1), 64 - by)).Store(u + i);
    }

    /// <summary>u = (u + v) shifted; where the register grows, v becomes what u was.</summary>
    static void Add(ulong* u, ulong* v, int by, int left, bool longer)
    {
        for (int i = 0; i * 64 < left + 64; i += 4)
        {
            Vector256<ulong> old = Vector256.Load(u + i), sum = old ^ Vector256.Load(v + i), next = Vector256.Load(u + i + 1) ^ Vector256.Load(v + i + 1);
            (Vector256.ShiftLeft(sum, by) | Vector256.ShiftRightLogical(next, 64 - by)).Store(u + i);
            if (longer)
                old.Store(v + i);
        }
    }
}

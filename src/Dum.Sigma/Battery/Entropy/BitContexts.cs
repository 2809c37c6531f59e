using System.Runtime.CompilerServices;

namespace Dum.Sigma.Battery.Entropy;

/// <summary>6.3.9 and 6.3.10 of SP 800-90B for bits: counts of what followed every context of 1 to 16 bits, in plain tables.</summary>
static class BitContexts
{
    const int Depth = 16, MostPairs = 100_000, MostContexts = 65_536;

    /// <summary>Multiple Markov models with counting.</summary>
    /// <param name="bits">One a byte, at least 18.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Markov(ReadOnlySpan<byte> bits)
    {
        // The counts of a context of d + 1 bits begin at 2·(2^(d+1) − 2).
        var counts = new int[4 << Depth];
        var entries = new int[Depth];
        var score = new long[Depth];
        int winner = 0;
        long hits = 0, run = 0, longest = 0;
        uint pattern = 0;
        for (int d = 0; d < Depth; d++)
        {
            pattern = (pattern << 1) | bits[d];
            counts[At(d, pattern) + bits[d + 1]] = 1;
            entries[d] = 1;
        }
        pattern = bits[0];
        for (int i = 2; i < bits.Length; i++)
        {
            pattern = (pattern << 1) | bits[i - 1];
            int next = bits[i], chosen = winner;
            bool found = true;
            for (int d = 0; d < Depth && d <= i - 2; d++)
            {
                int at = At(d, pattern & ((2u << d) - 1)), zeros = counts[at], ones = counts[at + 1];
                found = found && (zeros | ones) != 0;
                if (found)
                {
                    if ((zeros > ones ? 0 : 1) == next)
                    {
                        if (++score[d] >= score[winner])
                            winner = d;
                        if (d == chosen)
                        {
                            hits++;
                            longest = Math.Max(longest, ++run);
                        }
                    }
                    else if (d == chosen)
                        run = 0;
                    if (counts[at + next] != 0)
                    {
                        counts[at + next]++;
                        continue;
                    }
                }
                if (entries[d] < MostPairs)
                {
                    counts[at + next] = 1;
                    entries[d]++;
                }
            }
        }
        return MinEntropy.OfPredictor(hits, bits.Length - 2, longest, 2);
    }

    /// <summary>LZ78Y.</summary>
    /// <param name="bits">One a byte, at least 20.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Ziv(ReadOnlySpan<byte> bits)
    {
        var counts = new int[4 << Depth];
        int contexts = 0;
        long hits = 0, run = 0, longest = 0;
        uint pattern = 0;
        for (int i = 0; i < Depth; i++)
            pattern = (pattern << 1) | bits[i];
        for (int d = 0; d < Depth; d++, contexts++)
            counts[At(d, pattern & ((2u << d) - 1)) + bits[Depth]] = 1;
        for (int i = Depth + 1; i < bits.Length; i++)
        {
            pattern = ((pattern << 1) | bits[i - 1]) & ((1u << Depth) - 1);
            int next = bits[i], most = 0, prediction = 2;
            for (int d = Depth - 1; d >= 0; d--)
            {
                int at = At(d, pattern & ((2u << d) - 1)), zeros = counts[at], ones = counts[at + 1], count = Math.Max(zeros, ones);
                if (count > 0)
                {
                    if (count > most)
                        (most, prediction) = (count, zeros > ones ? 0 : 1);
                    counts[at + next]++;
                }
                else if (contexts < MostContexts)
                {
                    counts[at + next] = 1;
                    contexts++;
                }
            }
            run = prediction == next ? run + 1 : 0;
            hits += run > 0 ? 1 : 0;
            longest = Math.Max(longest, run);
        }
        return MinEntropy.OfPredictor(hits, bits.Length - Depth - 1, longest, 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int At(int depth, uint pattern) => (int)(2 * ((2u << depth) - 2 + pattern));
}

using System.Runtime.CompilerServices;

namespace Dum.Sigma.Battery.Entropy;

/// <summary>
/// 6.3.9 and 6.3.10 of SP 800-90B for bits: what followed every context of 1 to 16 bits, in plain tables. What is done for each
/// length has no branch that depends on the bits.
/// </summary>
static class BitContexts
{
    const int Depth = 16, MostPairs = 100_000, MostContexts = 65_536;

    /// <summary>Multiple Markov models with counting.</summary>
    /// <param name="bits">One a byte, at least 18.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe double Markov(ReadOnlySpan<byte> bits)
    {
        const int Last = Depth - 1;
        var board = new Scoreboard();
        // Only the longest contexts have more pairs than may be kept, and so counts of their own.
        int pairs = 1;
        uint pattern = 0;
        var leads = new BitLeads();
        fixed (int* counts = new int[4 << Depth])
        {
            for (int d = 0; d < Depth; d++)
            {
                pattern = (pattern << 1) | bits[d];
                if (d < Last)
                    leads.Of(d, pattern) = bits[d + 1] != 0 ? 3 : -1;
                else
                    counts[At(2u << d, pattern) + bits[d + 1]] = 1;
            }
            pattern = bits[0];
            fixed (int* lead = leads.All)
                for (int i = 2; i < bits.Length; i++)
                {
                    pattern = (pattern << 1) | bits[i - 1];
                    int next = bits[i];
                    (uint known, uint zero) = i > Last ? BitLeads.Step(lead, pattern, next) : leads.Step(i - 1, pattern, next);
                    if (i > Depth)
                    {
                        int* pair = counts + At(2u << Last, pattern);
                        known |= Positive(pair[0] | pair[1]) << Last;
                        zero |= Positive(pair[0] - pair[1]) << Last;
                        // Which pairs are kept is as random as the bits: no branch.
                        int kept = (int)Positive(pair[next]) | (pairs < MostPairs ? 1 : 0);
                        pairs += 1 - (int)Positive(pair[next]);
                        pair[next] += kept;
                    }
                    board.Step(known, (next == 0 ? zero : ~zero) & known);
                }
        }
        return MinEntropy.OfPredictor(board.Hits, bits.Length - 2, board.Longest, 2);
    }

    /// <summary>LZ78Y.</summary>
    /// <param name="bits">One a byte, at least 20.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe double Ziv(ReadOnlySpan<byte> bits)
    {
        int contexts = 0;
        long hits = 0, run = 0, longest = 0;
        uint pattern = 0;
        for (int i = 0; i < Depth - 1; i++)
            pattern = (pattern << 1) | bits[i];
        fixed (int* counts = new int[4 << Depth])
            for (int i = Depth; i < bits.Length; i++)
            {
                pattern = (pattern << 1) | bits[i - 1];
                int next = bits[i], most = 1, prediction = 2;
                for (uint span = 2; span <= 1u << Depth; span *= 2)
                {
                    int at = At(span, pattern), zeros = counts[at], lead = counts[at + 1] - zeros, count = zeros + (lead & ~(lead >> 31));
                    // Of equals the longest context.
                    if (count >= most)
                        (most, prediction) = (count, 1 - (int)((uint)lead >> 31));
                    counts[at + next] += (int)Positive(count);
                }
                // The longest come in first, as long as there is room.
                for (uint span = 1u << Depth; span >= 2 && contexts < MostContexts; span /= 2)
                {
                    int at = At(span, pattern);
                    if ((counts[at] | counts[at + 1]) != 0)
                        continue;
                    counts[at + next] = 1;
                    contexts++;
                }
                // The first place has nothing before it that could predict it, and does not count.
                if (i == Depth)
                    continue;
                run = prediction == next ? run + 1 : 0;
                hits += run > 0 ? 1 : 0;
                longest = Math.Max(longest, run);
            }
        return MinEntropy.OfPredictor(hits, bits.Length - Depth - 1, longest, 2);
    }

    /// <summary>Where the counts of a context begin, of zeros and behind them of ones.</summary>
    /// <param name="span">2 to the power of its bits.</param>
    /// <param name="pattern">The bits, older ones above them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int At(uint span, uint pattern) => (int)(2 * (span | (pattern & (span - 1))));

    /// <summary>1 above 0, and 0 otherwise, without a branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Positive(int x) => (uint)-x >> 31;
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Sigma.Battery.Entropy;

/// <summary>6.3.8 of SP 800-90B: predicts the symbol 1 to 128 before, at whichever distance has been right most often.</summary>
static unsafe class LagPredictor
{
    const int Lags = 128;

    /// <summary>Bits a symbol.</summary>
    /// <param name="data">At least three symbols.</param>
    /// <param name="symbols">Size of the alphabet.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Estimate(ReadOnlySpan<byte> data, int symbols)
    {
        // score[127 − d] belongs to the symbol d + 1 before, so that scores lie as the symbols they belong to.
        int* score = stackalloc int[Lags];
        new Span<int>(score, Lags).Clear();
        int high = 0, winner = 0;
        long hits = 0, run = 0, longest = 0;
        fixed (byte* x = data)
            for (int i = 1; i < data.Length; i++)
            {
                run = x[i] == x[i - winner - 1] ? run + 1 : 0;
                hits += run > 0 ? 1 : 0;
                longest = Math.Max(longest, run);
                if (i < Lags)
                {
                    for (int d = 0; d < i; d++)
                        if (x[i] == x[i - d - 1] && ++score[Lags - 1 - d] >= high)
                            (high, winner) = (score[Lags - 1 - d], d);
                    continue;
                }
                Vector256<byte> now = Vector256.Create(x[i]);
                // The nearest first: of equal scores the farthest wins.
                for (int part = 3; part >= 0; part--)
                {
                    Vector256<byte> same = Vector256.Equals(Vector256.Load(x + i - Lags + (32 * part)), now);
                    if (same == default)
                        continue;
                    int* s = score + (32 * part);
                    (Vector256<short> low, Vector256<short> up) = Vector256.Widen(same.AsSByte());
                    (Vector256<int> a, Vector256<int> b) = Vector256.Widen(low);
                    (Vector256<int> c, Vector256<int> d) = Vector256.Widen(up);
                    uint leading = Raise(s, a, high) | (Raise(s + 8, b, high) << 8) | (Raise(s + 16, c, high) << 16) | (Raise(s + 24, d, high) << 24);
                    while (leading != 0)
                    {
                        int at = 31 - BitOperations.LeadingZeroCount(leading);
                        leading ^= 1u << at;
                        if (s[at] >= high)
                            (high, winner) = (s[at], Lags - 1 - (32 * part) - at);
                    }
                }
            }
        return MinEntropy.OfPredictor(hits, data.Length - 1, longest, symbols);
    }

    /// <summary>
    /// As <see cref="Estimate"/>, for bits, 64 places at a time: only distances that can come to the highest score within them
    /// are followed place by place.
    /// </summary>
    /// <param name="bits">One a byte, at least three.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double OfBits(ReadOnlySpan<byte> bits)
    {
        // Two words of nothing before the first; the bit of the earlier place is the lower.
        ulong[] words = new ulong[(bits.Length / 64) + 3];
        for (int i = 0; i < bits.Length; i++)
            words[(i / 64) + 2] |= (ulong)bits[i] << i;
        int[] score = new int[Lags], rival = new int[Lags];
        ulong[] same = new ulong[Lags];
        int high = 0, winner = 0;
        long hits = 0, run = 0, longest = 0;
        for (int from = 0; from < bits.Length; from += 64)
        {
            int at = (from / 64) + 2, count = Math.Min(64, bits.Length - from), rivals = 0, leader = 0;
            ulong inside = ulong.MaxValue >> (64 - count);
            for (int d = 0; d < Lags; d++)
            {
                int whole = (d + 1) / 64, rest = (d + 1) % 64, missing = d + 1 - from;
                ulong before = rest == 0 ? words[at - whole] : (words[at - whole] << rest) | (words[at - whole - 1] >> (64 - rest));
                ulong agree = ~(words[at] ^ before) & inside & (missing <= 0 ? ulong.MaxValue : missing < 64 ? ulong.MaxValue << missing : 0);
                if (score[d] + 64 < high)
                {
                    score[d] += BitOperations.PopCount(agree);
                    continue;
                }
                leader = d == winner ? rivals : leader;
                (rival[rivals], same[rivals++]) = (d, agree);
            }
            for (int t = from == 0 ? 1 : 0; t < count; t++)
            {
                run = ((same[leader] >> t) & 1) != 0 ? run + 1 : 0;
                hits += run > 0 ? 1 : 0;
                longest = Math.Max(longest, run);
                // The nearest first: of equal scores the farthest wins.
                for (int r = 0; r < rivals; r++)
                    if (((same[r] >> t) & 1) != 0 && ++score[rival[r]] >= high)
                        (high, winner, leader) = (score[rival[r]], rival[r], r);
            }
        }
        return MinEntropy.OfPredictor(hits, bits.Length - 1, longest, 2);
    }

    /// <summary>Adds one where the mask is −1 and says which of those have come to the highest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Raise(int* score, Vector256<int> mask, int high)
    {
        Vector256<int> raised = Vector256.Load(score) - mask;
        raised.Store(score);
        return (Vector256.GreaterThanOrEqual(raised, Vector256.Create(high)) & mask).ExtractMostSignificantBits();
    }
}

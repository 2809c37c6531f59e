using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Sigma.Battery.Nist;

/// <summary>
/// The linear complexity of four sequences of one length side by side, bit by bit, as <see cref="LinearComplexity"/> finds that
/// of one: short ones lose more to waiting for each other's words than vectors along the sequence gain.
/// </summary>
/// <param name="count">Bits of each sequence.</param>
sealed unsafe class FourComplexities(int count)
{
    /// <summary>Sequences at a time.</summary>
    public const int Lanes = 4;

    // Word i of all four, then word i + 1; one more that stays zero is shifted in.
    readonly ulong[] _now = new ulong[Lanes * (((count + 63) / 64) + 1)], _before = new ulong[Lanes * (((count + 63) / 64) + 1)];

    /// <summary>The linear complexities of four neighbouring stretches.</summary>
    /// <param name="bits">The sequence that holds them.</param>
    /// <param name="from">The first bit of the first.</param>
    /// <param name="lengths">Takes the four.</param>
    public void Of(BitSequence bits, int from, Span<int> lengths)
    {
        int words = (count + 63) / 64;
        for (int lane = 0; lane < Lanes; lane++)
        {
            ulong last = 0;
            for (int i = 0; i < words; i++)
            {
                ulong word = bits.Load(from + (lane * count) + (64 * i));
                (_now[(i * Lanes) + lane], _before[(i * Lanes) + lane]) = (word, (word >> 1) | (last << 63));
                last = word;
            }
        }
        Vector256<long> found = Run();
        for (int lane = 0; lane < Lanes; lane++)
            lengths[lane] = (int)found[lane];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    Vector256<long> Run()
    {
        Vector256<long> length = default;
        fixed (ulong* u = _now, v = _before)
            for (int at = 0; at < count; at++)
            {
                Vector256<ulong> now = Vector256.Load(u), before = Vector256.Load(v);
                // A discrepancy is a top bit; where the register is too short for it, it grows.
                Vector256<ulong> differs = Vector256.LessThan(now.AsInt64(), Vector256<long>.Zero).AsUInt64();
                Vector256<ulong> longer = differs & Vector256.LessThan(length + length, Vector256.Create((long)at + 1)).AsUInt64();
                length = Vector256.ConditionalSelect(longer.AsInt64(), Vector256.Create((long)at + 1) - length, length);
                Vector256<ulong> sum = now ^ (before & differs);
                int end = (count - at + 63) / 64 * Lanes;
                for (int i = 0; i < end; i += Lanes)
                {
                    Vector256<ulong> next = Vector256.Load(u + i + Lanes), nextBefore = Vector256.Load(v + i + Lanes), nextSum = next ^ (nextBefore & differs);
                    (Vector256.ShiftLeft(sum, 1) | Vector256.ShiftRightLogical(nextSum, 63)).Store(u + i);
                    Vector256.ConditionalSelect(longer, now, before).Store(v + i);
                    (now, before, sum) = (next, nextBefore, nextSum);
                }
            }
        return length;
    }
}

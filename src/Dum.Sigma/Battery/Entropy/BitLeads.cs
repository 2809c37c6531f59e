using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Dum.Sigma.Battery.Entropy;

/// <summary>
/// By how much ones lead over zeros behind every context of 1 to 15 bits: twice that and one, and 0 for a context that never
/// came. Contexts of three neighbouring lengths that share their nearer bits lie in one vector: one of the shortest, two of the
/// next, four of the longest, so that a step reads five vectors instead of fifteen numbers.
/// </summary>
sealed unsafe class BitLeads
{
    const int Groups = 5, Together = 3, Lanes = 8;

    /// <summary>Where a group's vectors begin: it has one for each pattern of its shortest length, 2, 16, 128 …</summary>
    static readonly int[] s_starts = [0, 2 * Lanes, 18 * Lanes, 146 * Lanes, 1170 * Lanes];

    /// <summary>The lanes of a step by the two farther bits, for a zero and behind them for a one: −2 and 2.</summary>
    static readonly Vector256<int>[] s_steps = [.. Enumerable.Range(0, 8).Select(i => Vector256.Create(Active(i & 3)) * (i < 4 ? 2 : -2))];

    /// <summary>Numbers of all contexts.</summary>
    public int[] All { get; } = new int[(1170 + 8192) * Lanes];

    /// <summary>The number of the context of d + 1 bits.</summary>
    /// <param name="d">0 to 14.</param>
    /// <param name="pattern">The bits, older ones above them.</param>
    public ref int Of(int d, uint pattern)
    {
        int group = d / Together, farther = (int)(pattern >> ((Together * group) + 1)) & 3;
        return ref All[First(group, pattern) + (d % Together) switch { 0 => 0, 1 => 1 + (farther & 1), _ => 3 + farther }];
    }

    /// <summary>A step of the first few lengths.</summary>
    /// <returns>Bit d says that the context of d + 1 bits is known, and that zeros lead behind it.</returns>
    public (uint Known, uint Zero) Step(int depths, uint pattern, int next)
    {
        uint known = 0, zero = 0;
        for (int d = 0; d < depths; d++)
        {
            ref int lead = ref Of(d, pattern);
            known |= (uint)(lead & 1) << d;
            zero |= (uint)lead >> 31 << d;
            lead = (lead | 1) + (4 * next) - 2;
        }
        return (known, zero);
    }

    /// <summary>A step of all lengths.</summary>
    /// <param name="leads"><see cref="All"/>.</param>
    /// <param name="pattern">The bits before.</param>
    /// <param name="next">The bit.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (uint Known, uint Zero) Step(int* leads, uint pattern, int next)
    {
        ulong known = 0, zero = 0, active = 0;
        for (int group = 0; group < Groups; group++)
        {
            uint farther = (pattern >> ((Together * group) + 1)) & 3;
            int* at = leads + First(group, pattern);
            Vector256<int> old = Vector256.Load(at), step = s_steps[(4 * next) + (int)farther];
            // The lowest bit is set in the lanes of the step: −2 and 2 have their second bit there.
            ((old | (Vector256.ShiftRightLogical(step, 1) & Vector256<int>.One)) + step).Store(at);
            known |= (ulong)Vector256.ShiftLeft(old, 31).ExtractMostSignificantBits() << (Lanes * group);
            zero |= (ulong)old.ExtractMostSignificantBits() << (Lanes * group);
            active |= (0x45_23_15_0BUL >> (int)(Lanes * farther) & 0xFF) << (Lanes * group);
        }
        return (Gather(known, active), Gather(zero, active));
    }

    /// <summary>The bits that are set in a mask, moved together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Gather(ulong bits, ulong mask) => Bmi2.X64.IsSupported ? (uint)Bmi2.X64.ParallelBitExtract(bits, mask) : GatherPlain(bits, mask);

    static uint GatherPlain(ulong bits, ulong mask)
    {
        uint gathered = 0;
        for (int i = 0; mask != 0; i++, mask &= mask - 1)
            gathered |= (uint)(bits >> BitOperations.TrailingZeroCount(mask) & 1) << i;
        return gathered;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int First(int group, uint pattern) => s_starts[group] + (Lanes * (int)(pattern & ((2u << (Together * group)) - 1)));

    /// <summary>−1 in the three lanes of a step, by the two farther bits.</summary>
    static int[] Active(int farther) => [.. Enumerable.Range(0, Lanes).Select(lane => lane == 0 || lane == 1 + (farther & 1) || lane == 3 + farther ? -1 : 0)];
}

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Dum.Coding;

/// <summary>Amounts of evidence on a logarithmic scale: 0, 1, 2, then three levels to the octave.</summary>
static class EvidenceLevel
{
    /// <summary>Levels are in [0, Count).</summary>
    public const int Count = 40;

    static readonly byte[] s_small = MakeSmall();

    /// <summary>The levels of amounts below <see cref="Small"/>, for a loop that asks at every step.</summary>
    public static byte[] SmallTable => s_small;

    public const int Small = 2048;

    /// <param name="small">The first entry of <see cref="SmallTable"/>.</param>
    /// <param name="amount">Any amount.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(ref byte small, uint amount) => amount < Small ? Unsafe.Add(ref small, amount) : Exact(amount);

    /// <summary>A map over (left, right) levels in which each cell starts at the share its amounts suggest.</summary>
    public static void Start(Span<ushort> cells)
    {
        for (int left = 0; left < Count; left++)
            for (int right = 0; right < Count; right++)
            {
                // Five counts to the unit: (r + 0.4) / (l + r + 0.8) in whole numbers.
                long l = Least(left), r = Least(right);
                cells[left * Count + right] = (ushort)((5 * r + 2) * 65535 / (5 * (l + r) + 4));
            }
    }

    static byte[] MakeSmall()
    {
        var levels = new byte[Small];
        for (uint n = 0; n < levels.Length; n++)
            levels[n] = (byte)Exact(n);
        return levels;
    }

    static int Exact(uint amount)
    {
        if (amount < 3)
            return (int)amount;
        int octave = BitOperations.Log2(amount);
        // The borders inside an octave are 1, 1.26 and 1.59 times its start; in 1/1024.
        ulong rest = ((ulong)amount << 10) >> octave;
        return Math.Min(octave * 3 + (rest < 1290 ? 0 : rest < 1626 ? 1 : 2), Count - 1);
    }

    static uint Least(int level)
    {
        uint amount = 0;
        while (amount < 1 << 14 && Exact(amount) < level)
            amount += 1 + amount / 64;
        return amount;
    }
}

using System.Runtime.CompilerServices;

namespace Dum.Coding;

/// <summary>Small counts on a logarithmic scale, and maps from pairs of such counts to learned probabilities.</summary>
static class AdaptiveMap
{
    /// <summary>Levels of <see cref="Level"/>.</summary>
    public const int Levels = 40;

    /// <summary>0 → 0, 1 → 1, 2 → 2, then three levels an octave up to <see cref="Levels"/> − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Level(uint n) => s_levels.Length > n ? s_levels[n] : LargeLevel(n);

    static readonly byte[] s_levels = MakeLevels();

    static byte[] MakeLevels()
    {
        var levels = new byte[4096];
        for (uint n = 0; n < levels.Length; n++)
            levels[n] = (byte)LargeLevel(n);
        return levels;
    }

    static int LargeLevel(uint n)
    {
        if (n < 3)
            return (int)n;
        int octave = System.Numerics.BitOperations.Log2(n);
        // Within an octave the borders are 1, 1.26 and 1.59 times its start.
        ulong rest = (ulong)n << 10 >> octave;
        int third = rest < 1290 ? 0 : rest < 1626 ? 1 : 2;
        return Math.Min(octave * 3 + third, Levels - 1);
    }

    /// <summary>A map over (left, right) levels, each cell starting at the probability its counts suggest.</summary>
    public static void Start(Span<ushort> cells)
    {
        for (int left = 0; left < Levels; left++)
            for (int right = 0; right < Levels; right++)
            {
                double l = Middle(left), r = Middle(right);
                cells[left * Levels + right] = (ushort)((r + 0.4) / (l + r + 0.8) * 65535);
            }
    }

    static double Middle(int level)
    {
        uint n = 0;
        while (n < 1 << 14 && LargeLevel(n) < level)
            n = n < 64 ? n + 1 : n + n / 8;
        return n;
    }
}

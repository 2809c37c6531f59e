using System.Numerics;

namespace Dum.Coding;

/// <summary>How often an entry occurs, in one byte: eight levels to the octave, from once to some 30 million times.</summary>
static class UnigramLevel
{
    /// <summary>Levels are in [0, Count).</summary>
    public const int Count = 200;

    /// <summary>The weight of a level: 8 at level 0, then growing by about 9 % a level. Eight is one occurrence.</summary>
    public static int Weight(int level) => (8 + (level & 7)) << (level >> 3);

    /// <summary>The highest level whose weight is not above <paramref name="occurrences"/> (at least 1).</summary>
    public static int Of(long occurrences)
    {
        ulong weight = (ulong)Math.Clamp(occurrences, 1, 1 << 27) * 8;
        int octave = BitOperations.Log2(weight) - 3;
        return Math.Min((octave << 3) + (int)(weight >> octave & 7), Count - 1);
    }
}

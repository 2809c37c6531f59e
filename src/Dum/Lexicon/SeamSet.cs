using System.Runtime.CompilerServices;

namespace Dum.Lexicon;

/// <summary>A set of byte pairs: those that some entries hold side by side. Two bytes that are not in it always have a border between them.</summary>
sealed class SeamSet
{
    readonly ulong[] _pairs = new ulong[65536 / 64];

    /// <param name="vocabulary">Source of the entries.</param>
    /// <param name="reachable">False for entries that are left out.</param>
    /// <param name="count">Only entries below this.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public SeamSet(Vocabulary vocabulary, ReadOnlySpan<bool> reachable, int count)
    {
        for (int id = Vocabulary.ByteCount; id < count; id++)
        {
            if (!reachable[id])
                continue;
            // The pairs inside both halves are marked already; only the seam is new.
            (byte a, byte b) = Of(vocabulary, id);
            int pair = a << 8 | b;
            _pairs[pair >> 6] |= 1UL << (pair & 63);
        }
    }

    /// <summary>The two bytes that touch where an entry's halves meet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (byte, byte) Of(Vocabulary vocabulary, int id)
    {
        int seam = vocabulary.Offsets[id] + vocabulary[vocabulary.Left[id]].Length;
        return (vocabulary.Bytes[seam - 1], vocabulary.Bytes[seam]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(byte a, byte b)
    {
        int pair = a << 8 | b;
        return (_pairs[pair >> 6] >> (pair & 63) & 1) != 0;
    }
}

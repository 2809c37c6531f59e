using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dum.Lexicon;

/// <summary>The merges of the second stage: which entry two neighbours join into. Each takes one word of memory.</summary>
sealed class JoinTable
{
    /// <summary>What two neighbours that do not join are answered with; above every id.</summary>
    public const int None = int.MaxValue;

    // Ids are below 2^20: left, right and what they make fit a word, and an entry made is never 0.
    const int IdBits = 20;

    readonly ulong[] _joins;
    readonly int _shift;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public JoinTable(Vocabulary vocabulary, int from)
    {
        int bits = BitOperations.Log2((uint)Math.Max(vocabulary.Count - from, 16)) + 2;
        _shift = 64 - bits;
        _joins = new ulong[1 << bits];
        for (int id = from; id < vocabulary.Count; id++)
        {
            (int left, int right) = vocabulary.MergeOf(id);
            ulong pair = Pair(left, right);
            int slot = SlotOf(pair);
            while (_joins[slot] != 0 && _joins[slot] >> IdBits != pair)
                slot = (slot + 1) & (_joins.Length - 1);
            // Of two entries that join the same pair the first counts.
            if (_joins[slot] == 0)
                _joins[slot] = pair << IdBits | (uint)id;
        }
    }

    /// <summary>The entry that <paramref name="left"/> and <paramref name="right"/> join into, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(int left, int right)
    {
        ulong pair = Pair(left, right);
        ref ulong joins = ref MemoryMarshal.GetArrayDataReference(_joins);
        for (int slot = SlotOf(pair); ; slot = (slot + 1) & (_joins.Length - 1))
        {
            ulong found = Unsafe.Add(ref joins, slot);
            if (found >> IdBits == pair)
                return found == 0 ? None : (int)(found & ((1 << IdBits) - 1));
            if (found == 0)
                return None;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int SlotOf(ulong pair) => (int)((pair * 0x9E3779B97F4A7C15UL) >> _shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Pair(int left, int right) => (ulong)(uint)left << IdBits | (uint)right;
}

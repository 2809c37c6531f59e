using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dum.Lexicon;

/// <summary>Which entry two neighbours merge into (open addressing), and whether two entries can stand side by side.</summary>
sealed class MergeTable
{
    const ulong Empty = ulong.MaxValue;

    readonly ulong[] _keys;
    readonly int[] _merged;
    readonly int _shift;
    readonly Part[] _parts;

    /// <summary>
    /// What an entry is made of, and hashed sets (64 bits each) of the entries it merges with to its right and to its
    /// left: most questions are answered "no" from here, without a walk through the large table.
    /// </summary>
    struct Part
    {
        public int Left, Right;
        public ulong Rights, Lefts;
    }

    // Verdicts of CanFollow, one per slot: left id (31 bits), right id (31 bits), valid (1 bit). A slot is one word,
    // so threads may overwrite each other and still never read a mixed verdict.
    readonly ulong[] _verdicts;
    const int VerdictBits = 15;

    /// <param name="vocabulary">Source of the merges.</param>
    /// <param name="count">Only entries below this.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public MergeTable(Vocabulary vocabulary, int count)
    {
        _parts = new Part[count];
        for (int id = 0; id < _parts.Length; id++)
            (_parts[id].Left, _parts[id].Right) = vocabulary.MergeOf(id);
        int bits = BitOperations.Log2((uint)Math.Max(count, 256)) + 2;
        _shift = 64 - bits;
        _keys = new ulong[1 << bits];
        _merged = new int[1 << bits];
        _verdicts = new ulong[1 << VerdictBits];
        Array.Fill(_keys, Empty);
        Array.Fill(_verdicts, Empty);
        for (int id = Vocabulary.ByteCount; id < count; id++)
            Add(_parts[id].Left, _parts[id].Right, id);
    }

    /// <summary>The entry that <paramref name="left"/> and <paramref name="right"/> merge into, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(int left, int right)
    {
        ulong key = Key(left, right);
        for (int slot = SlotOf(key); ; slot = (slot + 1) & (_keys.Length - 1))
        {
            ulong found = _keys[slot];
            if (found == key)
                return _merged[slot];
            if (found == Empty)
                return -1;
        }
    }

    /// <summary>
    /// True when byte-pair merging, given the bytes of <paramref name="left"/> followed by those of
    /// <paramref name="right"/>, leaves exactly these two entries.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool CanFollow(int left, int right)
    {
        ulong pair = (ulong)(uint)left << 32 | (uint)right << 1;
        ref ulong slot = ref _verdicts[(int)((pair * 0x9E3779B97F4A7C15UL) >> (64 - VerdictBits))];
        ulong known = slot;
        if ((known & ~1UL) == pair)
            return (known & 1) != 0;
        bool valid = Undisturbed(left, right, int.MaxValue);
        slot = pair | (valid ? 1UL : 0);
        return valid;
    }

    /// <summary>
    /// Undoes the merges of both sides from the last to the first and asks each time whether the two pieces that then
    /// touch would have merged across the border earlier than <paramref name="limit"/>. Ids are ranks.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Undisturbed(int left, int right, int limit)
    {
        ref Part parts = ref MemoryMarshal.GetArrayDataReference(_parts);
        ref Part l = ref Unsafe.Add(ref parts, left), r = ref Unsafe.Add(ref parts, right);
        while (true)
        {
            if ((l.Rights >> Hash(right) & r.Lefts >> Hash(left) & 1) != 0)
            {
                int merged = Find(left, right);
                if (merged >= 0 && merged < limit)
                    return false;
            }
            // The side merged last is undone first. At equal rank the left one came first, so the right one goes: +1.
            if (left > right)
            {
                limit = left;
                left = l.Right;
                if (left == limit)
                {
                    limit = right + 1;
                    right = r.Left;
                    if (right + 1 == limit)
                        return true;
                    r = ref Unsafe.Add(ref parts, right);
                }
                l = ref Unsafe.Add(ref parts, left);
            }
            else
            {
                limit = right + 1;
                right = r.Left;
                if (right + 1 == limit)
                {
                    limit = left;
                    left = l.Right;
                    if (left == limit)
                        return true;
                    l = ref Unsafe.Add(ref parts, left);
                }
                r = ref Unsafe.Add(ref parts, right);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Hash(int id) => (int)((uint)id * 0x9E3779B1u >> 26);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Add(int left, int right, int id)
    {
        ulong key = Key(left, right);
        int slot = SlotOf(key);
        while (_keys[slot] != Empty)
        {
            if (_keys[slot] == key)
                return;
            slot = (slot + 1) & (_keys.Length - 1);
        }
        (_keys[slot], _merged[slot]) = (key, id);
        _parts[left].Rights |= 1UL << Hash(right);
        _parts[right].Lefts |= 1UL << Hash(left);
    }

    int SlotOf(ulong key) => (int)((key * 0x9E3779B97F4A7C15UL) >> _shift);

    static ulong Key(int left, int right) => (ulong)(uint)left << 32 | (uint)right;
}

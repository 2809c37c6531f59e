using System.Numerics;
using System.Runtime.CompilerServices;

namespace Dum.Coding;

/// <summary>
/// What followed each context of one order in the training text: per context a list of leaf positions, ascending, with
/// weights. Because a tree node is an interval of positions, the evidence for either branch is the weight of one half
/// of a list: a difference of running sums.
/// </summary>
sealed class NgramTable
{
    readonly uint[] _keys;
    readonly int[] _start;
    readonly ushort[] _position;
    readonly uint[] _sum;
    readonly int[] _slots;
    readonly int _shift;

    /// <param name="keys">One key per context, ascending, no two alike.</param>
    /// <param name="start">Where each context's list starts, and the end of the last.</param>
    /// <param name="position">Leaf positions, ascending within a list.</param>
    /// <param name="level">Weight of each, as a level of <see cref="Weight"/>.</param>
    public NgramTable(uint[] keys, int[] start, ushort[] position, byte[] level)
    {
        (_keys, _start, _position) = (keys, start, position);
        _sum = new uint[position.Length + 1];
        uint sum = 0;
        for (int i = 0; i < level.Length; i++)
            _sum[i + 1] = sum += Weight(level[i]);
        int bits = BitOperations.Log2((uint)Math.Max(keys.Length, 8)) + 2;
        _shift = 32 - bits;
        _slots = new int[1 << bits];
        for (int i = 0; i < keys.Length; i++)
        {
            int slot = SlotOf(keys[i]);
            while (_slots[slot] != 0)
                slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = i + 1;
        }
    }

    public int Contexts => _keys.Length;

    public int Entries => _position.Length;

    /// <summary>Weights are stored as levels, four to the octave: 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20 …</summary>
    public static uint Weight(int level) => level < 3 ? (uint)level + 1 : (uint)(4 + ((level - 3) & 3)) << ((level - 3) >> 2);

    /// <summary>The highest level whose weight is not above <paramref name="weight"/> (at least 1).</summary>
    public static int LevelOf(uint weight)
    {
        int level = 0;
        while (level < 100 && Weight(level + 1) <= weight)
            level++;
        return level;
    }

    /// <summary>The list of a context: entries [<paramref name="from"/>, <paramref name="to"/>); empty when the context is unknown.</summary>
    public void Find(uint key, out int from, out int to)
    {
        for (int slot = SlotOf(key); _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            int context = _slots[slot] - 1;
            if (_keys[context] != key)
                continue;
            (from, to) = (_start[context], _start[context + 1]);
            return;
        }
        (from, to) = (0, 0);
    }

    /// <summary>The first entry of [<paramref name="from"/>, <paramref name="to"/>) whose position is not below <paramref name="middle"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Divide(int from, int to, int middle)
    {
        while (to - from > 4)
        {
            int half = (from + to) >>> 1;
            if (_position[half] < middle)
                from = half + 1;
            else
                to = half;
        }
        while (from < to && _position[from] < middle)
            from++;
        return from;
    }

    /// <summary>Total weight of entries [<paramref name="from"/>, <paramref name="to"/>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint WeightOf(int from, int to) => _sum[to] - _sum[from];

    int SlotOf(uint key) => (int)((key * 0x9E3779B1u) >> _shift);

    /// <summary>The key of a context of two or three ids, or of ids with a gap; a different <paramref name="kind"/> gives other keys.</summary>
    public static uint Key(int kind, int a, int b, int c = 0)
    {
        ulong h = ((ulong)(uint)a << 42) ^ ((ulong)(uint)b << 21) ^ (uint)c ^ ((ulong)kind << 60);
        h *= 0x9E3779B97F4A7C15UL;
        h ^= h >> 32;
        h *= 0xD6E8FEB86659FD93UL;
        return (uint)(h >> 32);
    }
}

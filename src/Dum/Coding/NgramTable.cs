using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
    readonly byte[] _level;
    readonly uint[] _sum;
    readonly int[] _bucket = new int[Buckets + 1];

    const int BucketShift = 16, Buckets = 1 << (32 - BucketShift);

    /// <param name="keys">One key per context, ascending, no two alike.</param>
    /// <param name="start">Where each context's list starts, and the end of the last.</param>
    /// <param name="position">Leaf positions, ascending within a list.</param>
    /// <param name="level">Weight of each, as a level of <see cref="Weight"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public NgramTable(uint[] keys, int[] start, ushort[] position, byte[] level)
    {
        (_keys, _start, _position, _level) = (keys, start, position, level);
        _sum = new uint[position.Length + 1];
        uint sum = 0;
        for (int i = 0; i < level.Length; i++)
            _sum[i + 1] = sum += Weight(level[i]);
        // Keys are hashes, so their upper halves are spread evenly: a bucket per upper half holds a handful.
        int key = 0;
        for (int bucket = 0; bucket < Buckets; bucket++)
        {
            while (key < keys.Length && keys[key] >> BucketShift < bucket)
                key++;
            _bucket[bucket] = key;
        }
        _bucket[Buckets] = keys.Length;
    }

    public static NgramTable Empty => new([], [0], [], []);

    public int Contexts => _keys.Length;

    public int Entries => _position.Length;

    public ReadOnlySpan<uint> Keys => _keys;

    /// <summary>The list of the context with the given index, as it was built.</summary>
    public (ReadOnlyMemory<ushort> Position, ReadOnlyMemory<byte> Level) ListOf(int context) =>
        (_position.AsMemory(_start[context].._start[context + 1]), _level.AsMemory(_start[context].._start[context + 1]));

    /// <summary>Weights are stored as 32 levels: exact while small, coarser as they grow.</summary>
    static ReadOnlySpan<uint> Weights =>
    [
        1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 64, 80, 96,
        128, 192, 256, 384, 512, 1024, 2048, 4096, 8192, 32768, 131072,
    ];

    public const int Levels = 32;

    public static uint Weight(int level) => Weights[level];

    /// <summary>The highest level whose weight is not above <paramref name="weight"/>.</summary>
    public static int LevelOf(uint weight)
    {
        int level = 0;
        while (level + 1 < Levels && Weight(level + 1) <= weight)
            level++;
        return level;
    }

    /// <summary>The list of a context: entries [<paramref name="from"/>, <paramref name="to"/>); empty when the context is unknown.</summary>
    public void Find(uint key, out int from, out int to)
    {
        int bucket = (int)(key >> BucketShift), last = _bucket[bucket + 1];
        for (int context = _bucket[bucket]; context < last; context++)
            if (_keys[context] == key)
            {
                (from, to) = (_start[context], _start[context + 1]);
                return;
            }
        (from, to) = (0, 0);
    }

    /// <summary>The share of one position after a context; <paramref name="otherwise"/>, scaled down, when it is not listed.</summary>
    public double Share(uint key, int position, double otherwise)
    {
        Find(key, out int from, out int to);
        if (from == to)
            return otherwise;
        int at = Divide(from, to, position);
        // Half a unit per listed successor is left to the unlisted ones (absolute discounting).
        double all = WeightOf(from, to) + 0.5 * (to - from);
        return at < to && _position[at] == position ? (WeightOf(at, at + 1) - 0.5) / all : otherwise * (to - from) / all;
    }

    /// <summary>The first entry of [<paramref name="from"/>, <paramref name="to"/>) whose position is not below <paramref name="middle"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Divide(int from, int to, int middle)
    {
        // Halving without a branch on the data: such branches are mispredicted every other time.
        ref ushort position = ref MemoryMarshal.GetArrayDataReference(_position);
        int length = to - from;
        while (length > 1)
        {
            int half = length >> 1;
            from += Unsafe.Add(ref position, from + half - 1) < middle ? half : 0;
            length -= half;
        }
        if (length == 1 && Unsafe.Add(ref position, from) < middle)
            from++;
        return from;
    }

    /// <summary>Total weight of entries [<paramref name="from"/>, <paramref name="to"/>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint WeightOf(int from, int to) => _sum[to] - _sum[from];

    /// <summary>The key of the context of the last one, two or three ids (<paramref name="order"/>), last first.</summary>
    public static uint Key(int order, int last, int before, int third)
    {
        ulong h = (ulong)(uint)last << 42 ^ (order > 1 ? (ulong)(uint)before << 21 : 0) ^ (order > 2 ? (uint)third : 0) ^ (ulong)order << 60;
        h *= 0x9E3779B97F4A7C15UL;
        h ^= h >> 32;
        h *= 0xD6E8FEB86659FD93UL;
        return (uint)(h >> 32);
    }
}

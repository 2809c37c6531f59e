using System.Numerics;
using System.Runtime.CompilerServices;

namespace Dum.Lexicon;

/// <summary>A pair of neighbours worth watching: how often it stands in the text, and where it stood when it was found.</summary>
struct WatchedPair
{
    public int Left, Right;
    public long Count;
    public int[]? Positions;
    public int Start, Length;
}

/// <summary>The watched pairs by their two ids: open addressing over flat arrays.</summary>
sealed class PairTable
{
    ulong[] _keys = new ulong[1 << 12];
    int[] _indices = new int[1 << 12];
    WatchedPair[] _pairs = new WatchedPair[1 << 11];

    public int Count { get; private set; }

    public ref WatchedPair this[int index] => ref _pairs[index];

    /// <summary>The index of the pair, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(int left, int right)
    {
        ulong key = Key(left, right);
        ulong[] keys = _keys;
        int mask = keys.Length - 1;
        for (int slot = Slot(key, mask); keys[slot] != 0; slot = slot + 1 & mask)
            if (keys[slot] == key)
                return _indices[slot];
        return -1;
    }

    public int Add(in WatchedPair pair)
    {
        if (Count == _pairs.Length)
        {
            Array.Resize(ref _pairs, Count * 2);
            _keys = new ulong[Count * 4];
            _indices = new int[Count * 4];
            for (int i = 0; i < Count; i++)
                Place(i);
        }
        _pairs[Count] = pair;
        Place(Count);
        return Count++;
    }

    void Place(int index)
    {
        ulong key = Key(_pairs[index].Left, _pairs[index].Right);
        int mask = _keys.Length - 1;
        int slot = Slot(key, mask);
        while (_keys[slot] != 0)
            slot = slot + 1 & mask;
        _keys[slot] = key;
        _indices[slot] = index;
    }

    // Ids stay far below 2^31, so one more than the right id keeps every key off zero.
    static ulong Key(int left, int right) => (ulong)(uint)left << 32 | (uint)(right + 1);

    static int Slot(ulong key, int mask) => (int)(BitOperations.RotateLeft(key * 0x9E3779B97F4A7C15, 32) & (ulong)mask);
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dum.Lexicon;

/// <summary>
/// Collects merges in rank order and tells what each byte string becomes under those collected so far. Ids are those
/// of the <see cref="Vocabulary"/> that comes out: 256 bytes, then one per merge. While nothing is added, any number of
/// threads may ask.
/// </summary>
/// <remarks>
/// Why one merge per token is enough, however many ways a file offers to make it: while a token forms inside a text,
/// nothing crosses its borders, so the merges inside it happen in the order in which they happen to its bytes alone,
/// and the last of them joins the same two parts. Every other way never fires, as long as parts rank before wholes.
/// </remarks>
sealed class MergeOrder
{
    readonly List<(int Left, int Right)> _merges = [];
    readonly List<int> _length = [.. Enumerable.Repeat(1, Vocabulary.ByteCount)];

    // Pairs of bytes directly, all others by open addressing: this is asked some ten million times for a large file.
    readonly int[] _bytePairs = new int[1 << 16];
    (ulong Pair, int Id)[] _slots = new (ulong, int)[1 << 16];
    int _used;

    public MergeOrder() => Array.Fill(_bytePairs, int.MaxValue);

    public int Count => Vocabulary.ByteCount + _merges.Count;

    /// <summary>The merges so far, in order.</summary>
    public ReadOnlySpan<(int Left, int Right)> Merges => CollectionsMarshal.AsSpan(_merges);

    public int Add(int left, int right)
    {
        int id = Count;
        _merges.Add((left, right));
        _length.Add(_length[left] + _length[right]);
        if ((left | right) < Vocabulary.ByteCount)
            _bytePairs[left << 8 | right] = id;
        else
            Insert(Key(left, right), id);
        return id;
    }

    /// <summary>The entry that two entries merge into, or <see cref="int.MaxValue"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(int left, int right) => (left | right) < Vocabulary.ByteCount ? _bytePairs[left << 8 | right] : FindSlot(Key(left, right));

    /// <summary>Length in bytes of an entry.</summary>
    public int LengthOf(int id) => _length[id];

    /// <summary>Merges the bytes as far as the merges known so far go: again and again the lowest one, leftmost first.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="parts">What they become; has room for every byte.</param>
    /// <returns>The number of parts.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Reduce(ReadOnlySpan<byte> bytes, Span<int> parts)
    {
        int n = bytes.Length;
        Span<int> ranks = n <= 512 ? stackalloc int[n] : new int[n];
        for (int i = 0; i < n; i++)
            parts[i] = bytes[i];
        for (int i = 0; i + 1 < n; i++)
            ranks[i] = Find(parts[i], parts[i + 1]);
        while (n > 1)
        {
            int best = 0;
            for (int i = 1; i + 1 < n; i++)
                if (ranks[i] < ranks[best])
                    best = i;
            if (ranks[best] == int.MaxValue)
                break;
            parts[best] = ranks[best];
            n--;
            for (int i = best + 1; i < n; i++)
                (parts[i], ranks[i - 1]) = (parts[i + 1], ranks[i]);
            if (best + 1 < n)
                ranks[best] = Find(parts[best], parts[best + 1]);
            if (best > 0)
                ranks[best - 1] = Find(parts[best - 1], parts[best]);
        }
        return n;
    }

    public Vocabulary ToVocabulary() => Vocabulary.FromMerges(Merges);

    int FindSlot(ulong pair)
    {
        for (int slot = SlotOf(pair); ; slot = (slot + 1) & (_slots.Length - 1))
        {
            (ulong found, int id) = _slots[slot];
            if (found == pair)
                return id;
            if (found == 0)
                return int.MaxValue;
        }
    }

    void Insert(ulong pair, int id)
    {
        if (2 * ++_used > _slots.Length)
        {
            (ulong Pair, int Id)[] old = _slots;
            _slots = new (ulong, int)[old.Length * 2];
            foreach ((ulong Pair, int Id) entry in old)
                if (entry.Pair != 0)
                    Put(entry.Pair, entry.Id);
        }
        Put(pair, id);
    }

    void Put(ulong pair, int id)
    {
        int slot = SlotOf(pair);
        while (_slots[slot].Pair != 0)
            slot = (slot + 1) & (_slots.Length - 1);
        _slots[slot] = (pair, id);
    }

    int SlotOf(ulong pair) => (int)((pair * 0x9E3779B97F4A7C15UL) >> (64 - BitOperations.Log2((uint)_slots.Length)));

    /// <summary>The two as one number; never zero where one of them is above the bytes.</summary>
    public static ulong Key(int left, int right) => (ulong)(uint)left << 32 | (uint)right;
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dum.Lexicon;

/// <summary>Distinct byte strings with counts, in order of first appearance. Open addressing over flat arrays: millions of words, no object for any.</summary>
sealed class WordTable
{
    int[] _slots = new int[1 << 12];
    uint[] _hashes = new uint[1 << 11];
    int[] _ends = new int[(1 << 11) + 1];
    long[] _counts = new long[1 << 11];
    byte[] _bytes = new byte[1 << 14];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_ends[index], _ends[index + 1] - _ends[index]);

    public long CountOf(int index) => _counts[index];

    public uint HashOf(int index) => _hashes[index];

    public int BytesUsed => _ends[Count];

    public void Clear()
    {
        Array.Clear(_slots);
        Count = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Hash(ReadOnlySpan<byte> word)
    {
        const ulong Multiplier = 0x9E3779B97F4A7C15;
        ulong h = (ulong)word.Length * Multiplier;
        while (word.Length >= 8)
        {
            h = (BitOperations.RotateLeft(h, 23) ^ MemoryMarshal.Read<ulong>(word)) * Multiplier;
            word = word[8..];
        }
        ulong tail = 0;
        foreach (byte b in word)
            tail = tail << 8 | b;
        h = (BitOperations.RotateLeft(h, 23) ^ tail) * Multiplier;
        return (uint)(h >> 32 ^ h >> 15);
    }

    /// <summary>The index of the word, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(ReadOnlySpan<byte> word, uint hash)
    {
        int mask = _slots.Length - 1;
        for (int slot = (int)hash & mask; ; slot = slot + 1 & mask)
        {
            int index = _slots[slot] - 1;
            if (index < 0)
                return -1;
            if (_hashes[index] == hash && word.SequenceEqual(this[index]))
                return index;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<byte> word, uint hash, long count)
    {
        int index = Find(word, hash);
        if (index >= 0)
        {
            _counts[index] += count;
            return;
        }
        index = Count++;
        if (index == _hashes.Length)
        {
            Array.Resize(ref _hashes, index * 2);
            Array.Resize(ref _counts, index * 2);
            Array.Resize(ref _ends, index * 2 + 1);
        }
        int start = _ends[index], end = start + word.Length;
        if (end > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(end, (int)Math.Min(Array.MaxLength, _bytes.Length * 2L)));
        word.CopyTo(_bytes.AsSpan(start));
        _hashes[index] = hash;
        _counts[index] = count;
        _ends[index + 1] = end;
        if (Count * 2 > _slots.Length)
            Rehash(_slots.Length * 2);
        else
            Place(index);
    }

    /// <summary>Adds every word of another table, its count times <paramref name="factor"/>.</summary>
    public void AddAll(WordTable other, long factor)
    {
        for (int i = 0; i < other.Count; i++)
            Add(other[i], other._hashes[i], other._counts[i] * factor);
    }

    /// <summary>Drops every word that counts less than <paramref name="least"/>; the others keep their order.</summary>
    public void Prune(long least)
    {
        int kept = 0, end = 0, start = 0;
        for (int i = 0; i < Count; i++)
        {
            int next = _ends[i + 1];
            if (_counts[i] >= least)
            {
                _bytes.AsSpan(start, next - start).CopyTo(_bytes.AsSpan(end));
                _hashes[kept] = _hashes[i];
                _counts[kept] = _counts[i];
                end += next - start;
                _ends[++kept] = end;
            }
            start = next;
        }
        Count = kept;
        Rehash(_slots.Length);
    }

    void Rehash(int size)
    {
        _slots = new int[size];
        for (int i = 0; i < Count; i++)
            Place(i);
    }

    void Place(int index)
    {
        int mask = _slots.Length - 1;
        int slot = (int)_hashes[index] & mask;
        while (_slots[slot] != 0)
            slot = slot + 1 & mask;
        _slots[slot] = index + 1;
    }
}

using System.Buffers.Binary;
using System.Numerics;

namespace Dum.Sigma.Battery;

/// <summary>
/// Bits in order, the first of a byte its highest. Behind the last bit the first ones follow again, so that a window that
/// runs over the end is the cyclic one of SP 800-22; whoever counts without wrapping stops in time.
/// </summary>
public sealed class BitSequence
{
    const int Wrap = 128;

    readonly ulong[] _words;

    /// <param name="bytes">Bits, eight a byte.</param>
    public BitSequence(ReadOnlySpan<byte> bytes) : this(checked(bytes.Length * 8))
    {
        int full = bytes.Length / 8;
        for (int i = 0; i < full; i++)
            _words[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes[(8 * i)..]);
        for (int i = full * 8; i < bytes.Length; i++)
            _words[i / 8] |= (ulong)bytes[i] << (56 - (8 * (i % 8)));
        Close();
    }

    /// <param name="bits">Zeros and ones as characters; anything else is passed over.</param>
    public BitSequence(string bits) : this(bits.Count(c => c is '0' or '1'))
    {
        int at = 0;
        foreach (char c in bits)
            if (c is '0' or '1')
            {
                _words[at / 64] |= (ulong)(c - '0') << (63 - (at % 64));
                at++;
            }
        Close();
    }

    BitSequence(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        Length = length;
        _words = new ulong[((length + Wrap) / 64) + 2];
    }

    /// <summary>Bits.</summary>
    public int Length { get; }

    /// <summary>The bits, 64 a word from the highest down, and some of the first again.</summary>
    internal ReadOnlySpan<ulong> Words => _words;

    /// <summary>One bit.</summary>
    public int this[int at] => (int)(_words[at >> 6] >> (63 - (at & 63))) & 1;

    /// <summary>64 bits from a place on, over the end into the beginning.</summary>
    internal ulong Load(int at)
    {
        int word = at >> 6, offset = at & 63;
        return offset == 0 ? _words[word] : (_words[word] << offset) | (_words[word + 1] >> (64 - offset));
    }

    /// <summary>Ones among <paramref name="count"/> bits.</summary>
    internal int Ones(int from, int count)
    {
        int ones = 0;
        for (; count >= 64; count -= 64, from += 64)
            ones += BitOperations.PopCount(Load(from));
        return count > 0 ? ones + BitOperations.PopCount(Load(from) >> (64 - count)) : ones;
    }

    /// <summary>The first bits, as a sequence of its own.</summary>
    public BitSequence Head(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        var head = new BitSequence(length);
        _words.AsSpan(0, (length + 63) / 64).CopyTo(head._words);
        head.Close();
        return head;
    }

    void Close()
    {
        int word = Length / 64, used = Length % 64;
        if (used != 0)
            _words[word] &= ulong.MaxValue << (64 - used);
        // A sequence shorter than the wrap is repeated: bit i is bit i − length.
        for (int at = Length; at < Length + Wrap; at++)
            if (this[at - Length] != 0)
                _words[at / 64] |= 1UL << (63 - (at % 64));
            else
                _words[at / 64] &= ~(1UL << (63 - (at % 64)));
    }
}

using System.Buffers.Binary;
using System.Numerics;

namespace Dum.Sigma.Controls;

/// <summary>The key stream of ChaCha20 (RFC 8439): bits that no feasible test tells from random ones, the placebo of placebos.</summary>
public sealed class ChaCha20
{
    readonly uint[] _state = new uint[16];
    readonly byte[] _block = new byte[64];
    int _used = 64;

    /// <param name="seed">Stands at the start of the key, zeros behind it.</param>
    public ChaCha20(ulong seed) : this([(uint)seed, (uint)(seed >> 32), 0, 0, 0, 0, 0, 0], 0, [0, 0, 0])
    {
    }

    /// <param name="key">Eight words.</param>
    /// <param name="counter">Of the first block.</param>
    /// <param name="nonce">Three words.</param>
    public ChaCha20(ReadOnlySpan<uint> key, uint counter, ReadOnlySpan<uint> nonce)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, 8);
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, 3);
        ((ReadOnlySpan<uint>)[0x61707865, 0x3320646E, 0x79622D32, 0x6B206574]).CopyTo(_state);
        key.CopyTo(_state.AsSpan(4));
        _state[12] = counter;
        nonce.CopyTo(_state.AsSpan(13));
    }

    /// <summary>The next bytes of the stream. After 256 GB the nonce's first word counts on.</summary>
    public void Fill(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_used == 64)
                Next();
            int taken = Math.Min(bytes.Length, 64 - _used);
            _block.AsSpan(_used, taken).CopyTo(bytes);
            _used += taken;
            bytes = bytes[taken..];
        }
    }

    /// <summary>A number in [0, 1) of 53 bits.</summary>
    public double Unit()
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes);
        return (BinaryPrimitives.ReadUInt64LittleEndian(bytes) >> 11) / 9007199254740992.0;
    }

    void Next()
    {
        Span<uint> x = stackalloc uint[16];
        _state.CopyTo(x);
        for (int round = 0; round < 10; round++)
        {
            for (int i = 0; i < 4; i++)
                Quarter(ref x[i], ref x[4 + i], ref x[8 + i], ref x[12 + i]);
            for (int i = 0; i < 4; i++)
                Quarter(ref x[i], ref x[4 + ((i + 1) & 3)], ref x[8 + ((i + 2) & 3)], ref x[12 + ((i + 3) & 3)]);
        }
        for (int i = 0; i < 16; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(_block.AsSpan(4 * i), x[i] + _state[i]);
        _used = 0;
        if (++_state[12] == 0)
            _state[13]++;
    }

    static void Quarter(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        a += b;
        d = BitOperations.RotateLeft(d ^ a, 16);
        c += d;
        b = BitOperations.RotateLeft(b ^ c, 12);
        a += b;
        d = BitOperations.RotateLeft(d ^ a, 8);
        c += d;
        b = BitOperations.RotateLeft(b ^ c, 7);
    }
}

using System.Runtime.CompilerServices;

namespace Dum.Coding;

/// <summary>Binary arithmetic encoder (carry-less range coder with 32-bit bounds, as in Mahoney's lpaq). Probabilities are 16 bits.</summary>
struct BinaryEncoder
{
    uint _low, _high;
    byte[] _output;

    public BinaryEncoder(int capacity) => (_low, _high, _output) = (0, uint.MaxValue, new byte[Math.Max(capacity, 16)]);

    public int Length { get; private set; }

    /// <param name="bit">0 or 1.</param>
    /// <param name="probability">That the bit is 1, in 1…65535 of 65536.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Encode(int bit, int probability)
    {
        uint middle = _low + (uint)(((ulong)(_high - _low) * (uint)probability) >> 16);
        if (bit != 0)
            _high = middle;
        else
            _low = middle + 1;
        while ((_low ^ _high) < 1u << 24)
        {
            Put((byte)(_high >> 24));
            _low <<= 8;
            _high = _high << 8 | 255;
        }
    }

    /// <summary>Ends the stream; the result is a fresh array.</summary>
    public byte[] Finish()
    {
        // One byte settles it in most cases; the decoder reads zeros past the end.
        for (int bytes = 1; bytes <= 4; bytes++)
        {
            int shift = 32 - 8 * bytes;
            uint value = shift == 0 ? _high : _high >> shift << shift;
            if (value < _low)
                continue;
            for (int i = 0; i < bytes; i++)
                Put((byte)(value >> (24 - 8 * i)));
            break;
        }
        return _output.AsSpan(0, Length).ToArray();
    }

    void Put(byte value)
    {
        if (Length == _output.Length)
            Array.Resize(ref _output, Length * 2);
        _output[Length++] = value;
    }
}

/// <summary>The other half of <see cref="BinaryEncoder"/>.</summary>
ref struct BinaryDecoder
{
    readonly ReadOnlySpan<byte> _input;
    uint _low, _high, _code;
    int _next;

    public BinaryDecoder(ReadOnlySpan<byte> input)
    {
        _input = input;
        _high = uint.MaxValue;
        for (int i = 0; i < 4; i++)
            _code = _code << 8 | Take();
    }

    /// <summary>True when more bytes were asked for than a whole stream of this length can need: the stream is damaged.</summary>
    public readonly bool Overran => _next > _input.Length + 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Decode(int probability)
    {
        uint middle = _low + (uint)(((ulong)(_high - _low) * (uint)probability) >> 16);
        int bit;
        if (_code <= middle)
            (bit, _high) = (1, middle);
        else
            (bit, _low) = (0, middle + 1);
        while ((_low ^ _high) < 1u << 24)
        {
            _low <<= 8;
            _high = _high << 8 | 255;
            _code = _code << 8 | Take();
        }
        return bit;
    }

    uint Take()
    {
        int at = _next++;
        return at < _input.Length ? _input[at] : 0u;
    }
}

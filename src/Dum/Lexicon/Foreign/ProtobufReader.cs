using System.Buffers.Binary;

namespace Dum.Lexicon.Foreign;

/// <summary>The little of the protocol buffers wire format that a SentencePiece model needs. No length is trusted before it is checked.</summary>
ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    ReadOnlySpan<byte> _rest = bytes;

    /// <summary>True when something was malformed; everything read since is empty.</summary>
    public bool Failed { get; private set; }

    public int Field { get; private set; }

    public int WireType { get; private set; }

    /// <summary>Goes to the next field's header; false at the end or on damage.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty || Failed)
            return false;
        ulong tag = Varint();
        (Field, WireType) = ((int)(tag >> 3 & 0x1FFFFFFF), (int)(tag & 7));
        Failed |= Field == 0 || tag > uint.MaxValue || WireType is not (0 or 1 or 2 or 5);
        return !Failed;
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < 10 && i < _rest.Length; i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << 7 * i;
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }
        Failed = true;
        return 0;
    }

    public ReadOnlySpan<byte> Bytes()
    {
        ulong length = Varint();
        Failed |= length > (ulong)_rest.Length;
        return Failed ? default : Take((int)length);
    }

    public float Float()
    {
        ReadOnlySpan<byte> four = Fixed(4);
        return four.IsEmpty ? 0 : BinaryPrimitives.ReadSingleLittleEndian(four);
    }

    public void Skip()
    {
        if (WireType == 0)
            Varint();
        else if (WireType == 2)
            Bytes();
        else
            Fixed(WireType == 1 ? 8 : 4);
    }

    ReadOnlySpan<byte> Fixed(int size)
    {
        Failed |= _rest.Length < size;
        return Failed ? default : Take(size);
    }

    ReadOnlySpan<byte> Take(int size)
    {
        ReadOnlySpan<byte> taken = _rest[..size];
        _rest = _rest[size..];
        return taken;
    }
}

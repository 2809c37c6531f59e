using System.Buffers.Binary;
using System.Text;

namespace Dum.Coding;

/// <summary>Appends numbers and texts to a growing array: little-endian, and LEB128 for numbers that are mostly small.</summary>
sealed class ByteWriter
{
    byte[] _bytes = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Byte(int value) => Room(1)[0] = (byte)value;

    public void UInt16(int value) => BinaryPrimitives.WriteUInt16LittleEndian(Room(2), (ushort)value);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Room(4), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Room(8), value);

    public void Number(long value)
    {
        ulong rest = (ulong)value;
        while (rest >= 128)
        {
            Byte((int)(rest & 127) | 128);
            rest >>= 7;
        }
        Byte((int)rest);
    }

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Room(value.Length));

    public void Text(string value)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(value);
        Number(utf8.Length);
        Bytes(utf8);
    }

    Span<byte> Room(int length)
    {
        if (Length + length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + length));
        Length += length;
        return _bytes.AsSpan(Length - length, length);
    }
}

using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Dum.Coding;

/// <summary>
/// Reads what <see cref="ByteWriter"/> wrote. Every read is checked against the end, every count against what could
/// possibly follow; a violation throws <see cref="DumException"/> with the name of the thing read.
/// </summary>
ref struct ByteReader(ReadOnlySpan<byte> bytes, string what)
{
    readonly ReadOnlySpan<byte> _bytes = bytes;
    readonly string _what = what;

    public int Position { get; private set; }

    public readonly int Left => _bytes.Length - Position;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>Fills <paramref name="values"/> with 16-bit numbers.</summary>
    public void UInt16s(Span<ushort> values)
    {
        MemoryMarshal.Cast<byte, ushort>(Take(checked(values.Length * 2))).CopyTo(values);
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(values, values);
    }

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A LEB128 number in [0, <paramref name="most"/>].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Number(long most)
    {
        ulong value = 0;
        for (int shift = 0; shift < 63; shift += 7)
        {
            int b = Byte();
            value |= (ulong)(b & 127) << shift;
            if (b < 128)
                return value <= (ulong)most ? (long)value : throw Damaged();
        }
        throw Damaged();
    }

    /// <summary>A count of things that take at least <paramref name="bytesEach"/> bytes each of what is left.</summary>
    public int Count(int bytesEach) => (int)Number(Left / bytesEach);

    public ReadOnlySpan<byte> Bytes(int length) => Take(length);

    public string Text(int most)
    {
        int length = (int)Number(Math.Min(most, Left));
        return Encoding.UTF8.GetString(Take(length));
    }

    public readonly DumException Damaged() => new(Tongue.Say(
        $"{_what} is damaged near its byte {Position}: get a fresh copy", $"{_what}: повреждение около байта {Position}; возьмите целую копию"));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > Left)
            throw Damaged();
        Position += length;
        return _bytes.Slice(Position - length, length);
    }
}

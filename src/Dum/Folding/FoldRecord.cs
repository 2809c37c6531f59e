using System.Buffers.Binary;
using Dum.Coding;
using Dum.Numerics;

namespace Dum.Folding;

/// <summary>Kinds of records in a folded file.</summary>
enum RecordKind : byte
{
    Block = 1,
    Document = 2,
    Directory = 3,

    /// <summary>Hyperwords of several blocks, coded by a language model.</summary>
    Group = 4,

    /// <summary>The name of the language model that coded the file.</summary>
    Model = 5,
}

/// <summary>
/// The frame around everything after the header: marker (4), kind (1), head length (4), head, CRC-32C of kind to head (4).
/// A reader that lost its way finds the next record by its marker and checksum.
/// </summary>
static class FoldRecord
{
    public const int Overhead = 13;
    public const int MostHead = 1 << 28;

    public static ReadOnlySpan<byte> Marker => [0xD5, (byte)'d', (byte)'u', (byte)'m'];

    public static byte[] Frame(RecordKind kind, ReadOnlySpan<byte> head)
    {
        var to = new ByteWriter();
        to.Bytes(Marker);
        to.Byte((int)kind);
        to.UInt32((uint)head.Length);
        to.Bytes(head);
        to.UInt32(Crc32C.Of(to.Written[4..]));
        return to.Written.ToArray();
    }

    /// <summary>Reads the record at <paramref name="offset"/>; false when there is no whole one.</summary>
    public static bool TryRead(Stream stream, long offset, out RecordKind kind, out byte[] head, int mostHead = MostHead)
    {
        (kind, head) = (default, []);
        Span<byte> start = stackalloc byte[9];
        if (offset < 0 || offset > stream.Length - Overhead)
            return false;
        stream.Position = offset;
        if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start[..4].SequenceEqual(Marker))
            return false;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(start[5..]);
        if (length > mostHead || length > stream.Length - offset - Overhead)
            return false;
        var rest = new byte[5 + (int)length + 4];
        start[4..].CopyTo(rest);
        if (stream.ReadAtLeast(rest.AsSpan(5), rest.Length - 5, throwOnEndOfStream: false) < rest.Length - 5)
            return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(rest.AsSpan(rest.Length - 4)) != Crc32C.Of(rest.AsSpan(0, rest.Length - 4)))
            return false;
        (kind, head) = ((RecordKind)start[4], rest[5..^4]);
        return true;
    }
}

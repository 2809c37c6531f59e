using System.Buffers.Binary;
using Dum.Coding;
using Dum.Numerics;

namespace Dum.Folding;

/// <summary>
/// The last record of a folded file: the header once more, and each document's name and place, so that any document
/// is found by one look and can be named even when its own record is damaged. A 20-byte footer points to it.
/// </summary>
sealed record FoldDirectory(FoldHeader Header, IReadOnlyList<(long Offset, string Name)> Documents)
{
    public const int FooterLength = 20;

    static ReadOnlySpan<byte> Tail => "DUM-END\n"u8;

    public byte[] ToHead()
    {
        var to = new ByteWriter();
        to.Bytes(Header.ToBytes());
        to.Number(Documents.Count);
        long before = 0;
        foreach ((long offset, string name) in Documents)
        {
            to.Number(offset - before);
            to.Text(name);
            before = offset;
        }
        return to.Written.ToArray();
    }

    /// <returns>Null when the bytes are no directory.</returns>
    public static FoldDirectory? FromHead(ReadOnlySpan<byte> head)
    {
        var from = new ByteReader(head, Tongue.Say("the directory", "оглавление"));
        if (head.Length < FoldHeader.Length || FoldHeader.Parse(from.Bytes(FoldHeader.Length)) is not { } header)
            return null;
        var documents = new (long, string)[from.Count(2)];
        long offset = 0;
        for (int i = 0; i < documents.Length; i++)
        {
            offset += from.Number(long.MaxValue - offset);
            documents[i] = (offset, from.Text(FoldedDocument.MostName));
        }
        return new FoldDirectory(header, documents);
    }

    public static byte[] Footer(long directoryOffset)
    {
        var to = new ByteWriter();
        to.UInt64((ulong)directoryOffset);
        to.UInt32(Crc32C.Of(to.Written));
        to.Bytes(Tail);
        return to.Written.ToArray();
    }

    /// <summary>Where the directory starts, or -1 when the file does not end in a whole footer.</summary>
    public static long FindBy(Stream stream)
    {
        Span<byte> footer = stackalloc byte[FooterLength];
        if (stream.Length < FoldHeader.Length + FooterLength)
            return -1;
        stream.Position = stream.Length - FooterLength;
        if (stream.ReadAtLeast(footer, FooterLength, throwOnEndOfStream: false) < FooterLength || !footer[12..].SequenceEqual(Tail) ||
            BinaryPrimitives.ReadUInt32LittleEndian(footer[8..]) != Crc32C.Of(footer[..8]))
            return -1;
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(footer);
        return offset < (ulong)stream.Length ? (long)offset : -1;
    }
}

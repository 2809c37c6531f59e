using Dum.Coding;
using Dum.Numerics;

namespace Dum.Folding.Deep;

/// <summary>
/// The head of a group record: the hyperwords of several blocks, of one document or many, coded as one text by a language
/// model. The payload follows the record; the blocks follow it and say where in the group they begin.
/// </summary>
/// <param name="PayloadLength">Bytes that follow.</param>
/// <param name="Hyperwords">Hyperwords in the group.</param>
/// <param name="Shape">How they are spread over lanes.</param>
/// <param name="PayloadCrc">CRC-32C of the payload.</param>
readonly record struct FoldGroup(int PayloadLength, int Hyperwords, DeepShape Shape, uint PayloadCrc)
{
    public byte[] ToHead()
    {
        var to = new ByteWriter();
        to.Number(PayloadLength);
        to.Number(Hyperwords);
        Shape.Write(to);
        to.UInt32(PayloadCrc);
        return to.Written.ToArray();
    }

    /// <exception cref="DumException">The head is torn.</exception>
    public static FoldGroup FromHead(ReadOnlySpan<byte> head)
    {
        var from = new ByteReader(head, Tongue.Say("a group's head", "заголовок группы"));
        return new FoldGroup((int)from.Number(FoldBlock.MostRaw), (int)from.Number(FoldBlock.MostRaw), DeepShape.Read(ref from), from.UInt32());
    }

    /// <summary>Reads the group at <paramref name="offset"/> with its payload.</summary>
    /// <returns>Null when it is damaged.</returns>
    public static (FoldGroup Head, byte[] Payload)? Read(Stream input, long offset)
    {
        if (!FoldRecord.TryRead(input, offset, out RecordKind kind, out byte[] bytes) || kind != RecordKind.Group)
            return null;
        FoldGroup head = FromHead(bytes);
        if (head.PayloadLength > input.Length - input.Position || head.Hyperwords == 0)
            return null;
        var payload = new byte[head.PayloadLength];
        return input.ReadAtLeast(payload, payload.Length, throwOnEndOfStream: false) == payload.Length && Crc32C.Of(payload) == head.PayloadCrc ? (head, payload) : null;
    }

    /// <summary>What stands in a block instead of its content: how far back its group is, and its first hyperword there.</summary>
    public static byte[] Pointer(long distance, int first)
    {
        var to = new ByteWriter();
        to.Number(distance);
        to.Number(first);
        return to.Written.ToArray();
    }

    /// <exception cref="DumException">The pointer is torn.</exception>
    public static (long Distance, int First) ReadPointer(ReadOnlySpan<byte> payload)
    {
        var from = new ByteReader(payload, Tongue.Say("a block's place in its group", "место блока в группе"));
        return (from.Number(long.MaxValue), (int)from.Number(FoldBlock.MostRaw));
    }
}

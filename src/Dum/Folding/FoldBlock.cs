using Dum.Coding;

namespace Dum.Folding;

/// <summary>How the bytes of a block are kept.</summary>
enum BlockMode : byte
{
    /// <summary>As they were: nothing was to be gained.</summary>
    Stored = 0,

    /// <summary>As hyperwords, by <see cref="BlockCoder"/>.</summary>
    Coded = 1,

    /// <summary>As hyperwords in a group (<see cref="Deep.FoldGroup"/>); the payload says where.</summary>
    Grouped = 2,
}

/// <summary>The head of a block record; the payload follows the record.</summary>
/// <param name="Mode">How the payload is made.</param>
/// <param name="PayloadLength">Bytes that follow.</param>
/// <param name="RawLength">Bytes they unfold to.</param>
/// <param name="Hyperwords">Hyperwords in the block.</param>
/// <param name="Scenes">Scenes in the block.</param>
/// <param name="PayloadCrc">CRC-32C of the payload.</param>
/// <param name="RawCrc">CRC-32C of the unfolded bytes.</param>
readonly record struct FoldBlock(BlockMode Mode, int PayloadLength, int RawLength, int Hyperwords, int Scenes, uint PayloadCrc, uint RawCrc)
{
    /// <summary>No block unfolds to more; a larger figure is a damaged one.</summary>
    public const int MostRaw = 1 << 27;

    public byte[] ToHead()
    {
        var to = new ByteWriter();
        to.Byte((int)Mode);
        to.Number(PayloadLength);
        to.Number(RawLength);
        to.Number(Hyperwords);
        to.Number(Scenes);
        to.UInt32(PayloadCrc);
        to.UInt32(RawCrc);
        return to.Written.ToArray();
    }

    /// <exception cref="DumException">The head contradicts itself.</exception>
    public static FoldBlock FromHead(ReadOnlySpan<byte> head)
    {
        var from = new ByteReader(head, Tongue.Say("a block's head", "заголовок блока"));
        int mode = from.Byte();
        int payload = (int)from.Number(MostRaw), raw = (int)from.Number(MostRaw);
        int words = (int)from.Number(raw), scenes = (int)from.Number(words);
        var block = new FoldBlock((BlockMode)mode, payload, raw, words, scenes, from.UInt32(), from.UInt32());
        return mode > 2 || (mode == 0 && payload != raw) ? throw from.Damaged() : block;
    }
}

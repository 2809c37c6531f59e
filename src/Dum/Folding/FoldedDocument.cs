using Dum.Coding;

namespace Dum.Folding;

/// <summary>What a folded document was.</summary>
public enum DocumentKind
{
    /// <summary>A file.</summary>
    File = 0,

    /// <summary>A folder that held nothing.</summary>
    EmptyFolder = 1,
}

/// <summary>A block of a document as its record lists it.</summary>
/// <param name="Offset">Where the block's record starts in the file.</param>
/// <param name="Bytes">Bytes it unfolds to.</param>
/// <param name="Scenes">Scenes it holds.</param>
public readonly record struct BlockPlace(long Offset, int Bytes, int Scenes);

/// <summary>One document of a folded file.</summary>
public sealed record FoldedDocument
{
    internal const int MostName = 4096;

    /// <summary>Relative path with forward slashes; empty for standard input.</summary>
    public required string Name { get; init; }

    /// <summary>File or empty folder.</summary>
    public DocumentKind Kind { get; init; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset Modified { get; init; }

    /// <summary>Unix permission bits, 0 when not known.</summary>
    public int UnixMode { get; init; }

    /// <summary>Bytes of the original.</summary>
    public long Bytes { get; init; }

    /// <summary>Hyperwords, scenes and episodes it was folded to.</summary>
    public long Hyperwords { get; init; }

    /// <summary>Scenes: positions of the main model.</summary>
    public long Scenes { get; init; }

    /// <summary>Scenes of scenes.</summary>
    public long Episodes { get; init; }

    /// <summary>SHA-256 of the original, 64 hexadecimal digits.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Where its blocks are.</summary>
    public IReadOnlyList<BlockPlace> Blocks { get; init; } = [];

    /// <summary>Where its own record stands in the file.</summary>
    internal long Offset { get; init; }

    internal byte[] ToHead()
    {
        var to = new ByteWriter();
        to.Number(Offset);
        to.Text(Name);
        to.Byte((int)Kind);
        to.UInt64((ulong)Modified.ToUnixTimeMilliseconds());
        to.Number(UnixMode);
        to.Number(Bytes);
        to.Number(Hyperwords);
        to.Number(Scenes);
        to.Number(Episodes);
        to.Bytes(Convert.FromHexString(Sha256));
        to.Number(Blocks.Count);
        long before = 0;
        foreach (BlockPlace block in Blocks)
        {
            to.Number(block.Offset - before);
            to.Number(block.Bytes);
            to.Number(block.Scenes);
            before = block.Offset;
        }
        return to.Written.ToArray();
    }

    internal static FoldedDocument FromHead(ReadOnlySpan<byte> head)
    {
        var from = new ByteReader(head, Tongue.Say("a document's record", "запись документа"));
        long place = from.Number(long.MaxValue);
        string name = from.Text(MostName);
        int kind = from.Byte();
        long modified = Math.Clamp((long)from.UInt64(), DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        int mode = (int)from.Number(0xFFF);
        long bytes = from.Number(long.MaxValue), words = from.Number(bytes), scenes = from.Number(words), episodes = from.Number(scenes);
        string hash = Convert.ToHexStringLower(from.Bytes(32));
        var blocks = new BlockPlace[from.Count(3)];
        long offset = 0, total = 0;
        for (int i = 0; i < blocks.Length; i++)
        {
            offset += from.Number(long.MaxValue - offset);
            blocks[i] = new BlockPlace(offset, (int)from.Number(FoldBlock.MostRaw), (int)from.Number(FoldBlock.MostRaw));
            total += blocks[i].Bytes;
        }
        if (total != bytes || kind > 1 || from.Left != 0)
            throw from.Damaged();
        return new FoldedDocument
        {
            Offset = place,
            Name = name,
            Kind = (DocumentKind)kind,
            Modified = DateTimeOffset.FromUnixTimeMilliseconds(modified),
            UnixMode = mode,
            Bytes = bytes,
            Hyperwords = words,
            Scenes = scenes,
            Episodes = episodes,
            Sha256 = hash,
            Blocks = blocks,
        };
    }
}

using System.IO.Compression;
using Dum.Folding;
using Dum.Lexicon;

namespace Dum.Mind.Store;

/// <summary>Pieces compressed together: quickly when they come in, as a folded file when the memory is compacted.</summary>
static class Pack
{
    /// <summary>How a pack is kept.</summary>
    public const int Quick = 1, Folded = 2;

    /// <summary>A pack is closed at so many bytes.</summary>
    public const int Enough = 1 << 18;

    public static byte[] Squeeze(ReadOnlySpan<byte> raw)
    {
        var to = new byte[BrotliEncoder.GetMaxCompressedLength(raw.Length) + 64];
        return BrotliEncoder.TryCompress(raw, to, out int n, quality: 4, window: 18) ? to[..n] : throw new InvalidOperationException("the room for compression was too small");
    }

    public static byte[] Fold(byte[] raw)
    {
        using var to = new MemoryStream();
        var writer = new FoldWriter(to, LexiconFile.Default, new FoldOptions { BlockBytes = 1 << 18 });
        writer.Add(new FoldedDocument { Name = "pack" }, new MemoryStream(raw));
        writer.Finish();
        return to.ToArray();
    }

    /// <exception cref="DumException">The pack is damaged.</exception>
    public static byte[] Open(int codec, long length, byte[] data)
    {
        if (length is < 0 or > 1 << 30)
            throw Damaged();
        var raw = new byte[length];
        if (codec == Quick)
            return BrotliDecoder.TryDecompress(data, raw, out int n) && n == length ? raw : throw Damaged();
        if (codec != Folded)
            throw Damaged();
        using var to = new MemoryStream(raw);
        var reader = new FoldReader(new MemoryStream(data), "pack", LexiconFile.Default);
        if (reader.Documents.Count != 1 || reader.Documents[0].Bytes != length)
            throw Damaged();
        reader.Unfold(reader.Documents[0], to);
        return raw;
    }

    static DumException Damaged() => Damage.Of("a pack of originals is damaged", "пачка подлинников повреждена");
}

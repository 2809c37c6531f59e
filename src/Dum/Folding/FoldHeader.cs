using Dum.Coding;
using Dum.Numerics;
using Dum.Scenes;

namespace Dum.Folding;

/// <summary>The first 40 bytes of a folded file, repeated in its directory: what is needed to read the rest.</summary>
/// <param name="LexiconId">The lexicon that coded it; in a deep file the language model, which its lexicon is part of.</param>
/// <param name="Profile">The coder's version; the same lexicon and profile decode to the same bytes on every machine.</param>
/// <param name="Rule">Where scenes end.</param>
/// <param name="Deep">Whether a language model coded it: another version, so that programs that know of none say so.</param>
sealed record FoldHeader(string LexiconId, int Profile, SceneRule Rule, bool Deep = false)
{
    public const int Length = 40;
    const int FastVersion = 1, DeepVersion = 2;

    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'D', (byte)'U', (byte)'M', 0x0D, 0x0A, 0x1A, 0x0A];

    public byte[] ToBytes()
    {
        var to = new ByteWriter();
        to.Bytes(Magic);
        to.UInt16(Deep ? DeepVersion : FastVersion);
        to.UInt16(Profile);
        to.Bytes(Convert.FromHexString(LexiconId));
        foreach (int n in (ReadOnlySpan<int>)[Rule.Least, Rule.ClauseLeast, Rule.Most, Rule.EpisodeLeast, Rule.EpisodeEnough, Rule.EpisodeMost, 0, 0])
            to.Byte(n);
        to.UInt32(Crc32C.Of(to.Written));
        return to.Written.ToArray();
    }

    /// <returns>Null when the bytes are damaged or something else altogether.</returns>
    /// <exception cref="DumException">Whole, but of another version.</exception>
    public static FoldHeader? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Length || !bytes[..Magic.Length].SequenceEqual(Magic))
            return null;
        var from = new ByteReader(bytes[..Length], Tongue.Say("the header", "заголовок"));
        from.Bytes(Magic.Length);
        int version = from.UInt16(), profile = from.UInt16();
        string id = Convert.ToHexStringLower(from.Bytes(16));
        var rule = new SceneRule
        {
            Least = from.Byte(),
            ClauseLeast = from.Byte(),
            Most = from.Byte(),
            EpisodeLeast = from.Byte(),
            EpisodeEnough = from.Byte(),
            EpisodeMost = from.Byte(),
        };
        from.Bytes(2);
        if (from.UInt32() != Crc32C.Of(bytes[..(Length - 4)]))
            return null;
        if (version is not (FastVersion or DeepVersion))
            throw new DumException(Tongue.Say(
                $"the folded file is of version {version}, this program reads versions up to {DeepVersion}: unfold it with a newer program",
                $"свёрнутый файл версии {version}, программа читает версии до {DeepVersion}: возьмите более новую программу"));
        return new FoldHeader(id, profile, rule.Checked(), version == DeepVersion);
    }
}

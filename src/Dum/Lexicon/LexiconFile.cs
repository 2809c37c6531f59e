using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Dum.Coding;
using Dum.Files;
using Dum.Numerics;

namespace Dum.Lexicon;

/// <summary>
/// A lexicon as it is kept: vocabulary, how it was made, and the statistics that the fold coder starts from.
/// File format (<c>.dumlex</c>), little-endian: magic, version, id, then three sections — merges, facts (JSON), prior —
/// each with its length and CRC-32C.
/// </summary>
public sealed class LexiconFile
{
    const int Version = 1, HeaderLength = 8 + 4 + 16 + 4, IdLength = 16;
    const long MostBytes = 1L << 30;

    static ReadOnlySpan<byte> Magic => [0x89, (byte)'D', (byte)'U', (byte)'M', (byte)'L', (byte)'E', (byte)'X', (byte)'\n'];

    readonly ReadOnlyMemory<byte> _merges, _facts, _priorBytes;
    readonly Lazy<CoderPrior> _prior;

    LexiconFile(ReadOnlyMemory<byte> merges, ReadOnlyMemory<byte> facts, ReadOnlyMemory<byte> prior, string id, Vocabulary vocabulary)
    {
        (_merges, _facts, _priorBytes, Id, Vocabulary) = (merges, facts, prior, id, vocabulary);
        _prior = new Lazy<CoderPrior>(() => CoderPrior.Read(_priorBytes, Vocabulary.Count));
    }

    /// <summary>Names what folded files depend on: SHA-256 over merges and prior, first 16 bytes, as 32 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>The hyperwords.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>Size of the lexicon in bytes as a file.</summary>
    public long Bytes => HeaderLength + 3 * 8 + _merges.Length + _facts.Length + (long)_priorBytes.Length;

    /// <summary>How the lexicon was made.</summary>
    public LexiconFacts Facts =>
        JsonSerializer.Deserialize(_facts.Span, LexiconJson.Default.LexiconFacts) ?? new LexiconFacts("", 0, []);

    /// <summary>The lexicon that ships with the product: Russian and English, 65,536 entries.</summary>
    /// <exception cref="DumException">The program was built without it (exit code 3).</exception>
    public static LexiconFile Default => s_default.Value;

    static readonly Lazy<LexiconFile> s_default = new(LoadDefault);

    internal CoderPrior Prior => _prior.Value;

    /// <summary>Starts building encoder and prior on other threads, so that both are ready sooner; returns at once.</summary>
    internal void Warm(bool encoder)
    {
        Task.Run(() => _prior.Value);
        if (encoder)
            Task.Run(() => Vocabulary.Encoder);
    }

    internal static LexiconFile Create(Vocabulary vocabulary, LexiconFacts facts, CoderPrior prior)
    {
        var merges = new ByteWriter();
        merges.Number(vocabulary.Count - Vocabulary.ByteCount);
        for (int id = Vocabulary.ByteCount; id < vocabulary.Count; id++)
        {
            merges.Number(vocabulary.MergeOf(id).Left);
            merges.Number(vocabulary.MergeOf(id).Right);
        }
        var priorBytes = new ByteWriter();
        prior.Write(priorBytes);
        byte[] mergeArray = merges.Written.ToArray(), priorArray = priorBytes.Written.ToArray();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(mergeArray);
        hash.AppendData(priorArray);
        string id16 = Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, IdLength));
        // Read back, so that what is in use is what a reader of the file will have.
        vocabulary = ReadMerges(mergeArray, Tongue.Say("the lexicon", "лексикон"));
        return new LexiconFile(mergeArray, JsonSerializer.SerializeToUtf8Bytes(facts, LexiconJson.Default.LexiconFacts), priorArray, id16, vocabulary);
    }

    /// <summary>Reads a lexicon file.</summary>
    /// <exception cref="DumException">Missing, torn, of another format or another version.</exception>
    public static LexiconFile Load(string path)
    {
        byte[] bytes;
        try
        {
            if (Directory.Exists(path))
                throw new DumException(Tongue.Say($"{path} is a folder: give a lexicon's file", $"{path} — папка: укажите файл лексикона"));
            if (!File.Exists(path))
                throw new DumException(Tongue.Say($"the lexicon {path} does not exist", $"лексикона {path} нет")) { ExitCode = 3 };
            if (new FileInfo(path) is { Exists: true, Length: > MostBytes })
                throw new DumException(Tongue.Say($"{path} is too large to be a lexicon", $"{path} слишком велик для лексикона"));
            FileKind.Require(path);
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DumException(Tongue.Say($"cannot read the lexicon {path}: {FileFault.Reason(e)}", $"лексикон {path} не читается: {FileFault.Reason(e)}"), e);
        }
        return Read(bytes, path);
    }

    /// <summary>Reads a lexicon from memory.</summary>
    /// <param name="bytes">The whole file; it must not change while the lexicon lives.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="DumException">Torn, of another format or another version.</exception>
    public static LexiconFile Read(ReadOnlyMemory<byte> bytes, string name)
    {
        if (bytes.Length < HeaderLength || !bytes.Span[..Magic.Length].SequenceEqual(Magic))
            throw new DumException(Tongue.Say(
                $"{name} is not a lexicon of 40kDUM: make one with 'dum lexicon train'", $"{name} — не лексикон 40kDUM: создайте его командой 'dum lexicon train'"));
        var from = new ByteReader(bytes.Span, name);
        from.Bytes(Magic.Length);
        uint version = from.UInt32();
        if (version != Version)
            throw new DumException(Tongue.Say(
                $"{name} is a lexicon of version {version}, this program reads version {Version}", $"{name}: лексикон версии {version}, программа читает версию {Version}"));
        string id = Convert.ToHexStringLower(from.Bytes(IdLength));
        if (from.UInt32() != Crc32C.Of(bytes.Span[..(HeaderLength - 4)]))
            throw from.Damaged();
        ReadOnlyMemory<byte> merges = Section(ref from), facts = Section(ref from), prior = Section(ref from);
        return new LexiconFile(merges, facts, prior, id, ReadMerges(merges.Span, name));

        ReadOnlyMemory<byte> Section(ref ByteReader from)
        {
            uint length = from.UInt32(), crc = from.UInt32();
            if (length > from.Left)
                throw from.Damaged();
            ReadOnlyMemory<byte> section = bytes.Slice(from.Position, (int)length);
            if (Crc32C.Of(from.Bytes((int)length)) != crc)
                throw from.Damaged();
            return section;
        }
    }

    /// <summary>Writes the lexicon beside <paramref name="path"/> and renames it over it.</summary>
    public void Save(string path) => SafeFile.Write(path, stream =>
    {
        var header = new ByteWriter();
        header.Bytes(Magic);
        header.UInt32(Version);
        header.Bytes(Convert.FromHexString(Id));
        header.UInt32(Crc32C.Of(header.Written));
        stream.Write(header.Written);
        foreach (ReadOnlyMemory<byte> section in (ReadOnlySpan<ReadOnlyMemory<byte>>)[_merges, _facts, _priorBytes])
        {
            var head = new ByteWriter();
            head.UInt32((uint)section.Length);
            head.UInt32(Crc32C.Of(section.Span));
            stream.Write(head.Written);
            stream.Write(section.Span);
        }
    });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static Vocabulary ReadMerges(ReadOnlySpan<byte> bytes, string name)
    {
        var from = new ByteReader(bytes, name);
        int count = from.Count(2);
        var merges = new (int, int)[count];
        for (int i = 0; i < count; i++)
            merges[i] = ((int)from.Number(Vocabulary.MaxCount), (int)from.Number(Vocabulary.MaxCount));
        // The trainer gives an entry its id only after checking that it encodes to itself.
        return Vocabulary.FromMerges(merges, allReachable: true);
    }

    static LexiconFile LoadDefault()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "models", "default.dumlex");
        return File.Exists(path) ? Load(path) : throw new DumException(Tongue.Say(
            $"the default lexicon is missing at {path}: build the program again from a whole clone",
            $"нет лексикона по умолчанию ({path}): соберите программу заново из целого репозитория"))
        { ExitCode = 3 };
    }
}

using System.Text.Json;
using Dum.Files;

namespace Dum.Lexicon.Foreign;

/// <summary>Finds out from its content what kind of tokenizer a file or folder holds, and has it read.</summary>
static class TokenizerFile
{
    // The largest published tokenizer.json files are below 40 MB.
    public const int MaxFileBytes = 256 << 20;

    static readonly string[] s_known = ["tokenizer.json", "vocab.json", "encoder.json", "tokenizer.model"];

    /// <param name="path">A file or folder.</param>
    /// <param name="rule">The pre-tokenizer that the caller asks for.</param>
    /// <param name="textAsIs">See <see cref="TokenizerSource.TakesTextAsIs"/>.</param>
    public static ForeignTokenizer Load(string path, PreTokenizer? rule, bool textAsIs = false)
    {
        if (Directory.Exists(path))
        {
            string? file = s_known.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists) ??
                Directory.EnumerateFiles(path, "*.tiktoken").Order(StringComparer.Ordinal).FirstOrDefault();
            return file is not null
                ? Load(file, rule, NameOf(path), textAsIs)
                : throw new DumException(Tongue.Say(
                    $"no tokenizer in the folder {path}: expected {string.Join(", ", s_known)} or *.tiktoken",
                    $"в папке {path} нет токенизатора: нужен {string.Join(", ", s_known)} или *.tiktoken"))
                { ExitCode = 3 };
        }
        return Load(path, rule, NameOf(path), textAsIs);
    }

    static ForeignTokenizer Load(string file, PreTokenizer? rule, string name, bool textAsIs)
    {
        try
        {
            if (!File.Exists(file))
                throw new DumException(Tongue.Say(
                    $"{file} does not exist: give a tokenizer's file or folder", $"{file} не существует: укажите файл или папку токенизатора"))
                { ExitCode = 3 };
            var source = new TokenizerSource(file, name, rule) { TakesTextAsIs = textAsIs };
            byte[] head = Head(file);
            if (head.AsSpan().StartsWith("GGUF"u8))
                return GgufFormat.Read(source);
            byte[] bytes = ReadAll(file);
            ReadOnlySpan<byte> start = bytes.AsSpan().TrimStart(" \t\r\n"u8);
            if (start.IsEmpty)
                throw source.Bad("it is empty", "файл пуст");
            if (start[0] == '{')
                return FromJson(source, bytes);
            // Only their name and neighbour tell a list of merges without its version line from other text.
            if (start.StartsWith("#version"u8) || file.EndsWith("vocab.bpe", StringComparison.Ordinal) || file.EndsWith("merges.txt", StringComparison.Ordinal))
                return MergesFormat.Read(source, ReadAll(Companion(source, "vocab.bpe", "encoder.json", "merges.txt", "vocab.json")), bytes);
            if (TiktokenFormat.Looks(start))
                return TiktokenFormat.Read(source, bytes);
            if (TokBinFormat.Looks(bytes))
                return TokBinFormat.Read(source, bytes);
            if (SentencePieceFormat.Looks(bytes))
                return SentencePieceFormat.Read(source, bytes);
            throw source.Bad(
                "it is none of: tiktoken ranks, vocab.json with merges.txt, tokenizer.json, SentencePiece .model, GGUF, llama2.c's .bin",
                "это не ранги tiktoken, не vocab.json с merges.txt, не tokenizer.json, не .model SentencePiece, не GGUF и не .bin из llama2.c");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DumException(Tongue.Say($"cannot read the tokenizer {file}: {FileFault.Reason(e)}", $"токенизатор {file} не читается: {FileFault.Reason(e)}"), e);
        }
    }

    static ForeignTokenizer FromJson(TokenizerSource source, byte[] bytes)
    {
        using JsonDocument json = ParseJson(source, bytes);
        return json.RootElement.TryGetProperty("model", out JsonElement model) && model.ValueKind == JsonValueKind.Object
            ? HuggingFaceFormat.Read(source, json.RootElement, model)
            : MergesFormat.Read(source, bytes, ReadAll(Companion(source, "encoder.json", "vocab.bpe", "vocab.json", "merges.txt")));
    }

    public static JsonDocument ParseJson(TokenizerSource source, byte[] bytes)
    {
        try
        {
            ReadOnlyMemory<byte> text = bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;
            var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 64 });
            return json.RootElement.ValueKind == JsonValueKind.Object ? json : throw source.Bad("its JSON is not an object", "JSON — не объект");
        }
        catch (JsonException e)
        {
            // The message may quote the text it stumbled over, line ends and all.
            string why = e.Message.Split('.', '\r', '\n')[0];
            throw source.Bad($"it is not valid JSON ({why})", $"в нём негодный JSON ({why})");
        }
    }

    /// <summary>The other file of a pair, beside this one: the same name with the one ending in place of the other.</summary>
    static string Companion(TokenizerSource source, params ReadOnlySpan<string> pairs)
    {
        string folder = Path.GetDirectoryName(source.File) ?? "", name = Path.GetFileName(source.File);
        for (int i = 0; i < pairs.Length; i += 2)
        {
            if (!name.EndsWith(pairs[i], StringComparison.Ordinal))
                continue;
            string other = Path.Combine(folder, name[..^pairs[i].Length] + pairs[i + 1]);
            return File.Exists(other) ? other : throw new DumException(Tongue.Say(
                $"{source.File} needs {Path.GetFileName(other)} beside it", $"рядом с {source.File} нужен {Path.GetFileName(other)}"))
            { ExitCode = 3 };
        }
        throw source.Bad(
            "vocabulary and merges must be named vocab.json and merges.txt, or encoder.json and vocab.bpe",
            "словарь и слияния должны называться vocab.json и merges.txt или encoder.json и vocab.bpe");
    }

    static byte[] Head(string file)
    {
        using FileStream stream = File.OpenRead(file);
        var head = new byte[4];
        return head[..stream.ReadAtLeast(head, 4, throwOnEndOfStream: false)];
    }

    static byte[] ReadAll(string file)
    {
        long length = new FileInfo(file).Length;
        return length <= MaxFileBytes
            ? File.ReadAllBytes(file)
            : throw new DumException(Tongue.Say(
                $"{file} is larger than any tokenizer ({length} bytes): give a tokenizer's file",
                $"{file} больше любого токенизатора ({length} байт): укажите файл токенизатора"));
    }

    static string NameOf(string path)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        foreach (string ending in (ReadOnlySpan<string>)[".tiktoken", ".gguf", ".json", ".model", ".txt", ".bpe", ".tokenizer", ".encoder", ".vocab"])
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                name = name[..^ending.Length];
        return name;
    }
}

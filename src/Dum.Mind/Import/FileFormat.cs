using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dum.Mind.Store;

namespace Dum.Mind.Import;

/// <summary>What a file is, told by its content; the name decides only between Markdown and plain text.</summary>
sealed class FileFormat
{
    /// <summary>The name of no format.</summary>
    public const string Unknown = "unknown";

    const int HeadBytes = 1 << 16, MostText = 1 << 20;

    /// <summary>A turn in the shape of every export at once, and the shortest one that is a turn in any.</summary>
    static readonly byte[] s_wordless = [.. "{\"text\":\" \",\"content\":{\"text\":\" \"}}"u8], s_least = [.. "{\"t\":\" \"}"u8];

    FileFormat(string name) => Name = name;

    /// <summary>json, jsonl, nexus, mbox, markdown, text, or unknown.</summary>
    public string Name { get; }

    /// <summary>The format of a file that was imported before, by its name.</summary>
    public static FileFormat Of(string name) => new(name);

    /// <summary>Looks at the beginning of a file.</summary>
    public static FileFormat Detect(ReadOnlySpan<byte> head, string name)
    {
        ReadOnlySpan<byte> bare = head.StartsWith(new byte[] { 0xEF, 0xBB, 0xBF }) ? head[3..] : head;
        bare = bare.TrimStart(" \t\r\n"u8);
        if (NexusImport.Is(bare))
            return new("nexus");
        if (MailImport.Is(bare))
            return new("mbox");
        if (head.IndexOf((byte)0) >= 0)
            return new(Unknown);
        if (IsJson(bare))
            return new(bare[0] == (byte)'{' && IsJsonLine(bare, head.Length == HeadBytes) ? "jsonl" : "json");
        if (!IsText(head))
            return new(Unknown);
        return new(name.EndsWith(".md", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".markdown", StringComparison.OrdinalIgnoreCase) ? "markdown" : "text");
    }

    /// <summary>Reads the head of a stream without losing it.</summary>
    public static (byte[] Head, Stream Whole) Peek(Stream stream)
    {
        byte[] room = ArrayPool<byte>.Shared.Rent(HeadBytes);
        int n = stream.ReadAtLeast(room.AsSpan(0, HeadBytes), HeadBytes, throwOnEndOfStream: false);
        byte[] head = room[..n];
        ArrayPool<byte>.Shared.Return(room);
        return (head, new HeadedStream(head, stream));
    }

    /// <summary>The pieces of a file of this format.</summary>
    public IEnumerable<Piece> Cut(Stream stream) => Name switch
    {
        "json" => new JsonArrayCutter(stream).Read(),
        "jsonl" => new LineCutter(stream, 1 << 18, fault: JsonArrayCutter.TooLong(LineCutter.MostRecord)).Read(),
        "mbox" => new LineCutter(stream, 1 << 18, MostText, mayEnd: MailImport.Begins).Read(),
        "nexus" => new LineCutter(stream, 1 << 25).Read(),
        _ => new LineCutter(stream, MostText, MostText).Read(),
    };

    /// <summary>What a piece holds.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="number">Its place among the pieces of its file.</param>
    /// <param name="file">Names the file in keys.</param>
    /// <param name="modified">When the file was changed, in milliseconds since 1970.</param>
    public PieceContent Understand(Piece piece, int number, string file, long modified)
    {
        // The path itself would stand in the store for every small conversation of the file.
        string key = $"{Name}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file)).AsSpan(0, 8))}#{number}", title = Path.GetFileNameWithoutExtension(file);
        if (piece.Fault is { } fault)
        {
            var content = new PieceContent();
            content.Gaps.Add(new Gap(0, piece.Bytes.Length, fault));
            return content;
        }
        return Name switch
        {
            "json" => JsonImport.Record(piece.Bytes, key),
            "jsonl" => JsonImport.Lines(piece.Bytes, key),
            "mbox" => MailImport.Read(piece.Bytes, key),
            "nexus" => NexusImport.Read(piece.Bytes, key),
            _ => TextImport.Read(piece.Bytes, key, title, Name, modified),
        };
    }

    /// <summary>
    /// A piece with what was forgotten in it written so that the rest is understood as before: a turn without words in JSON, which knows no
    /// gaps; an empty letter in mail; empty lines elsewhere.
    /// </summary>
    /// <param name="piece">The bytes; never changed.</param>
    /// <param name="blanks">Where spaces stand for what was forgotten, in rising order.</param>
    public byte[] Readable(byte[] piece, IReadOnlyList<Stretch> blanks)
    {
        if (blanks.Count == 0)
            return piece;
        byte[] readable = [.. piece];
        long done = 0;
        foreach (Stretch blank in blanks)
        {
            if (blank.At < done)
                continue;
            done = blank.At + blank.Bytes;
            Span<byte> room = readable.AsSpan((int)blank.At, (int)blank.Bytes);
            room.Fill(Name is "json" or "jsonl" ? (byte)' ' : (byte)'\n');
            ReadOnlySpan<byte> stand = Name switch
            {
                "json" or "jsonl" => room.Length >= s_wordless.Length ? s_wordless : s_least,
                "mbox" => "From "u8,
                _ => [],
            };
            if (stand.Length <= room.Length)
                stand.CopyTo(room);
        }
        return readable;
    }

    /// <summary>JSON as far as can be seen; or the usual start of records, however damaged what follows is.</summary>
    static bool IsJson(ReadOnlySpan<byte> bare)
    {
        if (bare.Length == 0 || bare[0] is not ((byte)'{' or (byte)'['))
            return false;
        ReadOnlySpan<byte> inside = bare[1..].TrimStart(" \t\r\n"u8);
        if (inside.Length == 0 || (bare[0] == (byte)'{' ? inside[0] == (byte)'"' : inside[0] == (byte)'{'))
            return true;
        try
        {
            var reader = new Utf8JsonReader(bare, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { AllowTrailingCommas = true }));
            while (reader.Read())
            {
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Objects on lines of their own; also one that reaches beyond what can be seen: it is a line as far as is known.</summary>
    static bool IsJsonLine(ReadOnlySpan<byte> bare, bool isCut)
    {
        int end = bare.IndexOf((byte)'\n');
        try
        {
            var reader = new Utf8JsonReader(end < 0 ? bare : bare[..end], isFinalBlock: end >= 0, default);
            while (reader.Read())
            {
            }
            // One object alone is JSON as well; more lines of objects are JSONL.
            return end < 0 ? isCut : bare[end..].TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static bool IsText(ReadOnlySpan<byte> head)
    {
        int odd = 0, at = 0;
        while (at < head.Length)
        {
            var status = Rune.DecodeFromUtf8(head[at..], out Rune rune, out int n);
            odd += (status == OperationStatus.InvalidData || (Rune.IsControl(rune) && rune.Value is not ('\n' or '\r' or '\t' or '\f' or 0x1b))) ? 1 : 0;
            at += Math.Max(1, n);
        }
        return odd <= head.Length / 50;
    }
}

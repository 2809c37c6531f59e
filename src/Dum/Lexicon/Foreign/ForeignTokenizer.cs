using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Dum.Lexicon.Foreign;

/// <summary>
/// A tokenizer read from its own published files, with its own ids and exactly its own counts. Thread-safe.
/// Special tokens (<c>&lt;|endoftext|&gt;</c>, <c>&lt;s&gt;</c>) are neither added nor recognised: text is text.
/// Bytes that are not UTF-8 are read as U+FFFD, as the original libraries read them, so such a text does not come back.
/// </summary>
/// <example><code>
/// var o200k = ForeignTokenizer.Load("o200k_base.tiktoken");
/// int units = o200k.CountUnits("hello world"u8); // 2
/// </code></example>
public sealed class ForeignTokenizer
{
    const int FirstScratch = 4096;

    readonly TokenTable? _tokens;
    readonly Vocabulary? _own;
    readonly Merger _merger;
    readonly PreTokenizer _rule;
    readonly bool _spaces, _prefix;

    /// <param name="name">Shown to the user.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="merger">How pieces are merged.</param>
    /// <param name="rule">How text is cut into pieces.</param>
    /// <param name="spaces">True where the file writes a space as U+2581, so that the two are the same in text.</param>
    /// <param name="prefix">True where a text gets a space in front.</param>
    internal ForeignTokenizer(string name, TokenTable tokens, Merger merger, PreTokenizer rule, bool spaces = false, bool prefix = false)
    {
        (Name, Count) = (name, tokens.Count);
        (_tokens, _merger, _rule, _spaces, _prefix) = (tokens, merger, rule, spaces, prefix);
    }

    ForeignTokenizer(string name, Vocabulary own)
    {
        (Name, Count, _own, _rule) = (name, own.Count, own, PreTokenizer.None);
        _merger = new LinearMerger(own, new TokenTable(0), [.. Enumerable.Range(0, own.Count)], new(ByteStringComparer.Instance));
    }

    /// <summary>The file's or folder's name, without its ending.</summary>
    public string Name { get; }

    /// <summary>Entries of the vocabulary that the file lists (one more than the highest id).</summary>
    public int Count { get; }

    /// <summary>The rule that cuts a text into pieces.</summary>
    public PreTokenizer PreTokenizer => _rule;

    /// <summary>True when the rules fit our linear encoder; false when a plain heap merges them, exactly but more slowly.</summary>
    public bool RunsOnLinearEncoder => _merger is LinearMerger;

    /// <summary>True where a text gets a space in front, which decoding takes away again.</summary>
    internal bool AddsSpace => _prefix;

    /// <summary>Ids of tokens that stand for no text, by their names.</summary>
    internal IReadOnlyDictionary<string, int> Controls => _tokens?.Controls ?? [];

    /// <summary>The pieces with their scores where the file lists such (SentencePiece), else null.</summary>
    internal IReadOnlyList<Piece>? Pieces { get; init; }

    /// <summary>Our own vocabulary where this is a door to it, else null.</summary>
    internal Vocabulary? Own => _own;

    /// <summary>
    /// Reads a tokenizer. The format is found from the content: tiktoken ranks; <c>vocab.json</c> and <c>merges.txt</c>
    /// (or <c>encoder.json</c> and <c>vocab.bpe</c>), given as their folder or as either file; Hugging Face
    /// <c>tokenizer.json</c>; a SentencePiece <c>.model</c>; a GGUF file; llama2.c's <c>.bin</c>.
    /// </summary>
    /// <param name="path">A file or folder.</param>
    /// <param name="rule">The pre-tokenizer, where neither the file nor its name says which one belongs to it.</param>
    /// <exception cref="DumException">The file is missing, damaged, of another format, or of a kind that is not supported.</exception>
    public static ForeignTokenizer Load(string path, PreTokenizer? rule = null) => TokenizerFile.Load(path, rule);

    /// <summary>Our own vocabulary behind the same door; it takes any bytes as they are.</summary>
    public static ForeignTokenizer From(Vocabulary vocabulary, string name) => new(name, vocabulary);

    /// <summary>The ids of a text.</summary>
    public int[] Encode(ReadOnlySpan<byte> text)
    {
        byte[]? prepared = Prepare(ref text);
        int[] ids = ArrayPool<int>.Shared.Rent(Math.Max(text.Length, 1));
        try
        {
            int n = 0;
            ref byte bytes = ref MemoryMarshal.GetReference(text);
            for (int start = 0; start < text.Length;)
            {
                int end = _rule.Next(ref bytes, start, text.Length);
                n += _merger.Encode(text[start..end], ids.AsSpan(n));
                start = end;
            }
            return ids.AsSpan(0, n).ToArray();
        }
        finally
        {
            ArrayPool<int>.Shared.Return(ids);
            Return(prepared);
        }
    }

    /// <summary>How many ids <see cref="Encode"/> gives.</summary>
    public int CountUnits(ReadOnlySpan<byte> text)
    {
        byte[]? prepared = Prepare(ref text);
        int[] scratch = ArrayPool<int>.Shared.Rent(FirstScratch);
        try
        {
            int n = 0;
            ref byte bytes = ref MemoryMarshal.GetReference(text);
            for (int start = 0; start < text.Length;)
            {
                int end = _rule.Next(ref bytes, start, text.Length);
                if (end - start > scratch.Length)
                {
                    ArrayPool<int>.Shared.Return(scratch);
                    scratch = ArrayPool<int>.Shared.Rent(end - start);
                }
                n += _merger.Count(text[start..end], scratch);
                start = end;
            }
            return n;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(scratch);
            Return(prepared);
        }
    }

    /// <summary>The bytes of one token; none for a control token or an id without a token.</summary>
    internal ReadOnlySpan<byte> BytesOf(int id) =>
        _own is null ? _tokens![id] : (uint)id < (uint)_own.Count ? _own[id] : default;

    /// <summary>The bytes that ids stand for. Control tokens stand for none.</summary>
    /// <exception cref="DumException">An id is not in the vocabulary.</exception>
    public byte[] Decode(ReadOnlySpan<int> ids)
    {
        var text = new ArrayBufferWriter<byte>(Math.Max(16, ids.Length * 4));
        foreach (int id in ids)
        {
            if (_own is not null && (uint)id < (uint)_own.Count)
                text.Write(_own[id]);
            else if (_tokens?[id] is { } bytes)
                text.Write(bytes);
            else
                throw new DumException(Tongue.Say(
                    $"{Name} has no token {id}: these ids are of another tokenizer", $"в {Name} нет токена {id}: это номера другого токенизатора"));
        }
        ReadOnlySpan<byte> all = text.WrittenSpan;
        return (_prefix && all.Length > 0 && all[0] == ' ' ? all[1..] : all).ToArray();
    }

    /// <summary>Replaces <paramref name="text"/> by what the rules are applied to, in a rented array, where it differs.</summary>
    byte[]? Prepare(ref ReadOnlySpan<byte> text)
    {
        if (_own is not null || text.IsEmpty)
            return null;
        if (!Utf8.IsValid(text))
            text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));
        bool marks = _spaces && text.IndexOf("▁"u8) >= 0;
        if (!_prefix && !marks)
            return null;
        byte[] room = ArrayPool<byte>.Shared.Rent(text.Length + 1);
        int n = 0;
        if (_prefix)
            room[n++] = (byte)' ';
        for (int at; marks && (at = text.IndexOf("▁"u8)) >= 0; text = text[(at + 3)..])
        {
            text[..at].CopyTo(room.AsSpan(n));
            room[n + at] = (byte)' ';
            n += at + 1;
        }
        text.CopyTo(room.AsSpan(n));
        text = room.AsSpan(0, n + text.Length);
        return room;
    }

    static void Return(byte[]? rented)
    {
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }
}

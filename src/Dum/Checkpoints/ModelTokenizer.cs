using System.Collections.Frozen;
using Dum.Lexicon;
using Dum.Lexicon.Foreign;

namespace Dum.Checkpoints;

/// <summary>
/// A tokenizer as generation needs it: text to ids, one id to its bytes, and the ids that begin and end a text.
/// Thread-safe.
/// </summary>
public sealed class ModelTokenizer
{
    // Tokens by which chat models end their turn, whatever their settings name (llama.cpp looks for the same).
    static readonly string[] s_stops = ["<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>"];

    readonly ForeignTokenizer _tokenizer;
    readonly FrozenSet<int> _silent;

    internal ModelTokenizer(ForeignTokenizer tokenizer, int? bos, bool addsBos, IEnumerable<int> stops)
    {
        (_tokenizer, Bos, AddsBos) = (tokenizer, bos, addsBos && bos is not null);
        _silent = tokenizer.Controls.Values.ToFrozenSet();
        Stops = stops.Concat(s_stops.Where(tokenizer.Controls.ContainsKey).Select(name => tokenizer.Controls[name])).ToFrozenSet();
    }

    /// <summary>The file's or folder's name.</summary>
    public string Name => _tokenizer.Name;

    /// <summary>One more than the highest id.</summary>
    public int Count => _tokenizer.Count;

    /// <summary>The token that begins a text, where there is one.</summary>
    public int? Bos { get; }

    /// <summary>True where the model expects <see cref="Bos"/> in front of every text; <see cref="Encode"/> leaves it to the caller.</summary>
    public bool AddsBos { get; }

    /// <summary>Ids that end a text or a turn; generation stops at any of them.</summary>
    public IReadOnlySet<int> Stops { get; }

    /// <summary>True where a text is encoded with a space in front (SentencePiece): the first space of a text that is generated right after <see cref="Bos"/> is not part of it.</summary>
    public bool StripsFirstSpace => _tokenizer.AddsSpace;

    internal ForeignTokenizer Foreign => _tokenizer;

    /// <summary>Reads the tokenizer of a model.</summary>
    /// <param name="path">A Hugging Face folder, a GGUF file, a tokenizer.json, a SentencePiece .model, or llama2.c's tokenizer.bin.</param>
    /// <exception cref="DumException">Missing (exit code 3), damaged, or of a kind that is not supported.</exception>
    public static ModelTokenizer Load(string path) => TokenizerSettings.Load(path);

    /// <summary>Our own vocabulary behind the same door: no token begins a text.</summary>
    /// <param name="vocabulary">The hyperwords; their ids are the model's.</param>
    /// <param name="name">Shown to the user.</param>
    /// <param name="stops">Ids that end a document, such as one beyond the vocabulary; they stand for no bytes.</param>
    public static ModelTokenizer From(Vocabulary vocabulary, string name, params int[] stops) =>
        new(ForeignTokenizer.From(vocabulary, name), null, addsBos: false, stops);

    /// <summary>The ids of a text, without <see cref="Bos"/>. Names of control tokens in it are text.</summary>
    public int[] Encode(ReadOnlySpan<byte> text) => _tokenizer.Encode(text);

    /// <summary>The bytes that an id stands for; none for control tokens and for ids beyond the vocabulary, to which models pad their tables.</summary>
    public ReadOnlySpan<byte> Bytes(int id) => _silent.Contains(id) ? default : _tokenizer.BytesOf(id);

    /// <summary>The id of a control token such as <c>&lt;|im_start|&gt;</c>, or null.</summary>
    public int? Find(string control) => _tokenizer.Controls.TryGetValue(control, out int id) ? id : null;
}

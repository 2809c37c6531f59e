using System.Text;
using Dum.Lexicon;
using Dum.Lexicon.Foreign;

namespace Dum.Checkpoints;

/// <summary>
/// The vocabulary in a GGUF file that is written. One of our own is written as llama.cpp's kind <c>rwkv</c>, the only one
/// whose tokens may be any bytes and whose text is not cut into words first: what a model generates is printed byte for
/// byte. That kind cuts a prompt into the longest entries from left to right, so a prompt may become other ids there than
/// with our encoder. The merges are kept under a key of our own, by which our reader has the exact encoder again.
/// </summary>
public sealed class GgufVocabulary
{
    const string Ggml = "tokenizer.ggml.";

    readonly Action<GgufValues, int> _add;

    GgufVocabulary(Action<GgufValues, int> add) => _add = add;

    /// <summary>No vocabulary: llama.cpp loads the file and deals in ids.</summary>
    public static GgufVocabulary None { get; } = new((to, _) => to.Add(Ggml + "model", "none"));

    /// <summary>The vocabulary of a tokenizer: our own, or one of pieces with scores (SentencePiece, llama2.c).</summary>
    /// <exception cref="DumException">It is of another kind.</exception>
    public static GgufVocabulary From(ModelTokenizer tokenizer) => tokenizer.Foreign switch
    {
        { Own: { } own } => new((to, rows) => AddOwn(to, own, tokenizer, rows)),
        { Pieces: { } pieces } => new((to, rows) => AddPieces(to, pieces, tokenizer, rows)),
        _ => throw new DumException(Tongue.Say(
            $"the vocabulary {tokenizer.Name} cannot be written to GGUF: give a GGUF file that holds it, or a SentencePiece tokenizer.model",
            $"словарь {tokenizer.Name} не записать в GGUF: укажите файл GGUF, где он есть, или tokenizer.model SentencePiece")),
    };

    /// <summary>The vocabulary of another GGUF file, byte for byte.</summary>
    /// <exception cref="DumException">Missing, damaged, or without a vocabulary.</exception>
    public static GgufVocabulary CopyOf(string path)
    {
        using MappedFile file = MappedFile.Open(path);
        if (file.Length < 24 || !file.Slice(0, 4).SequenceEqual("GGUF"u8))
            throw Checkpoint.Broken(path, "it is not GGUF", "это не GGUF");
        var pairs = new List<(string Key, byte[] Value)>();
        using (var reader = new GgufReader(path, (english, russian) => Checkpoint.Broken(path, english, russian)))
        {
            for (int i = 0; i < reader.Pairs; i++)
            {
                string key = reader.Key();
                long start = reader.Position;
                reader.Skip(reader.Type());
                if (key.StartsWith("tokenizer.", StringComparison.Ordinal) || key == GgufFormat.OwnMerges)
                    pairs.Add((key, file.Slice(start, checked((int)(reader.Position - start))).ToArray()));
            }
        }
        if (pairs.Count == 0)
            throw Checkpoint.Broken(path, "it holds no vocabulary", "в нём нет словаря");
        return new((to, _) => pairs.ForEach(pair => to.AddRaw(pair.Key, pair.Value)));
    }

    /// <param name="to">The settings of the file.</param>
    /// <param name="rows">Rows of the model's embedding; ids beyond the vocabulary become control tokens without text.</param>
    internal void AddTo(GgufValues to, int rows) => _add(to, rows);

    static void AddOwn(GgufValues to, Vocabulary own, ModelTokenizer tokenizer, int rows)
    {
        var tokens = new string[rows];
        var kinds = new int[rows];
        for (int id = 0; id < rows; id++)
            (tokens[id], kinds[id]) = id < own.Count ? (Escape(own[id]), PieceList.Normal) : ($"\\x3c|dum:{id}|>", PieceList.Control);
        to.Add(Ggml + "model", "rwkv");
        to.Add(Ggml + "tokens", tokens);
        to.Add(Ggml + "token_type", kinds);
        AddEnds(to, tokenizer);
        int[] merges = [.. Enumerable.Range(Vocabulary.ByteCount, own.Count - Vocabulary.ByteCount).SelectMany(id => new[] { own.MergeOf(id).Left, own.MergeOf(id).Right })];
        to.Add(GgufFormat.OwnMerges, merges);
    }

    static void AddPieces(GgufValues to, IReadOnlyList<Piece> pieces, ModelTokenizer tokenizer, int rows)
    {
        Piece[] all = [.. pieces.Take(rows), .. Enumerable.Range(pieces.Count, Math.Max(0, rows - pieces.Count)).Select(id => new Piece($"<|dum:{id}|>", 0, PieceList.Control))];
        to.Add(Ggml + "model", "llama");
        to.Add(Ggml + "tokens", all.Select(piece => piece.Text).ToArray());
        to.Add(Ggml + "scores", all.Select(piece => piece.Score).ToArray());
        to.Add(Ggml + "token_type", all.Select(piece => piece.Kind).ToArray());
        to.Add(Ggml + "add_space_prefix", tokenizer.StripsFirstSpace);
        int unknown = Array.FindIndex(all, piece => piece.Kind == PieceList.Unknown);
        if (unknown >= 0)
            to.Add(Ggml + "unknown_token_id", unknown);
        AddEnds(to, tokenizer);
    }

    static void AddEnds(GgufValues to, ModelTokenizer tokenizer)
    {
        if (tokenizer.Bos is { } bos)
            to.Add(Ggml + "bos_token_id", bos);
        to.Add(Ggml + "add_bos_token", tokenizer.AddsBos);
        // A token that both begins and ends texts (llama2.c) is the second choice.
        int[] stops = [.. tokenizer.Stops.OrderBy(id => id == tokenizer.Bos).ThenBy(id => id)];
        if (stops.Length > 0)
            to.Add(Ggml + "eos_token_id", stops[0]);
        if (stops.Length > 1)
            to.Add(Ggml + "eot_token_id", stops[1]);
    }

    /// <summary>Bytes in the notation that llama.cpp undoes for this kind; the bracket too, so that no text can pass for a control token.</summary>
    static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (byte b in bytes)
        {
            if (b == '\\')
                text.Append(@"\\");
            else if (b is >= 0x20 and < 0x7F && b != '<')
                text.Append((char)b);
            else
                text.Append("\\x").Append(Convert.ToHexStringLower([b]));
        }
        return text.ToString();
    }
}

using System.Text;

namespace Dum.Lexicon.Foreign;

/// <summary>A piece of a SentencePiece vocabulary as its file lists it.</summary>
/// <param name="Text">With U+2581 for a space.</param>
/// <param name="Score">Higher merges first.</param>
/// <param name="Kind">One of the kinds of <see cref="PieceList"/>.</param>
readonly record struct Piece(string Text, float Score, int Kind);

/// <summary>
/// Collects the pieces of a SentencePiece vocabulary and makes a tokenizer of them: neighbours whose joint characters
/// are the piece of the highest score merge first, the leftmost of equals; a character without a piece falls back to
/// its bytes (google/sentencepiece, <c>bpe_model.cc</c>).
/// </summary>
sealed class PieceList(TokenizerSource source)
{
    /// <summary>Kinds of pieces, numbered as in <c>sentencepiece_model.proto</c> and in GGUF.</summary>
    public const int Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Unused = 5, Byte = 6;

    readonly TokenTable _tokens = new(1 << 15);
    readonly List<Piece> _pieces = [];
    readonly List<int> _ranked = [];

    public void Add(ReadOnlySpan<byte> piece, float score, int kind)
    {
        string text = Encoding.UTF8.GetString(piece);
        int id = _pieces.Count;
        if (float.IsNaN(score))
            throw source.Bad($"piece {id} has no score", $"у куска {id} нет оценки");
        byte[] bytes = Encoding.UTF8.GetBytes(text.Replace('▁', ' '));
        switch (kind)
        {
            case Normal:
                // A piece with a real space is never met: spaces are U+2581 before merging.
                Add(id, bytes, isText: bytes.Length > 0 && !text.Contains(' '));
                if (text.EnumerateRunes().Skip(1).Any())
                    _ranked.Add(id);
                break;
            case Byte:
                int b = HuggingFaceFormat.ByteToken(text);
                if (b < 0)
                    throw source.Bad($"piece {id} is said to be a byte and is '{text}'", $"кусок {id} назван байтом, а это «{text}»");
                Add(id, [(byte)b], isText: false);
                _tokens.ByteIds[b] = id;
                break;
            case Unknown:
                Add(id, " ⁇ "u8.ToArray(), isText: false);
                break;
            case Control:
                Add(id, [], isText: false);
                _tokens.Controls.TryAdd(text, id);
                break;
            default:
                throw source.Bad(
                    $"piece {id} is {(kind == UserDefined ? "user-defined" : kind == Unused ? "unused" : "of an unknown kind")}; that is not supported",
                    $"кусок {id} {(kind == UserDefined ? "задан пользователем" : kind == Unused ? "не используется" : "неизвестного вида")}; это не поддерживается");
        }
        _pieces.Add(new Piece(text, score, kind));
    }

    /// <param name="prefix">True where a text gets a space in front.</param>
    /// <param name="spaces">True where U+2581 in a text is a space.</param>
    public ForeignTokenizer ToTokenizer(bool prefix, bool spaces = true)
    {
        if (_tokens.Count == 0)
            throw source.Bad("it has no pieces", "в нём нет кусков");
        if (_tokens.ByteIds.Any(id => id < 0))
            throw source.Bad("it has no pieces for bytes (byte fallback); only models with them are supported", "в нём нет кусков для байтов (byte fallback); поддерживаются только модели с ними");
        _ranked.RemoveAll(id => _tokens.Find(_tokens[id]) != id);
        _ranked.Sort((a, b) => _pieces[a].Score != _pieces[b].Score ? _pieces[b].Score.CompareTo(_pieces[a].Score) : a.CompareTo(b));
        var rank = new int[_tokens.Count];
        for (int i = 1; i < _ranked.Count; i++)
            rank[_ranked[i]] = rank[_ranked[i - 1]] + (_pieces[_ranked[i]].Score == _pieces[_ranked[i - 1]].Score ? 0 : 1);
        Merger merger = new MergerBuilder(_tokens, byCharacter: true, wholeFirst: false).FromRanks(_ranked, id => rank[id]);
        return new ForeignTokenizer(source.Name, _tokens, merger, source.Rule ?? PreTokenizer.None, spaces, prefix) { Pieces = _pieces };
    }

    void Add(int id, byte[] bytes, bool isText)
    {
        if (!_tokens.TryAdd(id, bytes, isText))
            throw source.Bad($"piece {id} repeats another, or there are too many", $"кусок {id} повторяет другой, или их слишком много");
    }
}

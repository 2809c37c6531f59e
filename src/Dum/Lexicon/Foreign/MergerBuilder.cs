namespace Dum.Lexicon.Foreign;

/// <summary>Puts a tokenizer's rules on our linear encoder where they fit it, else on a heap.</summary>
sealed class MergerBuilder
{
    readonly TokenTable _tokens;
    readonly bool _byCharacter, _wholeFirst;
    readonly MergeOrder _order = new();
    readonly List<int> _published = [];
    readonly int[] _entryOf;

    /// <param name="tokens">The tokens.</param>
    /// <param name="byCharacter">True when merging starts from characters and falls back to bytes (SentencePiece), false when it starts from bytes.</param>
    /// <param name="wholeFirst">True when a piece that is a token is not merged at all (tiktoken; Hugging Face's <c>ignore_merges</c>).</param>
    public MergerBuilder(TokenTable tokens, bool byCharacter, bool wholeFirst)
    {
        (_tokens, _byCharacter, _wholeFirst) = (tokens, byCharacter, wholeFirst);
        _entryOf = new int[tokens.Count];
        Array.Fill(_entryOf, -1);
        for (int b = 0; b < Vocabulary.ByteCount; b++)
        {
            int text = tokens.Find([(byte)b]), id = text >= 0 ? text : tokens.ByteIds[b];
            bool occursInText = b is not (0xC0 or 0xC1 or >= 0xF5);
            if (id < 0 && occursInText)
                throw new DumException(Tongue.Say(
                    $"the tokenizer has no token for the byte 0x{b:X2}, so not every text can be encoded: give one that has all bytes",
                    $"у токенизатора нет токена для байта 0x{b:X2}, не всякий текст закодируется: укажите тот, где есть все байты"));
            _published.Add(id);
            if (id >= 0)
                _entryOf[id] = b;
        }
        if (byCharacter)
            for (int id = 0; id < tokens.Count; id++)
                if (tokens[id] is { } bytes && IsOneCharacter(bytes) && tokens.Find(bytes) == id)
                    AddCharacter(id, bytes);
    }

    /// <summary>
    /// Rules of the form 'merge the neighbours whose joint bytes are the token of the lowest rank' (tiktoken, SentencePiece).
    /// </summary>
    /// <param name="ranked">Tokens of more than one symbol, in rank order.</param>
    /// <param name="rankOf">The rank of each of them; equal ranks are merged from left to right.</param>
    public Merger FromRanks(IReadOnlyList<int> ranked, Func<int, int> rankOf)
    {
        var fitting = new MergeFitting(_order);
        IReadOnlyList<(int Id, int Left)> spaces = SpaceRuns.Order(ranked, rankOf, id => _tokens[id]!);
        int others = ranked.Count - spaces.Count;
        for (int i = 0; i < others && fitting.Fits; i++)
            fitting.Add(i, Bounded(ranked[i]), -1, -1, tied: i > 0 && rankOf(ranked[i]) == rankOf(ranked[i - 1]));
        for (int i = 0; i < spaces.Count && fitting.Fits; i++)
            fitting.Add(others + i, _tokens[spaces[i].Id]!, spaces[i].Left, _tokens[spaces[i].Id]!.Length - spaces[i].Left, tied: false);
        if (fitting.Fits)
            return Linear(fitting, rank => rank < others ? ranked[rank] : spaces[rank - others].Id);
        var pairs = new Dictionary<ulong, (int, int)>();
        foreach (int id in ranked)
        {
            byte[] bytes = Bounded(id);
            for (int at = 1; at < bytes.Length; at++)
            {
                int left = _tokens.Find(bytes.AsSpan(0, at)), right = _tokens.Find(bytes.AsSpan(at));
                if (left >= 0 && right >= 0)
                    pairs.TryAdd(MergeOrder.Key(left, right), (rankOf(id), id));
            }
        }
        return new HeapMerger(_tokens, pairs, _byCharacter, _wholeFirst);
    }

    /// <summary>Rules that list the pairs which merge, in rank order (Hugging Face).</summary>
    public Merger FromMerges(IReadOnlyList<(int Left, int Right, int Made)> merges)
    {
        var fitting = new MergeFitting(_order);
        for (int i = 0; i < merges.Count && fitting.Fits; i++)
        {
            (int left, int right, int made) = merges[i];
            fitting.Add(i, Bounded(made), Bounded(left).Length, Bounded(right).Length, tied: false);
        }
        if (fitting.Fits)
            return Linear(fitting, rank => merges[rank].Made);
        var pairs = new Dictionary<ulong, (int, int)>(merges.Count);
        for (int rank = 0; rank < merges.Count; rank++)
            pairs.TryAdd(MergeOrder.Key(merges[rank].Left, merges[rank].Right), (rank, merges[rank].Made));
        return new HeapMerger(_tokens, pairs, _byCharacter, _wholeFirst);
    }

    LinearMerger Linear(MergeFitting fitting, Func<int, int> idOf)
    {
        foreach (int rank in fitting.Added)
        {
            int id = idOf(rank);
            _entryOf[id] = _published.Count;
            _published.Add(id);
        }
        var whole = new Dictionary<byte[], int>(ByteStringComparer.Instance);
        if (_wholeFirst)
            for (int id = 0; id < _tokens.Count; id++)
                if (_entryOf[id] < 0 && _tokens[id] is { } bytes && _tokens.Find(bytes) == id)
                    whole.Add(bytes, id);
        return new LinearMerger(_order.ToVocabulary(), _tokens, [.. _published], whole);
    }

    /// <summary>A character is made of its bytes before anything else merges; only whole characters meet, as text is valid UTF-8.</summary>
    void AddCharacter(int id, byte[] bytes)
    {
        int entry = bytes[0];
        for (int i = 1; i < bytes.Length; i++)
        {
            int known = _order.Find(entry, bytes[i]);
            if (known == int.MaxValue)
            {
                known = _order.Add(entry, bytes[i]);
                _published.Add(-1);
            }
            entry = known;
        }
        _published[entry] = id;
        _entryOf[id] = entry;
    }

    byte[] Bounded(int id) => _tokens[id]!.Length <= Vocabulary.MaxEntryBytes
        ? _tokens[id]!
        : throw new DumException(Tongue.Say(
            $"token {id} has {_tokens[id]!.Length} bytes, {Vocabulary.MaxEntryBytes} are allowed: the file is damaged or not a tokenizer",
            $"в токене {id} байт {_tokens[id]!.Length}, можно {Vocabulary.MaxEntryBytes}: файл повреждён или не токенизатор"));

    /// <summary>One character of several bytes; the readers let only valid UTF-8 in where characters count.</summary>
    static bool IsOneCharacter(byte[] bytes) => bytes.Length > 1 && bytes.Length == CharClass.LengthOf(bytes[0]);
}

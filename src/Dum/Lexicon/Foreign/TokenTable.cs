namespace Dum.Lexicon.Foreign;

/// <summary>
/// What a tokenizer file says about its tokens: published id to bytes, and back. A space stands for itself; the
/// readers of SentencePiece-like files turn U+2581 into it.
/// </summary>
sealed class TokenTable
{
    /// <summary>Ids above this are a damaged file.</summary>
    public const int MaxId = 1 << 22;

    readonly Dictionary<byte[], int> _ids = new(ByteStringComparer.Instance);
    readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    byte[]?[] _bytes;

    public TokenTable(int capacity)
    {
        _lookup = _ids.GetAlternateLookup<ReadOnlySpan<byte>>();
        _bytes = new byte[]?[Math.Clamp(capacity, 256, MaxId)];
        ByteIds = new int[256];
        Array.Fill(ByteIds, -1);
    }

    /// <summary>One more than the highest id.</summary>
    public int Count { get; private set; }

    /// <summary>The id of each single byte where nothing longer fits, or -1.</summary>
    public int[] ByteIds { get; }

    /// <summary>Ids of tokens that stand for no text, by their names: &lt;s&gt;, &lt;|endoftext|&gt;.</summary>
    public Dictionary<string, int> Controls { get; } = new(StringComparer.Ordinal);

    /// <summary>The bytes that a token stands for, empty for a control token, or null for an id without a token.</summary>
    public byte[]? this[int id] => (uint)id < (uint)Count ? _bytes[id] : null;

    /// <summary>The id of the token with these bytes that text may be made of, or -1.</summary>
    public int Find(ReadOnlySpan<byte> bytes) => _lookup.TryGetValue(bytes, out int id) ? id : -1;

    /// <summary>Makes the tokens of one byte what stands for that byte.</summary>
    public void FindByteIds()
    {
        for (int b = 0; b < ByteIds.Length; b++)
            ByteIds[b] = Find([(byte)b]);
    }

    /// <summary>Adds a token. One that text is never made of (<paramref name="isText"/> false) is there for decoding only.</summary>
    /// <returns>False when the id is taken, out of bounds, or another text token has the same bytes.</returns>
    public bool TryAdd(long id, byte[] bytes, bool isText)
    {
        if (id is < 0 or >= MaxId)
            return false;
        if (id >= _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(MaxId, Math.Max(id + 1, _bytes.Length * 2L)));
        if (_bytes[id] is not null)
            return false;
        if (isText && !_ids.TryAdd(bytes, (int)id))
            return false;
        _bytes[id] = bytes;
        Count = Math.Max(Count, (int)id + 1);
        return true;
    }
}

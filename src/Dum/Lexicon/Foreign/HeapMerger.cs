using System.Buffers;

namespace Dum.Lexicon.Foreign;

/// <summary>
/// Byte-pair merging as it is written down: the pair of the lowest rank first, the leftmost of equals, with a heap of
/// candidates. For vocabularies whose rules do not fit our linear encoder. O(n log n).
/// </summary>
sealed class HeapMerger : Merger
{
    readonly TokenTable _tokens;
    readonly Dictionary<ulong, (int Rank, int Id)> _pairs;
    readonly bool _byCharacter, _wholeFirst;

    // Bit a << 8 | b: some token holds the bytes a and b side by side. Elsewhere a piece falls apart.
    readonly ulong[] _joined = new ulong[65536 / 64];

    /// <param name="tokens">The tokens.</param>
    /// <param name="pairs">Left id (high half) and right id to the rank of their merge and the token it makes.</param>
    /// <param name="byCharacter">True when merging starts from characters, false when it starts from bytes.</param>
    /// <param name="wholeFirst">True when a piece that is a token is not merged at all.</param>
    public HeapMerger(TokenTable tokens, Dictionary<ulong, (int Rank, int Id)> pairs, bool byCharacter, bool wholeFirst)
    {
        (_tokens, _pairs, _byCharacter, _wholeFirst) = (tokens, pairs, byCharacter, wholeFirst);
        for (int id = 0; id < tokens.Count; id++)
        {
            byte[] bytes = tokens[id] ?? [];
            for (int i = 1; i < bytes.Length; i++)
                _joined[(bytes[i - 1] << 8 | bytes[i]) >> 6] |= 1UL << (bytes[i] & 63);
        }
    }

    public override int Encode(ReadOnlySpan<byte> piece, Span<int> ids)
    {
        if (_wholeFirst)
        {
            ids[0] = _tokens.Find(piece);
            if (ids[0] >= 0)
                return 1;
        }
        int[] links = ArrayPool<int>.Shared.Rent(2 * piece.Length);
        try
        {
            var queue = new PriorityQueue<(int Left, int Right, ulong Pair), (int Rank, int Left)>();
            int written = 0;
            for (int start = 0, end; start < piece.Length; start = end)
            {
                end = EndOfStretch(piece, start);
                int n = Start(piece[start..end], ids[written..]);
                written += n < 2 ? n : Merge(queue, ids.Slice(written, n), links.AsSpan(0, n), links.AsSpan(n, n));
            }
            return written;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(links);
        }
    }

    int EndOfStretch(ReadOnlySpan<byte> piece, int start)
    {
        int end = start + 1;
        // A cut inside a character would be seen as bytes: continuation bytes always stay.
        while (end < piece.Length && ((piece[end] & 0xC0) == 0x80 || (_joined[(piece[end - 1] << 8 | piece[end]) >> 6] >> (piece[end] & 63) & 1) != 0))
            end++;
        return end;
    }

    int Start(ReadOnlySpan<byte> piece, Span<int> ids)
    {
        int n = 0;
        for (int i = 0; i < piece.Length;)
        {
            int length = _byCharacter ? CharClass.LengthOf(piece[i]) : 1;
            int id = _byCharacter ? _tokens.Find(piece.Slice(i, length)) : -1;
            if (id >= 0)
                ids[n++] = id;
            else
                foreach (byte b in piece.Slice(i, length))
                    ids[n++] = _tokens.ByteIds[b];
            i += length;
        }
        return n;
    }

    int Merge(PriorityQueue<(int Left, int Right, ulong Pair), (int Rank, int Left)> queue, Span<int> ids, Span<int> previous, Span<int> next)
    {
        int n = ids.Length;
        for (int i = 0; i < n; i++)
            (previous[i], next[i]) = (i - 1, i + 1 < n ? i + 1 : -1);
        for (int i = 0; i + 1 < n; i++)
            Offer(queue, ids, i, i + 1);
        while (queue.TryDequeue(out var top, out _))
        {
            (int left, int right, ulong pair) = top;
            if (ids[left] < 0 || ids[right] < 0 || next[left] != right || MergeOrder.Key(ids[left], ids[right]) != pair)
                continue; // one of them has merged since
            ids[left] = _pairs[pair].Id;
            ids[right] = -1;
            next[left] = next[right];
            if (next[left] >= 0)
            {
                previous[next[left]] = left;
                Offer(queue, ids, left, next[left]);
            }
            if (previous[left] >= 0)
                Offer(queue, ids, previous[left], left);
        }
        int count = 0;
        foreach (int id in ids)
            if (id >= 0)
                ids[count++] = id;
        return count;
    }

    void Offer(PriorityQueue<(int, int, ulong), (int, int)> queue, ReadOnlySpan<int> ids, int left, int right)
    {
        ulong pair = MergeOrder.Key(ids[left], ids[right]);
        if (_pairs.TryGetValue(pair, out (int Rank, int Id) merge))
            queue.Enqueue((left, right, pair), (merge.Rank, left));
    }
}

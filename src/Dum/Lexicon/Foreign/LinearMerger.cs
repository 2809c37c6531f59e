using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dum.Lexicon.Foreign;

/// <summary>A foreign vocabulary on our own <see cref="Encoder"/>: linear time on any piece.</summary>
sealed class LinearMerger : Merger
{
    readonly Encoder _encoder;

    // Published id per entry, or the one's complement of a place in _several, where a count and the ids stand: pieces
    // of a character that is not in the vocabulary fall back to their bytes.
    readonly int[] _published;
    readonly int[] _several;

    // Tokens that merging never makes but a whole piece may be (tiktoken looks a piece up before it merges).
    readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _whole;
    readonly int _wholeLongest;

    public LinearMerger(Vocabulary vocabulary, TokenTable tokens, int[] published, Dictionary<byte[], int> whole)
    {
        _encoder = vocabulary.Encoder;
        _published = published;
        _whole = whole.GetAlternateLookup<ReadOnlySpan<byte>>();
        _wholeLongest = whole.Count == 0 ? 0 : whole.Keys.Max(bytes => bytes.Length);
        var several = new List<int>();
        for (int id = 0; id < published.Length; id++)
        {
            if (published[id] >= 0)
                continue;
            published[id] = ~several.Count;
            several.Add(vocabulary[id].Length);
            foreach (byte b in vocabulary[id])
                several.Add(tokens.ByteIds[b]);
        }
        _several = [.. several];
    }

    public override int Encode(ReadOnlySpan<byte> piece, Span<int> ids)
    {
        if (TryWhole(piece, out int whole))
        {
            ids[0] = whole;
            return 1;
        }
        int n = _encoder.Encode(piece, ids);
        ref int published = ref MemoryMarshal.GetArrayDataReference(_published);
        if (_several.Length == 0)
        {
            foreach (ref int id in ids[..n])
                id = Unsafe.Add(ref published, id);
            return n;
        }
        // From the end, since some entries become several ids; never more than bytes.
        int total = Total(ids[..n]);
        for (int i = n - 1, at = total; i >= 0; i--)
        {
            int id = _published[ids[i]];
            if (id >= 0)
            {
                ids[--at] = id;
                continue;
            }
            ReadOnlySpan<int> parts = _several.AsSpan(~id + 1, _several[~id]);
            at -= parts.Length;
            parts.CopyTo(ids[at..]);
        }
        return total;
    }

    public override int Count(ReadOnlySpan<byte> piece, Span<int> scratch)
    {
        if (TryWhole(piece, out _))
            return 1;
        int n = _encoder.Encode(piece, scratch);
        return _several.Length == 0 ? n : Total(scratch[..n]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool TryWhole(ReadOnlySpan<byte> piece, out int id)
    {
        id = 0;
        return piece.Length <= _wholeLongest && _whole.TryGetValue(piece, out id);
    }

    int Total(ReadOnlySpan<int> ids)
    {
        int total = 0;
        foreach (int id in ids)
            total += _published[id] >= 0 ? 1 : _several[~_published[id]];
        return total;
    }
}

namespace Dum.Mind.Search;

/// <summary>A segment opened for reading: where its leaves are, and how to fetch one.</summary>
/// <param name="meta">Episodes and lengths.</param>
/// <param name="firsts">The first term of every leaf, rising.</param>
/// <param name="fetch">Reads a leaf by its place in <paramref name="firsts"/>.</param>
sealed class IndexSegment(SegmentMeta meta, ulong[] firsts, Func<int, byte[]> fetch)
{
    /// <summary>Bytes of leaves kept in memory, over one segment.</summary>
    const int MostKept = 1 << 26;

    readonly byte[]?[] _leaves = new byte[]?[firsts.Length];
    int _kept;

    public SegmentMeta Meta => meta;

    /// <summary>The postings of a term; empty when it does not occur here.</summary>
    public ReadOnlySpan<byte> Find(ulong term)
    {
        int at = Array.BinarySearch(firsts, term);
        if (at < 0)
            at = ~at - 1;
        return at < 0 ? default : Leaf.Find(Read(at), term);
    }

    /// <summary>Every leaf in order, for joining segments.</summary>
    public IEnumerable<byte[]> Leaves()
    {
        for (int i = 0; i < firsts.Length; i++)
            yield return fetch(i);
    }

    byte[] Read(int at)
    {
        if (_leaves[at] is { } kept)
            return kept;
        byte[] leaf = fetch(at);
        if (_kept + leaf.Length > MostKept)
        {
            Array.Clear(_leaves);
            _kept = 0;
        }
        _leaves[at] = leaf;
        _kept += leaf.Length;
        return leaf;
    }
}

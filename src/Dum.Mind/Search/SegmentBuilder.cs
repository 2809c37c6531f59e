using Dum.Mind.Words;

namespace Dum.Mind.Search;

/// <summary>Collects the words of turns until they are written as one segment. Not thread-safe.</summary>
sealed class SegmentBuilder
{
    readonly Dictionary<ulong, Postings> _postings = [];
    readonly Dictionary<ulong, int> _counts = [];

    public SegmentMeta Meta { get; } = new();

    /// <summary>Begins an episode; the turns that follow belong to it.</summary>
    public void BeginEpisode(long turn, int turns, long minute) => Meta.Episodes.Add(new IndexedEpisode(turn, turns, minute));

    /// <summary>Adds the next turn of the open episode.</summary>
    /// <param name="text">Its words are indexed; empty for a turn that is kept but not searched.</param>
    /// <param name="speaker">A name of its own, indexed apart from the text; empty for a mere role.</param>
    public void AddTurn(ReadOnlySpan<char> text, ReadOnlySpan<char> speaker)
    {
        _counts.Clear();
        int terms = 0;
        var reader = new TermReader(text);
        while (reader.Next())
        {
            if (!reader.IsTerm)
                continue;
            terms++;
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counts, reader.Stem, out _)++;
        }
        var name = new TermReader(speaker);
        while (name.Next())
            _counts[SpeakerTerm(name.Stem)] = 1;
        foreach ((ulong term, int count) in _counts)
            ListOf(term).Add(Meta.Slots, count);
        Meta.Lengths.Add(SegmentMeta.Quantise(terms));
        Meta.Terms += terms;
    }

    /// <summary>The term that stands for "said by", beside the term of the name itself.</summary>
    public static ulong SpeakerTerm(ulong name) => (name ^ 0x5BEA) * 0x9E3779B97F4A7C15;

    /// <summary>For joining segments: a list to be filled by slots.</summary>
    public Postings ListOf(ulong term)
    {
        ref Postings? list = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_postings, term, out _);
        return list ??= new Postings();
    }

    /// <summary>The lists in rising order of terms, packed into leaves of about <paramref name="bytes"/> bytes.</summary>
    public IEnumerable<(ulong First, byte[] Data)> Leaves(int bytes = 1 << 14)
    {
        ulong[] terms = [.. _postings.Keys];
        Array.Sort(terms);
        var leaf = new List<byte>(bytes + 4096);
        ulong first = 0;
        foreach (ulong term in terms)
        {
            Postings list = _postings[term];
            if (leaf.Count > 0 && leaf.Count + list.Bytes.Length > bytes)
            {
                yield return (first, leaf.ToArray());
                leaf.Clear();
            }
            if (leaf.Count == 0)
                first = term;
            Leaf.Append(leaf, term, list.Bytes);
        }
        if (leaf.Count > 0)
            yield return (first, leaf.ToArray());
    }
}

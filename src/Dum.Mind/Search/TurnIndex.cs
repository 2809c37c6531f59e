namespace Dum.Mind.Search;

/// <summary>
/// All segments of a memory as one row of slots, with what ranking needs of every turn held in arrays.
/// An unchanging picture; one search at a time.
/// </summary>
sealed class TurnIndex
{
    readonly IndexSegment[] _segments;
    readonly int[] _first;

    /// <param name="segments">In the order of their making.</param>
    /// <param name="isDead">Tells the first turn of an episode that has been replaced or forgotten.</param>
    public TurnIndex(IReadOnlyList<IndexSegment> segments, Func<long, bool> isDead)
    {
        _segments = [.. segments];
        _first = new int[_segments.Length];
        int slots = 0, episodes = 0;
        long terms = 0;
        for (int i = 0; i < _segments.Length; i++)
        {
            _first[i] = slots;
            slots += _segments[i].Meta.Slots;
            episodes += _segments[i].Meta.Episodes.Count;
            terms += _segments[i].Meta.Terms;
        }
        Lengths = new byte[slots];
        EpisodeOf = new int[slots];
        Episodes = new IndexedEpisode[episodes];
        EpisodeSlot = new int[episodes];
        EpisodeTerms = new float[episodes];
        IsDead = new bool[episodes];
        int slot = 0, episode = 0;
        foreach (IndexSegment segment in _segments)
        {
            segment.Meta.Lengths.CopyTo(Lengths, slot);
            foreach (IndexedEpisode e in segment.Meta.Episodes)
            {
                (Episodes[episode], EpisodeSlot[episode], IsDead[episode]) = (e, slot, isDead(e.Turn));
                for (int i = 0; i < e.Turns; i++)
                {
                    EpisodeOf[slot] = episode;
                    EpisodeTerms[episode] += SegmentMeta.Terms8(Lengths[slot]);
                    slot++;
                }
                Turns += IsDead[episode] ? 0 : e.Turns;
                episode++;
            }
        }
        MeanTerms = slots == 0 ? 1 : Math.Max(1, (float)terms / slots);
        MeanEpisode = episodes == 0 ? 1 : Math.Max(1, (float)terms / episodes);
    }

    /// <summary>Turns that can be found.</summary>
    public long Turns { get; }

    public int Slots => Lengths.Length;

    public byte[] Lengths { get; }

    public int[] EpisodeOf { get; }

    public IndexedEpisode[] Episodes { get; }

    /// <summary>The first slot of every episode.</summary>
    public int[] EpisodeSlot { get; }

    public float[] EpisodeTerms { get; }

    public bool[] IsDead { get; }

    public float MeanTerms { get; }

    public float MeanEpisode { get; }

    /// <summary>The number in the store of the turn in a slot.</summary>
    public long TurnOf(int slot)
    {
        int episode = EpisodeOf[slot];
        return Episodes[episode].Turn + slot - EpisodeSlot[episode];
    }

    /// <summary>True when somebody of this name speaks.</summary>
    public bool IsSpeaker(ulong term)
    {
        foreach (IndexSegment segment in _segments)
            if (segment.Find(SegmentBuilder.SpeakerTerm(term)).Length > 0)
                return true;
        return false;
    }

    /// <summary>Appends the slots of a term and its counts there.</summary>
    public void Read(ulong term, ref int[] where, ref float[] counts, ref int n)
    {
        for (int i = 0; i < _segments.Length; i++)
            Postings.Read(_segments[i].Find(term), _first[i], _segments[i].Meta.Slots, ref where, ref counts, ref n);
    }
}

namespace Dum.Mind.Search;

/// <summary>A turn that was found.</summary>
/// <param name="Slot">Its place in the index.</param>
/// <param name="Score">Higher is better; comparable within one search.</param>
readonly record struct Hit(int Slot, float Score);

/// <summary>How well anything in a memory fits a question.</summary>
/// <param name="Coverage">Share of the question's weight in words that the best turn with its episode holds, 0…1.</param>
/// <param name="Missing">Share of that weight in words that stand nowhere in the memory, 0…1.</param>
/// <param name="IsTimeEmpty">The question names a time, and nothing in the memory is from about then.</param>
readonly record struct Fit(float Coverage, float Missing, bool IsTimeEmpty);

/// <summary>
/// Ranks turns by BM25 over the words of a turn, of its neighbours and of its episode, by speakers and by the time that the
/// question names. Keeps its working space between searches; not thread-safe.
/// </summary>
sealed class Ranker(TurnIndex index, RankSettings settings)
{
    const float MinutesOfYear = 365.25f * 24 * 60;

    readonly float[] _own = new float[index.Slots], _score = new float[index.Slots], _episode = new float[index.Episodes.Length];
    readonly float[] _norms = Norms(index, settings);
    readonly Dictionary<int, int> _chosen = [];
    readonly bool[] _said = new bool[index.Slots];
    readonly float[] _longer = Longer(settings);
    int[] _where = new int[1 << 12];
    float[] _counts = new float[1 << 12];
    bool _isNamed;

    /// <summary>How well the last search was answered.</summary>
    public Fit Fit { get; private set; }

    /// <summary>The best turns, best first.</summary>
    public Hit[] Search(Question question, int most, CancellationToken cancel = default)
    {
        Array.Clear(_own);
        Array.Clear(_episode);
        float all = 0, best = 0, missing = 0;
        _isNamed = false;
        foreach (QuestionTerm term in question.Terms)
        {
            cancel.ThrowIfCancellationRequested();
            int said = settings.Speaker > 0 ? Add(SegmentBuilder.SpeakerTerm(term.Term), settings.Speaker * term.Weight, episodes: false, out _) : 0;
            bool isName = said > 0;
            if (isName)
                Mark(said);
            int found = Add(term.Term, isName ? settings.NameInText * term.Weight : term.Weight, settings.Episode > 0, out float rarity);
            all += rarity;
            missing += found + said == 0 ? rarity : 0;
        }
        Spread();
        AddEpisodes();
        AddTime(question);
        Hit[] hits = Apart(Best(settings.Spread > 0 ? Math.Max(2 * most, 60) : most, question.Minute), most);
        best = hits.Length == 0 ? 0 : hits[0].Score;
        Fit = all == 0 ? default : new Fit(Math.Min(1, best / (all * (1 + settings.Episode))), missing / all, IsTimeEmpty(question));
        return hits;
    }

    /// <summary>Marks the turns just read as said by somebody whom the question names.</summary>
    void Mark(int said)
    {
        if (!_isNamed)
            Array.Clear(_said);
        _isNamed = true;
        for (int i = 0; i < said; i++)
            _said[_where[i]] = true;
    }

    /// <summary>Adds one term to the turns and episodes that hold it.</summary>
    /// <returns>In how many turns it stands.</returns>
    int Add(ulong term, float weight, bool episodes, out float rarity)
    {
        int n = 0;
        index.Read(term, ref _where, ref _counts, ref n);
        rarity = weight * MathF.Log(1 + (index.Slots - n + 0.5f) / (n + 0.5f));
        float k = settings.K1 + 1;
        if (n == 0)
            return 0;
        int together = 0;
        for (int i = 0; i < n; i++)
        {
            int slot = _where[i];
            float count = _counts[i];
            _own[slot] += rarity * count * k / (count + _norms[index.Lengths[slot]]);
            if (i == 0 || index.EpisodeOf[slot] != index.EpisodeOf[_where[i - 1]])
                together++;
        }
        if (!episodes)
            return n;
        int all = index.Episodes.Length;
        float rare = weight * MathF.Log(1 + (all - together + 0.5f) / (together + 0.5f));
        for (int i = 0; i < n;)
        {
            int episode = index.EpisodeOf[_where[i]];
            float count = 0;
            for (; i < n && index.EpisodeOf[_where[i]] == episode; i++)
                count += _counts[i];
            float norm = settings.K1 * (1 - settings.B + settings.B * index.EpisodeTerms[episode] / index.MeanEpisode);
            _episode[episode] += rare * count * k / (count + norm);
        }
        return n;
    }

    /// <summary>What a turn is about stands partly in the turns around it.</summary>
    void Spread()
    {
        if (settings.Before == 0 && settings.After == 0)
        {
            Array.Copy(_own, _score, _own.Length);
            return;
        }
        float b1 = settings.Before, b2 = settings.Before2, a1 = settings.After, a2 = settings.After2;
        for (int e = 0; e < index.Episodes.Length; e++)
        {
            int from = index.EpisodeSlot[e], turns = index.Episodes[e].Turns;
            ReadOnlySpan<float> own = _own.AsSpan(from, turns);
            Span<float> score = _score.AsSpan(from, turns);
            if (_episode[e] == 0 && own.IndexOfAnyExcept(0) < 0)
            {
                score.Clear();
                continue;
            }
            for (int i = 0; i < turns; i++)
            {
                float s = own[i];
                if (i > 0)
                    s += b1 * own[i - 1];
                if (i > 1)
                    s += b2 * own[i - 2];
                if (i + 1 < turns)
                    s += a1 * own[i + 1];
                if (i + 2 < turns)
                    s += a2 * own[i + 2];
                score[i] = s;
            }
        }
    }

    void AddEpisodes()
    {
        for (int e = 0; e < index.Episodes.Length; e++)
        {
            Span<float> score = _score.AsSpan(index.EpisodeSlot[e], index.Episodes[e].Turns);
            if (index.IsDead[e])
                score.Clear();
            else if (_episode[e] > 0)
            {
                float more = settings.Episode * _episode[e];
                for (int i = 0; i < score.Length; i++)
                    score[i] += more;
            }
        }
    }

    void AddTime(Question question)
    {
        if (question.Times.Count == 0 || settings.Time == 0)
            return;
        float best = 0;
        foreach (float s in _score)
            best = Math.Max(best, s);
        float more = best == 0 ? 1 : settings.Time * best;
        for (int e = 0; e < index.Episodes.Length; e++)
        {
            if (index.IsDead[e] || index.Episodes[e].Minute == 0 || !question.IsWhen(index.Episodes[e].Minute))
                continue;
            foreach (ref float s in _score.AsSpan(index.EpisodeSlot[e], index.Episodes[e].Turns))
                s += more;
        }
    }

    /// <summary>People speak of a time before and after it: a time is empty when nothing is from within a month of it either.</summary>
    bool IsTimeEmpty(Question question)
    {
        const long month = 31 * 24 * 60;
        bool isDated = false;
        for (int e = 0; e < index.Episodes.Length && question.Times.Count > 0; e++)
        {
            long minute = index.Episodes[e].Minute;
            if (minute == 0 || index.IsDead[e])
                continue;
            isDated = true;
            if (question.IsWhen(minute) || question.IsWhen(minute - month) || question.IsWhen(minute + month))
                return false;
            foreach (TimeSpanNamed time in question.Times)
                if (time.AnyMonth == 0 && minute >= time.From - month && minute < time.To + month)
                    return false;
        }
        return isDated;
    }

    Hit[] Best(int most, long now)
    {
        var heap = new PriorityQueue<int, (float, int)>();
        float least = 0;
        for (int i = 0; i < _score.Length; i++)
        {
            float s = _score[i];
            if (s <= 0 || index.Lengths[i] == 0)
                continue;
            s *= _longer[index.Lengths[i]];
            if (_isNamed && !_said[i])
                s *= settings.Focus;
            if (s <= least || (s *= Fresh(i, now)) <= least)
                continue;
            _score[i] = s;
            // of equals the earlier stays
            if (heap.Count < most)
                heap.Enqueue(i, (s, -i));
            else
                heap.EnqueueDequeue(i, (s, -i));
            if (heap.Count == most && heap.TryPeek(out _, out (float, int) lowest))
                least = lowest.Item1;
        }
        var hits = new Hit[heap.Count];
        for (int i = hits.Length - 1; i >= 0; i--)
        {
            int slot = heap.Dequeue();
            hits[i] = new Hit(slot, _score[slot]);
        }
        return hits;
    }

    /// <summary>What age leaves of a score: of two that fit as well, the later comes first.</summary>
    float Fresh(int slot, long now)
    {
        long minute = index.Episodes[index.EpisodeOf[slot]].Minute;
        return settings.Recency == 0 || minute == 0 || minute >= now ? 1 : 1 - settings.Recency * (1 - MathF.Pow(2, -(now - minute) / MinutesOfYear));
    }

    /// <summary>Chooses one after the other; what lies in an episode chosen from already has to be the better for it.</summary>
    Hit[] Apart(Hit[] hits, int most)
    {
        if (settings.Spread == 0 || hits.Length < 2)
            return hits.Length > most ? hits[..most] : hits;
        _chosen.Clear();
        var scores = new float[hits.Length];
        for (int i = 0; i < hits.Length; i++)
            scores[i] = hits[i].Score;
        var apart = new Hit[Math.Min(most, hits.Length)];
        for (int n = 0; n < apart.Length; n++)
        {
            int best = 0;
            float score = float.NegativeInfinity;
            for (int i = 0; i < hits.Length; i++)
            {
                if (hits[i].Score <= score)
                    break;
                if (scores[i] > score)
                    (best, score) = (i, scores[i]);
            }
            apart[n] = hits[best] with { Score = score };
            scores[best] = float.NegativeInfinity;
            int episode = index.EpisodeOf[hits[best].Slot];
            int count = _chosen[episode] = _chosen.GetValueOrDefault(episode) + 1;
            for (int i = 0; i < hits.Length; i++)
                if (scores[i] > float.NegativeInfinity && index.EpisodeOf[hits[i].Slot] == episode)
                    scores[i] = hits[i].Score * Math.Max(0, 1 - settings.Spread * count);
        }
        return apart;
    }

    static float[] Longer(RankSettings settings)
    {
        var longer = new float[256];
        for (int i = 0; i < 256; i++)
            longer[i] = Math.Min(1 + settings.Length * MathF.Log2(1 + SegmentMeta.Terms8((byte)i)), 2);
        return longer;
    }

    static float[] Norms(TurnIndex index, RankSettings settings)
    {
        var norms = new float[256];
        for (int i = 0; i < 256; i++)
            norms[i] = settings.K1 * (1 - settings.B + settings.B * SegmentMeta.Terms8((byte)i) / index.MeanTerms);
        return norms;
    }
}

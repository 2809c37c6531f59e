namespace Dum.Lexicon.Foreign;

/// <summary>
/// Orders the merges of a tokenizer so that parts come before wholes, as our encoder wants them, and finds out whether
/// merging in that order is merging by the tokenizer's own ranks.
/// </summary>
/// <remarks>
/// Most tokens rank behind their parts and keep their place. Some published files have a few that rank before a part
/// (Llama 3's added tokens do). Such a token forms at once when the part, its anchor, has formed; so do further ones
/// built on it: a cascade, in which the one symbol that grows always takes the neighbour of the lowest rank. They are
/// placed right behind the anchor, in the order of their ranks. That is the same as long as the cascades of two places
/// in a text never want the same symbol; where they might, the tokenizer does not fit.
/// </remarks>
sealed class MergeFitting(MergeOrder order)
{
    readonly record struct Rule(int Rank, byte[] Bytes, int LeftLength, int RightLength);

    readonly Dictionary<ulong, List<Rule>> _waiting = [];
    readonly int[] _parts = new int[Vocabulary.MaxEntryBytes];
    readonly List<int> _added = [];
    readonly List<(int Left, int Right)> _tiedParts = [];
    readonly List<int> _tiedEntries = [];

    /// <summary>False once the rules cannot be put in order; nothing more need be added then.</summary>
    public bool Fits { get; private set; } = true;

    /// <summary>The ranks of the rules that can ever fire, in the order of the entries that they make.</summary>
    public IReadOnlyList<int> Added => _added;

    /// <summary>Adds the rule of the next rank.</summary>
    /// <param name="rank">Its number.</param>
    /// <param name="bytes">The token it makes.</param>
    /// <param name="leftLength">Bytes of the left part that it must be made of, or -1 for any.</param>
    /// <param name="rightLength">Bytes of the right part, or -1.</param>
    /// <param name="tied">True when it ranks equal with the rule before it: the leftmost merges first.</param>
    public void Add(int rank, byte[] bytes, int leftLength, int rightLength, bool tied)
    {
        var rule = new Rule(rank, bytes, leftLength, rightLength);
        if (!tied)
        {
            _tiedParts.Clear();
            _tiedEntries.Clear();
        }
        if (!Matches(rule, out int left, out int right))
        {
            Wait(rule);
            return;
        }
        int anchor = Place(rule, left, right);
        CheckTies(anchor, left, right);
        if (_waiting.Remove(MergeOrder.Key(left, right), out List<Rule>? woken))
            Cascade(woken, anchor, left);
    }

    void Cascade(List<Rule> woken, int anchor, int anchorLeft)
    {
        var ready = new PriorityQueue<Rule, int>();
        var grown = new HashSet<int> { anchor };
        HashSet<int> takenLeft = [], takenRight = [];
        Wake(woken, ready);
        while (ready.TryDequeue(out Rule rule, out _))
        {
            if (!Matches(rule, out int left, out int right))
            {
                Wait(rule);
                continue;
            }
            bool growsRight = grown.Contains(left), growsLeft = grown.Contains(right);
            // Two grown symbols side by side belong to two places.
            Fits &= growsRight != growsLeft;
            if (growsRight)
                takenRight.Add(right);
            else
                takenLeft.Add(left);
            grown.Add(Place(rule, left, right));
            if (_waiting.Remove(MergeOrder.Key(left, right), out List<Rule>? more))
                Wake(more, ready);
        }
        // The anchor merges from left to right, so a neighbour on its left is free of it already; one on its right may
        // be the left part of the next.
        Fits &= !takenRight.Overlaps(takenLeft) && !takenRight.Contains(anchorLeft);
        // A cascade among equals: too rare to be worth a proof.
        Fits &= grown.Count == 1 || _tiedEntries.Count <= 1;
    }

    void Wake(List<Rule> woken, PriorityQueue<Rule, int> ready)
    {
        foreach (Rule rule in woken)
        {
            if (Matches(rule, out _, out _))
                ready.Enqueue(rule, rule.Rank);
            else
                Wait(rule);
        }
    }

    /// <summary>Equal ranks merge from left to right, ours one after the other: the same unless two of them want one symbol.</summary>
    void CheckTies(int entry, int left, int right)
    {
        foreach ((int otherLeft, int otherRight) in _tiedParts)
            Fits &= right != otherLeft && left != otherRight;
        Fits &= !_tiedEntries.Contains(left) && !_tiedEntries.Contains(right);
        _tiedParts.Add((left, right));
        _tiedEntries.Add(entry);
    }

    /// <summary>True when the token's bytes alone have become two parts, those that the rule joins.</summary>
    bool Matches(Rule rule, out int left, out int right)
    {
        (left, right) = (-1, -1);
        ReadOnlySpan<int> parts = PartsOf(rule);
        if (parts.Length != 2)
            return false;
        int cut = order.LengthOf(parts[0]);
        (left, right) = (parts[0], parts[1]);
        return rule.LeftLength < 0 || (cut == rule.LeftLength && rule.Bytes.Length - cut == rule.RightLength);
    }

    /// <summary>What the token's bytes have become; good until it is asked again.</summary>
    ReadOnlySpan<int> PartsOf(Rule rule) => _parts.AsSpan(0, order.Reduce(rule.Bytes, _parts));

    int Place(Rule rule, int left, int right)
    {
        _added.Add(rule.Rank);
        return order.Add(left, right);
    }

    /// <summary>What the bytes have become changes next when two of the parts that now touch merge.</summary>
    void Wait(Rule rule)
    {
        ReadOnlySpan<int> parts = PartsOf(rule);
        // One part: made by another rule. Two: another rule will make it, or none.
        if (parts.Length <= 2)
            return;
        for (int i = 0; i + 1 < parts.Length; i++)
        {
            ulong key = MergeOrder.Key(parts[i], parts[i + 1]);
            if (!_waiting.TryGetValue(key, out List<Rule>? list))
                _waiting.Add(key, list = []);
            if (list.Count == 0 || list[^1] != rule)
                list.Add(rule);
        }
    }
}

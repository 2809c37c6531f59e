namespace Dum.Lexicon;

/// <summary>Counts the neighbours of one unit in arrays indexed by id, and then deals out their positions, without a hash.</summary>
sealed class NeighbourCounter(int capacity)
{
    readonly long[] _counts = new long[capacity];
    readonly int[] _positions = new int[capacity];
    readonly int[] _next = new int[capacity];
    readonly int[] _seen = new int[capacity];
    int _seenCount;

    /// <summary>The neighbours in order of appearance.</summary>
    public ReadOnlySpan<int> Seen => _seen.AsSpan(0, _seenCount);

    public void Count(int unit, long weight)
    {
        if (_positions[unit]++ == 0)
            _seen[_seenCount++] = unit;
        _counts[unit] += weight;
    }

    public long CountOf(int unit) => _counts[unit];

    public int PositionsOf(int unit) => _positions[unit];

    /// <summary>All positions of neighbours that count at least this much.</summary>
    public int Positions(long least)
    {
        int total = 0;
        foreach (int unit in Seen)
            if (_counts[unit] >= least)
                total += _positions[unit];
        return total;
    }

    /// <summary>This neighbour's positions will not be kept.</summary>
    public void Skip(int unit) => _next[unit] = -1;

    /// <summary>This neighbour's positions go here.</summary>
    public void PlaceFrom(int unit, int start) => _next[unit] = start;

    public void Place(int unit, int[] target, int position)
    {
        int at = _next[unit];
        if (at < 0)
            return;
        target[at] = position;
        _next[unit] = at + 1;
    }

    public void Clear()
    {
        foreach (int unit in Seen)
        {
            _counts[unit] = 0;
            _positions[unit] = 0;
        }
        _seenCount = 0;
    }
}

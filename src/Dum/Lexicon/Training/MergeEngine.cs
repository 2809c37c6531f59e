using System.Runtime.CompilerServices;

namespace Dum.Lexicon;

/// <summary>
/// Learns merges over one long array of units, for either stage. A unit of several slots has its id in the first and,
/// negative, the way back in the last; so both neighbours are found without links. Positions of frequent pairs are listed once,
/// when the pair first appears: a pair is born whole, in the merge that makes its younger half, and only loses occurrences after.
/// </summary>
sealed class MergeEngine
{
    /// <summary>What no merge crosses. It stands at both ends of the array.</summary>
    public const int Barrier = int.MinValue;

    readonly int[] _text;
    readonly int _length;
    readonly long[]? _weights;
    readonly EntryTable _entries;
    readonly long _least;
    readonly int[] _spans;
    readonly PairTable _pairs = new();
    readonly PairHeap _heap = new();
    readonly NeighbourCounter _before, _after;
    readonly PositionPool _pool = new();
    int[] _merged = new int[1024];

    /// <param name="text">Units and barriers; changed in place.</param>
    /// <param name="length">How much of it is used.</param>
    /// <param name="weights">How often each slot counts, or null for once.</param>
    /// <param name="entries">Where new entries go.</param>
    /// <param name="least">Pairs that count less are not watched.</param>
    public MergeEngine(int[] text, int length, long[]? weights, EntryTable entries, long least)
    {
        _text = text;
        _length = length;
        _weights = weights;
        _entries = entries;
        _least = least;
        _spans = new int[entries.Capacity];
        _spans.AsSpan(0, entries.Count).Fill(1);
        _before = new NeighbourCounter(entries.Capacity);
        _after = new NeighbourCounter(entries.Capacity);
    }

    /// <summary>Finds every pair frequent enough to watch: positions grouped by their left unit, then within each group by the right one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Index(CancellationToken cancel)
    {
        int units = _entries.Count;
        var starts = new int[units + 1];
        int[] text = _text;
        for (int i = 0; i + 1 < _length; i++)
            if (text[i] >= 0 && text[i + 1] >= 0)
                starts[text[i] + 1]++;
        for (int u = 0; u < units; u++)
            starts[u + 1] += starts[u];
        int[] positions = GC.AllocateUninitializedArray<int>(starts[units]);
        var next = (int[])starts.Clone();
        for (int i = 0; i + 1 < _length; i++)
            if (text[i] >= 0 && text[i + 1] >= 0)
                positions[next[text[i]]++] = i;

        int[] group = [];
        for (int left = 0; left < units; left++)
        {
            cancel.ThrowIfCancellationRequested();
            int start = starts[left], count = starts[left + 1] - start;
            if (count == 0)
                continue;
            if (group.Length < count)
                group = GC.AllocateUninitializedArray<int>(Math.Max(count, group.Length * 2));
            positions.AsSpan(start, count).CopyTo(group);
            for (int i = 0; i < count; i++)
                _after.Count(text[group[i] + 1], WeightAt(group[i]));
            int end = start;
            foreach (int right in _after.Seen)
                Watch(left, right, right, _after, positions, ref end);
            for (int i = 0; i < count; i++)
                _after.Place(text[group[i] + 1], positions, group[i]);
            _after.Clear();
        }
    }

    /// <summary>Merges until the entries are <paramref name="size"/> or nothing frequent is left.</summary>
    public void Run(int size, Action<int, long> report, CancellationToken cancel)
    {
        int first = _entries.Count;
        while (_entries.Count < size && _heap.Count > 0)
        {
            (long count, int index) = _heap.Pop();
            ref WatchedPair pair = ref _pairs[index];
            if (pair.Count < _least)
            {
                pair.Positions = null;
                continue;
            }
            if (pair.Count < count)
            {
                _heap.Push(pair.Count, pair.Left, pair.Right, index);
                continue;
            }
            int id = _entries.Join(pair.Left, pair.Right);
            if (id >= 0)
                Merge(pair, id);
            _pairs[index].Positions = null;
            if ((_entries.Count - first & 127) == 0)
            {
                cancel.ThrowIfCancellationRequested();
                report(_entries.Count, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Merge(WatchedPair pair, int id)
    {
        int[] text = _text;
        int spanLeft = _spans[pair.Left], span = spanLeft + _spans[pair.Right];
        _spans[id] = span;
        if (_merged.Length < pair.Length)
            _merged = GC.AllocateUninitializedArray<int>(Math.Max(pair.Length, _merged.Length * 2));
        int merged = 0;
        ReadOnlySpan<int> positions = pair.Positions.AsSpan(pair.Start, pair.Length);
        foreach (int p in positions)
        {
            int q = p + spanLeft;
            if (text[p] != pair.Left || text[q] != pair.Right)
                continue;
            long weight = WeightAt(p);
            int end = p + span;
            int before = UnitBefore(p), after = text[end];
            if (before >= 0)
                Lose(before, pair.Left, weight);
            if (after >= 0)
                Lose(pair.Right, after, weight);
            text[q] = -1;
            text[p] = id;
            text[end - 1] = 1 - span;
            _merged[merged++] = p;
        }

        for (int i = 0; i < merged; i++)
        {
            int p = _merged[i], before = UnitBefore(p), after = text[p + span];
            long weight = WeightAt(p);
            if (after >= 0)
                _after.Count(after, weight);
            // Two of the new unit side by side are counted once, from the left one.
            if (before >= 0 && before != id)
                _before.Count(before, weight);
        }
        int total = _after.Positions(_least) + _before.Positions(_least);
        int[] pool = _pool.Room(total, out int start);
        int used = start;
        foreach (int after in _after.Seen)
            Watch(id, after, after, _after, pool, ref used);
        foreach (int before in _before.Seen)
            Watch(before, id, before, _before, pool, ref used);
        _pool.Take(used - start);
        if (used > start)
        {
            for (int i = 0; i < merged; i++)
            {
                int p = _merged[i], before = UnitBefore(p), after = text[p + span];
                if (after >= 0)
                    _after.Place(after, pool, p);
                if (before >= 0 && before != id)
                    _before.Place(before, pool, p - _spans[before]);
            }
        }
        _after.Clear();
        _before.Clear();
    }

    void Watch(int left, int right, int neighbour, NeighbourCounter counter, int[] positions, ref int end)
    {
        long count = counter.CountOf(neighbour);
        if (count < _least || !_entries.MayJoin(left, right))
        {
            counter.Skip(neighbour);
            return;
        }
        int length = counter.PositionsOf(neighbour);
        int index = _pairs.Add(new WatchedPair { Left = left, Right = right, Count = count, Positions = positions, Start = end, Length = length });
        _heap.Push(count, left, right, index);
        counter.PlaceFrom(neighbour, end);
        end += length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Lose(int left, int right, long weight)
    {
        int index = _pairs.Find(left, right);
        if (index >= 0)
            _pairs[index].Count -= weight;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int UnitBefore(int position)
    {
        int last = _text[position - 1];
        return last >= 0 || last == Barrier ? last : _text[position - 1 + last];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    long WeightAt(int position) => _weights is null ? 1 : _weights[position];
}

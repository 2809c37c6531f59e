namespace Dum.Lexicon;

/// <summary>Pairs by count, the most frequent first; ties go to the smaller left id, then the smaller right id, so that the order never depends on history.</summary>
sealed class PairHeap
{
    Item[] _items = new Item[1024];

    public int Count { get; private set; }

    public void Push(long count, int left, int right, int index)
    {
        if (Count == _items.Length)
            Array.Resize(ref _items, Count * 2);
        var item = new Item(count, (ulong)(uint)left << 32 | (uint)right, index);
        int at = Count++;
        while (at > 0)
        {
            int parent = (at - 1) / 2;
            if (!item.Before(_items[parent]))
                break;
            _items[at] = _items[parent];
            at = parent;
        }
        _items[at] = item;
    }

    public (long Count, int Index) Pop()
    {
        Item top = _items[0], last = _items[--Count];
        int at = 0;
        while (true)
        {
            int child = at * 2 + 1;
            if (child >= Count)
                break;
            if (child + 1 < Count && _items[child + 1].Before(_items[child]))
                child++;
            if (!_items[child].Before(last))
                break;
            _items[at] = _items[child];
            at = child;
        }
        _items[at] = last;
        return (top.Count, top.Index);
    }

    readonly record struct Item(long Count, ulong Key, int Index)
    {
        public bool Before(in Item other) => Count > other.Count || Count == other.Count && Key < other.Key;
    }
}

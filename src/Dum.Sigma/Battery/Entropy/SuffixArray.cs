namespace Dum.Sigma.Battery.Entropy;

/// <summary>Suffixes in order, in time that grows with their number only, whatever repeats (Nong, Zhang and Chan, 2009: SA-IS).</summary>
static class SuffixArray
{
    /// <summary>Where the suffixes begin, in order; of two that agree as far as the shorter goes, the shorter comes first.</summary>
    /// <param name="text">At least one symbol.</param>
    public static int[] Of(ReadOnlySpan<byte> text)
    {
        int[] symbols = new int[text.Length];
        for (int i = 0; i < symbols.Length; i++)
            symbols[i] = text[i];
        return Sort(symbols, byte.MaxValue);
    }

    /// <summary>Symbols that every suffix shares with the one before it in order (Kasai and others, 2001); 0 for the first.</summary>
    /// <param name="text">The text.</param>
    /// <param name="order">Its suffixes in order.</param>
    public static int[] CommonPrefixes(ReadOnlySpan<byte> text, int[] order)
    {
        int n = order.Length, shared = 0;
        int[] rank = new int[n], common = new int[n];
        for (int i = 0; i < n; i++)
            rank[order[i]] = i;
        // Going along the text, the shared prefix shrinks by one symbol at most.
        for (int i = 0; i < n; i++)
        {
            if (rank[i] == 0)
            {
                shared = 0;
                continue;
            }
            int before = order[rank[i] - 1];
            while (i + shared < n && before + shared < n && text[i + shared] == text[before + shared])
                shared++;
            common[rank[i]] = shared;
            shared = Math.Max(0, shared - 1);
        }
        return common;
    }

    static int[] Sort(int[] text, int largest)
    {
        int n = text.Length;
        if (n == 1)
            return [0];
        var sorter = new Inducer(text, largest);
        // Places where a rising suffix follows a falling one; all others can be put in order from them.
        int[] number = new int[n + 1], low = new int[(n / 2) + 1];
        int count = 0;
        for (int i = 1; i < n; i++)
            if (sorter.IsLow(i))
            {
                low[count++] = i;
                number[i] = count;
            }
        low = low[..count];
        sorter.Induce(low);
        if (count == 0)
            return sorter.Order;
        // Stretches from one such place to the next, named in order; equal ones get one name.
        int[] sorted = [.. sorter.Order.Where(i => number[i] > 0)], names = new int[count];
        int name = 0;
        for (int k = 1; k < count; k++)
        {
            name += Same(sorted[k - 1], sorted[k]) ? 0 : 1;
            names[number[sorted[k]] - 1] = name;
        }
        int[] order = name == count - 1 ? [.. sorted.Select(i => number[i] - 1)] : Sort(names, name);
        sorter.Induce([.. order.Select(k => low[k])]);
        return sorter.Order;

        bool Same(int a, int b)
        {
            int endA = number[a] < count ? low[number[a]] : n, endB = number[b] < count ? low[number[b]] : n;
            // The last stretch ends with the text, which no other does.
            return endA - a == endB - b && endA < n && endB < n && text.AsSpan(a..(endA + 1)).SequenceEqual(text.AsSpan(b..(endB + 1)));
        }
    }

    /// <summary>Puts all suffixes of a text in order from those that follow a falling one.</summary>
    sealed class Inducer
    {
        readonly int[] _text, _rising, _falling;
        readonly bool[] _rises;

        public Inducer(int[] text, int largest)
        {
            int n = text.Length;
            (_text, Order, _rises) = (text, new int[n], new bool[n]);
            for (int i = n - 2; i >= 0; i--)
                _rises[i] = text[i] == text[i + 1] ? _rises[i + 1] : text[i] < text[i + 1];
            // Of the suffixes with one first symbol the falling ones come first.
            (_falling, _rising) = (new int[largest + 2], new int[largest + 2]);
            for (int i = 0; i < n; i++)
                (_rises[i] ? _falling : _rising)[text[i] + (_rises[i] ? 1 : 0)]++;
            for (int s = 0; s <= largest; s++)
            {
                _rising[s] += _falling[s];
                _falling[s + 1] += _rising[s];
            }
        }

        public int[] Order { get; }

        public bool IsLow(int i) => _rises[i] && !_rises[i - 1];

        public void Induce(ReadOnlySpan<int> low)
        {
            int[] order = Order, text = _text;
            Array.Fill(order, -1);
            int[] next = [.. _rising];
            foreach (int i in low)
                order[next[text[i]]++] = i;
            _falling.CopyTo(next, 0);
            order[next[text[^1]]++] = text.Length - 1;
            for (int k = 0; k < order.Length; k++)
                if (order[k] - 1 is >= 0 and int i && !_rises[i])
                    order[next[text[i]]++] = i;
            _falling.CopyTo(next, 0);
            for (int k = order.Length - 1; k >= 0; k--)
                if (order[k] - 1 is >= 0 and int i && _rises[i])
                    order[--next[text[i] + 1]] = i;
        }
    }
}

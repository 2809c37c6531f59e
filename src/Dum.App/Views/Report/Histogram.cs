namespace Dum.App.Views.Report;

/// <summary>How often each small whole number occurred.</summary>
sealed class Histogram
{
    /// <summary>More bars than this cannot be told apart on a phone.</summary>
    public const int MostBars = 40;

    long[] _counts = new long[64];

    public long Count { get; private set; }

    public long Sum { get; private set; }

    public double Mean => Count == 0 ? 0 : (double)Sum / Count;

    public void Add(int value, long times = 1)
    {
        if (value >= _counts.Length)
            Array.Resize(ref _counts, Math.Max(value + 1, _counts.Length * 2));
        _counts[value] += times;
        Count += times;
        Sum += value * times;
    }

    /// <summary>The smallest value that a share of all do not exceed; the median at one half.</summary>
    public int Quantile(double share)
    {
        long below = 0;
        for (int value = 0; value < _counts.Length; value++)
            if ((below += _counts[value]) > 0 && below >= share * Count)
                return value;
        return 0;
    }

    /// <summary>Bars of equal width over the values; the few far above the rest are gathered in the last.</summary>
    public (int Width, IReadOnlyList<Bar> Bars) ToBars()
    {
        if (Count == 0)
            return (1, []);
        int least = Array.FindIndex(_counts, c => c > 0), most = Quantile(1);
        int shown = most < MostBars ? most : Math.Max(Quantile(0.995), 1);
        int width = Wide((shown + MostBars) / MostBars);
        int first = (most < MostBars && least < 2 ? least : 0) / width * width;
        var bars = new List<Bar>();
        for (int from = first; from <= shown; from += width)
            bars.Add(new Bar(from, from + width - 1, Between(from, from + width), Open: false));
        long above = Between(bars[^1].To + 1, _counts.Length);
        if (above > 0)
            bars[^1] = bars[^1] with { Count = bars[^1].Count + above, Open = true };
        return (width, bars);
    }

    long Between(int from, int to)
    {
        long sum = 0;
        for (int value = from; value < Math.Min(to, _counts.Length); value++)
            sum += _counts[value];
        return sum;
    }

    // 1, 2, 5, 10, 20, 50 … so that the ticks are round.
    static int Wide(int least)
    {
        int ten = 1;
        while (true)
        {
            foreach (int of in (ReadOnlySpan<int>)[1, 2, 5])
                if (of * ten >= least)
                    return of * ten;
            ten *= 10;
        }
    }
}

/// <summary>A bar of a histogram.</summary>
/// <param name="From">Its least value.</param>
/// <param name="To">Its greatest.</param>
/// <param name="Count">How many fell into it.</param>
/// <param name="Open">Greater values are counted in it too.</param>
readonly record struct Bar(int From, int To, long Count, bool Open);

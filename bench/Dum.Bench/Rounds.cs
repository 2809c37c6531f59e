namespace Dum.Bench;

/// <summary>
/// Measures several things against one another: after a warm-up each round does each of them once, so that what the
/// machine does meanwhile meets all alike; the median over the rounds counts.
/// </summary>
sealed class Rounds(int count)
{
    // Below this much processor time a piece of work is repeated within the round.
    const double EnoughSeconds = 0.04, WarmSeconds = 0.2;

    readonly List<(Func<double> Measure, List<double> Seconds)> _contenders = [];

    /// <summary>Adds work done in this process, on one thread.</summary>
    /// <returns>Its index in what <see cref="Run"/> returns.</returns>
    public int Add(Action work)
    {
        int times = 1;
        double spent = 0, one = 0;
        for (int warm = 0; warm < 3 || (spent < WarmSeconds && warm < 100); warm++)
            spent += one = Timed(work, 1);
        if (one < EnoughSeconds)
            times = (int)Math.Clamp(EnoughSeconds / Math.Max(one, 1e-6), 1, 1000);
        return Add(() => Timed(work, times));
    }

    /// <summary>Adds work that measures itself, in seconds.</summary>
    /// <returns>Its index in what <see cref="Run"/> returns.</returns>
    public int Add(Func<double> measure)
    {
        _contenders.Add((measure, []));
        return _contenders.Count - 1;
    }

    /// <summary>Median seconds of processor time of each contender.</summary>
    public double[] Run()
    {
        for (int round = 0; round < count; round++)
            foreach ((Func<double> measure, List<double> seconds) in _contenders)
                seconds.Add(measure());
        return [.. _contenders.Select(c => Median(c.Seconds))];
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    static double Timed(Action work, int times)
    {
        double start = Cpu.Self;
        for (int i = 0; i < times; i++)
            work();
        return (Cpu.Self - start) / times;
    }
}

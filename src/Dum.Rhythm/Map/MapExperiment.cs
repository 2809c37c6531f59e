namespace Dum.Rhythm.Map;

/// <summary>What a run of one side came to.</summary>
/// <param name="Score">What is compared, worked out when the clock has stopped.</param>
/// <param name="Held">What it would need to go on: its memory is counted.</param>
readonly record struct MapOutcome(Func<double> Score, object Held)
{
    /// <summary>An outcome whose score the run found itself.</summary>
    public MapOutcome(double value, object held) : this(() => value, held)
    {
    }
}

/// <summary>An experiment of the map before it runs.</summary>
/// <param name="Row">The row without its sides.</param>
/// <param name="Ours">The rhythm side: seed in, outcome out.</param>
/// <param name="Theirs">The conventional side: seed and the processor seconds that the rhythm side took.</param>
sealed record MapExperiment(MapRow Row, Func<ulong, MapOutcome> Ours, Func<ulong, double, MapOutcome> Theirs)
{
    // A shorter run is mostly being compiled.
    const double Short = 1;

    const int Tries = 5;

    /// <summary>Whether a seed changes anything; else one run says it all.</summary>
    public bool Random { get; init; } = true;

    /// <summary>The conventional side once more, in the same time but as large as the rhythm side's memory allows (bytes): the better of the two counts. Null where its size is no choice.</summary>
    public Func<ulong, double, long, MapOutcome>? Large { get; init; }

    /// <summary>Runs both sides in turn, seed after seed.</summary>
    public MapRow Measure(int seeds, CancellationToken cancel)
    {
        seeds = Random ? seeds : 1;
        var (ours, theirs) = (new MapSide[seeds], new MapSide[seeds]);
        for (int s = 0; s < seeds; s++)
        {
            cancel.ThrowIfCancellationRequested();
            ulong seed = (ulong)s + 1;
            ours[s] = Warm(s == 0, () => Ours(seed));
            cancel.ThrowIfCancellationRequested();
            theirs[s] = Warm(s == 0, () => Theirs(seed, ours[s].Seconds));
            if (Large is { } large && Warm(s == 0, () => large(seed, ours[s].Seconds, ours[s].Bytes)) is var second && (Row.Less ? second.Value < theirs[s].Value : second.Value > theirs[s].Value))
                theirs[s] = second;
        }
        return Row with { Ours = Median(ours), Theirs = Median(theirs) };
    }

    /// <summary>Processor seconds of this process so far.</summary>
    public static double Clock => Environment.CpuUsage.TotalTime.TotalSeconds;

    /// <summary>Runs a side; the first of its runs twice where it is short, and the second counts.</summary>
    static MapSide Warm(bool first, Func<MapOutcome> side) => Run(side) is var run && first && run.Seconds < Short ? Run(side) : run;

    /// <summary>Processor seconds of a piece of work: the least of several tries, since the first ones are still being compiled.</summary>
    public static double Least(Action work)
    {
        double least = double.PositiveInfinity;
        for (int i = 0; i < Tries; i++)
        {
            double start = Clock;
            work();
            least = Math.Min(least, Clock - start);
        }
        return Math.Max(least, 1e-6);
    }

    static MapSide Run(Func<MapOutcome> side)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        double start = Clock;
        MapOutcome outcome = side();
        double seconds = Clock - start;
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(outcome.Held);
        return new MapSide(outcome.Score(), seconds, Math.Max(held, 0));
    }

    static MapSide Median(MapSide[] runs) => new(Middle(runs.Select(r => r.Value)), Middle(runs.Select(r => r.Seconds)), (long)Middle(runs.Select(r => (double)r.Bytes)));

    static double Middle(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

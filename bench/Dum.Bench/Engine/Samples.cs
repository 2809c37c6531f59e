using System.Diagnostics;

namespace Dum.Bench;

/// <summary>What one contender took, round by round, in seconds.</summary>
sealed class Samples
{
    readonly List<double> _seconds = [];

    public bool Any => _seconds.Count > 0;

    public double Median => Any ? Rounds.Median(_seconds) : double.NaN;

    public double Best => Any ? _seconds.Min() : double.NaN;

    public void Add(double seconds) => _seconds.Add(seconds);

    /// <summary>Takes the time of some work by the clock.</summary>
    public void Time(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>The same by processor time: what to read of one thread on a machine that has other work.</summary>
    public void TimeProcessor(Action work)
    {
        double start = Cpu.Self;
        work();
        Add(Cpu.Self - start);
    }
}

/// <summary>How much managed memory some work allocates, on its own thread and on all.</summary>
static class Allocation
{
    public static (long Here, long All) Of(Action work)
    {
        long here = GC.GetAllocatedBytesForCurrentThread(), all = GC.GetTotalAllocatedBytes(true);
        work();
        // In this order: asking for the total may allocate.
        here = GC.GetAllocatedBytesForCurrentThread() - here;
        return (here, GC.GetTotalAllocatedBytes(true) - all);
    }
}

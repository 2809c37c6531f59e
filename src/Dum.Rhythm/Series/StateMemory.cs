using Dum.Coding;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Series;

/// <summary>
/// Remembers where a signal has been: states within the vigilance of a remembered one are drawn into it, others are
/// remembered by themselves, the longest unused forgotten first (the leader algorithm, Hartigan 1975; vigilance after
/// Carpenter and Grossberg 1987).
/// </summary>
/// <param name="size">Numbers of a state.</param>
sealed class StateMemory(int size)
{
    // Chosen with the other numbers of the watch, see docs/rhythm-nab.md.
    const int Most = 100;
    const double Vigilance = 1, Learning = 0.2;

    readonly double[] _states = new double[Most * size];
    readonly long[] _used = new long[Most];
    int _count;
    long _time;

    /// <summary>How far a state is from the nearest remembered one (Euclidean; 0 at the first), which then moves there or is joined by it.</summary>
    public double Meet(ReadOnlySpan<double> state)
    {
        _time++;
        int nearest = -1;
        double least = double.PositiveInfinity;
        for (int k = 0; k < _count; k++)
        {
            double sum = 0;
            for (int j = 0; j < size; j++)
                sum += (state[j] - _states[(k * size) + j]) * (state[j] - _states[(k * size) + j]);
            if (sum < least)
                (least, nearest) = (sum, k);
        }
        bool known = least <= Vigilance * Vigilance;
        int at = known ? nearest : _count < Most ? _count++ : Array.IndexOf(_used, _used.Min());
        double rate = known ? Learning : 1;
        for (int j = 0; j < size; j++)
            _states[(at * size) + j] += rate * (state[j] - _states[(at * size) + j]);
        _used[at] = _time;
        return nearest < 0 ? 0 : Math.Sqrt(least);
    }

    internal void Write(ByteWriter to)
    {
        to.UInt64((ulong)_time);
        to.Number(_count);
        for (int k = 0; k < _count; k++)
            to.UInt64((ulong)_used[k]);
        foreach (double value in _states.AsSpan(0, _count * size))
            to.Double(value);
    }

    internal void Read(ref ByteReader from)
    {
        (_time, _count) = (from.Counter(), (int)from.Number(Most));
        for (int k = 0; k < _count; k++)
            _used[k] = from.Counter();
        from.Finite(_states.AsSpan(0, _count * size));
    }
}

using Dum.Coding;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Series;

/// <summary>Mean and spread of a signal as it comes: of all of it at first, later of about its last <see cref="Habit"/> samples.</summary>
public sealed class RunningScale
{
    // After so many samples one that stands far out moves the scale no more than one that stands this far out.
    const int Trusted = EarlySlips.Enough;
    const double Most = 6;

    // The first values, looked at once more when there are enough of them.
    readonly List<double> _first = [];
    double _mean, _variance;
    long _count;

    /// <summary>Samples that it remembers.</summary>
    public const int Habit = 2000;

    /// <summary>Values taken in.</summary>
    public long Count => _count;

    /// <summary>Mean, in units of the signal.</summary>
    public double Mean => _mean;

    /// <summary>Standard deviation, in units of the signal; never 0.</summary>
    public double Spread => Math.Sqrt(_variance) is var s && s > 1e-12 * Math.Abs(_mean) && s > 1e-150 ? s : 1;

    /// <summary>Whether the signal has moved at all.</summary>
    public bool Moves => Math.Sqrt(_variance) is var s && s > 1e-12 * Math.Abs(_mean) && s > 1e-150;

    /// <summary>A value in spreads from the mean, within ± <paramref name="most"/>.</summary>
    public double Place(double value, double most) => Math.Clamp((value - _mean) / Spread, -most, most);

    /// <summary>Takes a finite value in.</summary>
    public void Add(double value)
    {
        _count++;
        double rate = 1.0 / Math.Min(_count, Habit), away = value - _mean;
        if (_count > Trusted && Moves)
            away = Math.Clamp(away, -Most * Spread, Most * Spread);
        _mean += rate * away;
        _variance = _count == 1 ? 0 : (1 - rate) * (_variance + (rate * away * away));
        if (_count > Trusted)
            return;
        _first.Add(value);
        if (_count == Trusted)
            WithoutSlips();
    }

    /// <summary>One wild value among the first would be the measure of thousands of later ones.</summary>
    void WithoutSlips()
    {
        bool[] slips = EarlySlips.Among([.. _first]);
        if (slips.Contains(true))
        {
            double[] kept = [.. _first.Where((_, i) => !slips[i])];
            _mean = kept.Average();
            _variance = kept.Average(v => (v - _mean) * (v - _mean));
        }
        _first.Clear();
    }

    internal void Write(ByteWriter to)
    {
        to.Double(_mean);
        to.Double(_variance);
        to.UInt64((ulong)_count);
        to.Doubles([.. _first]);
    }

    internal void Read(ref ByteReader from)
    {
        (_mean, _variance, _count) = (from.Finite(), from.Finite(), from.Counter());
        double[] first = from.Doubles();
        if (first.Length != (_count < Trusted ? _count : 0))
            throw from.Damaged();
        _first.Clear();
        _first.AddRange(first);
    }
}

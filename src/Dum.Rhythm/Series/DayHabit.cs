using Dum.Coding;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Series;

/// <summary>What a signal usually is at each time of day: a mean for every quarter of an hour, addressed by the phase of the day.</summary>
sealed class DayHabit
{
    const int Cells = 96, Smoothing = 4;
    const double Day = 86_400, SlowestRate = 0.02;

    readonly double[] _means = new double[Cells];
    readonly int[] _counts = new int[Cells];
    double _away;

    /// <summary>How far a value is from what is usual at its time, averaged over about the last four records, in units of the signal.</summary>
    /// <param name="value">Finite.</param>
    /// <param name="second">Seconds since midnight, 0 … 86,400.</param>
    public double Away(double value, double second)
    {
        int cell = Math.Clamp((int)(second / Day * Cells), 0, Cells - 1);
        double away = _counts[cell] > 0 ? value - _means[cell] : 0;
        _away += (away - _away) / Smoothing;
        _counts[cell] = Math.Min(_counts[cell] + 1, (int)(1 / SlowestRate));
        _means[cell] += (value - _means[cell]) / _counts[cell];
        return _away;
    }

    internal void Write(ByteWriter to)
    {
        to.Double(_away);
        for (int c = 0; c < Cells; c++)
        {
            to.Double(_means[c]);
            to.Number(_counts[c]);
        }
    }

    internal void Read(ref ByteReader from)
    {
        _away = from.Finite();
        for (int c = 0; c < Cells; c++)
            (_means[c], _counts[c]) = (from.Finite(), (int)from.Number((long)(1 / SlowestRate)));
    }
}

using Dum.Coding;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Series;

/// <summary>
/// Tells a value that stands alone and far outside of all that was heard: a slip of the sensor, which a medium with a long
/// memory would ring with for hundreds of records. What stays out there, or comes again and again, is the signal.
/// </summary>
sealed class StrayGuard
{
    // Spreads from the mean. What is only far is a stray when nothing came half as far before; what is absurd may come a
    // few times in some two thousand records.
    const double Far = 8, Absurd = 30, Often = 4, Fading = 1.0 / 2000;
    const int Settled = 500;

    double _times, _reach;
    bool _out;

    /// <summary>Takes a value in.</summary>
    /// <param name="value">Finite.</param>
    /// <param name="scale">Mean and spread of what was heard before it.</param>
    /// <returns>True where it is better not heard.</returns>
    public bool Take(double value, RunningScale scale)
    {
        if (scale.Count < Settled || !scale.Moves)
            return false;
        bool first = !_out;
        double away = Math.Abs(value - scale.Mean) / scale.Spread, before = _reach;
        _out = away > Far;
        _times += (_out && first ? 1 : 0) - (Fading * _times);
        _reach = Math.Max(away, _reach - (Fading * _reach));
        return _out && first && (away > Absurd ? _times < Often : away > 2 * before);
    }

    internal void Write(ByteWriter to)
    {
        to.Double(_times);
        to.Double(_reach);
        to.Byte(_out ? 1 : 0);
    }

    internal void Read(ref ByteReader from) => (_times, _reach, _out) = (from.Finite(), from.Finite(), from.Byte() != 0);
}

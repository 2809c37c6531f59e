using Dum.Coding;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Series;

/// <summary>
/// How far a number stands beyond all that came before, in widths of that range. Records of a steady signal grow rare as
/// 1/t, so a margin means the same after a hundred samples and after a million; the range shrinks slowly, or the first
/// accident would be the measure of all later ones.
/// </summary>
/// <param name="forgetting">Share of the width that each end loses per sample, in [0, 1).</param>
/// <param name="bothEnds">Whether values below the range count, too.</param>
/// <param name="quiet">Numbers that pass unjudged.</param>
sealed class RecordMargin(double forgetting, bool bothEnds, int quiet)
{
    /// <summary>Largest margin.</summary>
    public const double Most = 50;

    double _low, _high;
    int _count;

    /// <summary>Judges a finite number, then takes it in.</summary>
    /// <returns>0 within the range, 1 a whole width outside, at most <see cref="Most"/>.</returns>
    public double Judge(double value)
    {
        double width = _high - _low, beyond = Math.Max(value - _high, bothEnds ? _low - value : 0), margin = 0;
        if (_count == 0)
            _low = _high = value;
        if (_count < quiet)
            _count++;
        else if (beyond > 0 && width > 0)
            margin = Math.Min(beyond / width, Most);
        (_low, _high) = (Math.Min(_low, value), Math.Max(_high, value));
        double loss = forgetting * (_high - _low);
        (_low, _high) = (_low + loss, _high - loss);
        return margin;
    }

    internal void Write(ByteWriter to)
    {
        to.Double(_low);
        to.Double(_high);
        to.Number(_count);
    }

    internal void Read(ref ByteReader from) => (_low, _high, _count) = (from.Finite(), from.Finite(), (int)from.Number(quiet));
}

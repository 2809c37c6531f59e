using Dum.Coding;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Series;

/// <summary>
/// Bounds between which a share of errors falls, followed one error at a time: each quantile moves by a step of the size of
/// recent errors, up by its share or down by the rest (stochastic descent on the pinball loss), so the share holds in the long run even
/// where errors change (Gibbs and Candès 2021).
/// </summary>
/// <param name="share">Share of errors between the bounds, in (0, 1).</param>
public sealed class ErrorBand(double share)
{
    const double Rate = 0.05, ScaleRate = 0.02;
    const int Settled = 20;

    // Bounds begin this many mean errors from nought.
    const double Start = 2;

    double _low, _high, _size;
    long _count;

    /// <summary>Errors seen.</summary>
    public long Count => _count;

    /// <summary>True once there were enough errors to speak of a share.</summary>
    public bool Known => _count >= Settled;

    /// <summary>Lower bound of the error.</summary>
    public double Low => Math.Min(_low, _high);

    /// <summary>Upper bound of the error.</summary>
    public double High => Math.Max(_low, _high);

    /// <summary>Takes an error in.</summary>
    /// <param name="error">What came, less what was said.</param>
    public void Add(double error)
    {
        _count++;
        _size += Math.Max(ScaleRate, 1.0 / _count) * (Math.Abs(error) - _size);
        if (_count <= Settled)
        {
            (_low, _high) = (-Start * _size, Start * _size);
            return;
        }
        // Bounds that stand far too wide come back by a share of their width.
        double tail = (1 - share) / 2, step = Rate * Math.Max(_size, (_high - _low) / 4);
        _low += step * (error < _low ? tail - 1 : tail);
        _high += step * (error > _high ? 1 - tail : -tail);
    }

    internal void Write(ByteWriter to)
    {
        foreach (double value in (ReadOnlySpan<double>)[_low, _high, _size])
            to.Double(value);
        to.UInt64((ulong)_count);
    }

    internal void Read(ref ByteReader from) => (_low, _high, _size, _count) = (from.Finite(), from.Finite(), from.Finite(), from.Counter());
}

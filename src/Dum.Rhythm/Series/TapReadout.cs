using Dum.Coding;
using Dum.Rhythm.Learning;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Series;

/// <summary>
/// How far one column will have moved after the horizon, from where it stands and its last eight values: nine features
/// are learned within some dozen records, when a medium of hundreds is not.
/// </summary>
/// <param name="options">Horizon and memory.</param>
sealed class TapReadout(ForecastOptions options)
{
    const int Taps = 8, Features = Taps + 1;
    const double Ridge = 10, Most = 16;

    readonly RlsReadout _readout = new(Features, 1, 1 - (1 / options.Memory), Ridge, 0);
    readonly double[][] _seen = [.. Enumerable.Range(0, options.Horizon).Select(_ => new double[Features])];
    readonly double[] _last = new double[Taps], _change = new double[1];
    bool _heard;

    /// <summary>Takes a value in and says how far it will move, in spreads.</summary>
    /// <param name="value">The value, or the last one where there is a gap; finite.</param>
    /// <param name="scale">Mean and spread of the column so far.</param>
    /// <param name="place">Where in the circle of the horizon this record stands.</param>
    public double Say(double value, RunningScale scale, int place)
    {
        if (!_heard)
            Array.Fill(_last, value);
        _heard = true;
        Array.Copy(_last, 0, _last, 1, Taps - 1);
        _last[0] = value;
        double[] seen = _seen[place];
        (seen[0], seen[1]) = (1, scale.Place(value, Most));
        for (int k = 1; k < Taps; k++)
            seen[k + 1] = Math.Clamp((_last[k - 1] - _last[k]) / scale.Spread, -Most, Most);
        _readout.Predict(seen, _change);
        return double.IsFinite(_change[0]) ? Math.Clamp(_change[0], -Most, Most) : 0;
    }

    /// <summary>Learns what came of the record at a place.</summary>
    /// <param name="place">Where in the circle of the horizon it stands.</param>
    /// <param name="change">By how much the column moved since, in spreads; finite.</param>
    public void Learn(int place, double change)
    {
        _change[0] = change;
        _readout.Learn(_seen[place], _change);
    }

    internal void Write(ByteWriter to)
    {
        _readout.Write(to);
        to.Byte(_heard ? 1 : 0);
        foreach (double[] row in (IEnumerable<double[]>)[.. _seen, _last])
            foreach (double value in row)
                to.Double(value);
    }

    internal void Read(ref ByteReader from)
    {
        _readout.Read(ref from);
        _heard = from.Byte() != 0;
        foreach (double[] row in (IEnumerable<double[]>)[.. _seen, _last])
            from.Doubles(row);
    }
}

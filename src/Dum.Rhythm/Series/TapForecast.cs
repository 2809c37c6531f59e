using Dum.Coding;
using Dum.Numerics;
using Dum.Rhythm.Learning;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Series;

/// <summary>
/// The next value from the last eight and the time of day, learned by recursive least squares: a forecast so plain that it
/// is soon right about what is usual, which a detector wants more than one that follows every turn.
/// </summary>
/// <param name="memory">Samples after which a lesson has faded to about a third, at least 10.</param>
sealed class TapForecast(double memory)
{
    const int Taps = 8, Features = Taps + 5;
    const double Most = 8, Ridge = 0.1, Day = 86_400;

    readonly RlsReadout _readout = new(Features, 1, 1 - (1 / memory), Ridge, 0);
    readonly double[] _seen = new double[Features], _said = new double[1], _came = new double[1];

    /// <summary>How far a value is from what was expected of it, in units of the signal; then learns from it.</summary>
    /// <param name="value">Finite.</param>
    /// <param name="scale">Mean and spread of the signal so far.</param>
    /// <param name="second">Seconds since midnight; NaN where the time of day is not known.</param>
    public double Error(double value, RunningScale scale, double second)
    {
        double place = scale.Moves ? scale.Place(value, Most) : 0;
        _seen[Taps] = 1;
        if (!double.IsNaN(second))
            for (int k = 1; k <= 2; k++)
                (_seen[Taps + (2 * k) - 1], _seen[Taps + (2 * k)]) = FixedMath.SinCos(2 * Math.PI * k * second / Day);
        _readout.Predict(_seen, _said);
        _came[0] = place;
        _readout.Learn(_seen, _came);
        Array.Copy(_seen, 0, _seen, 1, Taps - 1);
        _seen[0] = place;
        double error = place - _said[0];
        return double.IsFinite(error) && scale.Moves ? error * scale.Spread : 0;
    }

    internal void Write(ByteWriter to)
    {
        _readout.Write(to);
        foreach (double value in _seen)
            to.Double(value);
    }

    internal void Read(ref ByteReader from)
    {
        _readout.Read(ref from);
        from.Finite(_seen);
    }
}

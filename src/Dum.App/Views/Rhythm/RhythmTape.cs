using Dum.Rhythm.Series;

namespace Dum.App.Views.Rhythm;

/// <summary>What the page of a forecast shows, kept while the stream runs: the last moments of the rings, the last forecasts, energies and errors of all time. Bounded.</summary>
sealed class RhythmTape(Forecaster forecaster, IReadOnlyList<string> names)
{
    const int MostErrors = 128;

    readonly Queue<double[]> _points = new();
    readonly Queue<(double Then, double Value, double Low, double High)> _said = new();
    readonly List<(double Error, double Still)> _errors = [];
    double _error, _still;
    long _perError = 1, _inError;

    public IReadOnlyList<string> Names { get; } = names;

    public Forecaster Forecaster { get; } = forecaster;

    public long Records { get; private set; }

    /// <summary>The rings; the memories of the first column make up the spectrum.</summary>
    public RingFrames Rings { get; } = new(forecaster.Medium, StreamMedium.RingsPerColumn(forecaster.Options.LongestPeriod));

    /// <summary>Value, forecast made for it, and the ends of its interval; NaN where unknown.</summary>
    public IEnumerable<double[]> Points => _points;

    /// <summary>Root mean square error in units of that of 'nothing changes', over time.</summary>
    public IEnumerable<double> Errors => _errors.Select(e => e.Still > 0 ? Math.Sqrt(e.Error / e.Still) : 0);

    /// <summary>Takes a record and the forecast that was just made.</summary>
    public void Take(double[] record, Forecast[] said)
    {
        Records++;
        Rings.Take();
        (double then, double value, double low, double high) = _said.Count >= Forecaster.Options.Horizon ? _said.Dequeue() : (double.NaN, double.NaN, double.NaN, double.NaN);
        RingFrames.Keep(_points, [record[0], value, low, high]);
        if (double.IsFinite(record[0]) && double.IsFinite(value) && double.IsFinite(then))
            Judge(record[0] - value, record[0] - then);
        _said.Enqueue((record[0], said[0].Value, said[0].Low, said[0].High));
    }

    /// <summary>Errors of equal stretches; when there are too many, each two become one.</summary>
    void Judge(double error, double still)
    {
        (_error, _still) = (_error + (error * error), _still + (still * still));
        if (++_inError < _perError)
            return;
        _errors.Add((_error, _still));
        (_error, _still, _inError) = (0, 0, 0);
        if (_errors.Count < MostErrors)
            return;
        for (int i = 0; i < MostErrors / 2; i++)
            _errors[i] = (_errors[2 * i].Error + _errors[(2 * i) + 1].Error, _errors[2 * i].Still + _errors[(2 * i) + 1].Still);
        _errors.RemoveRange(MostErrors / 2, MostErrors / 2);
        _perError *= 2;
    }
}

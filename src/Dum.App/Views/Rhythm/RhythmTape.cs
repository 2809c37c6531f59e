using Dum.Rhythm.Rings;
using Dum.Rhythm.Series;

namespace Dum.App.Views.Rhythm;

/// <summary>What the page of a forecast shows, kept while the stream runs: the last moments of the rings, the last forecasts, energies and errors of all time. Bounded.</summary>
sealed class RhythmTape(Forecaster forecaster, IReadOnlyList<string> names)
{
    const int Moments = 240, MostErrors = 128, MostShown = 24;

    readonly Queue<double[]> _frames = new(), _points = new();
    readonly Queue<(double Then, double Value, double Low, double High)> _said = new();
    readonly List<(double Error, double Still)> _errors = [];
    readonly double[][] _energy = [.. Enumerable.Range(0, forecaster.Medium.Rings).Select(r => new double[forecaster.Medium.Real(r).Length])];
    double _error, _still;
    long _perError = 1, _inError;

    public IReadOnlyList<string> Names { get; } = names;

    public Forecaster Forecaster { get; } = forecaster;

    public long Records { get; private set; }

    /// <summary>Frames: for each ring in turn, real and imaginary parts of up to <see cref="MostShown"/> oscillators.</summary>
    public IEnumerable<double[]> Frames => _frames;

    /// <summary>Value, forecast made for it, and the ends of its interval; NaN where unknown.</summary>
    public IEnumerable<double[]> Points => _points;

    /// <summary>Root mean square error in units of that of 'nothing changes', over time.</summary>
    public IEnumerable<double> Errors => _errors.Select(e => e.Still > 0 ? Math.Sqrt(e.Error / e.Still) : 0);

    /// <summary>Period and mean energy of each resonator of the first column's memories.</summary>
    public IEnumerable<(double Period, double Energy)> Spectrum =>
        Enumerable.Range(0, StreamMedium.RingsPerColumn(Forecaster.Options.LongestPeriod))
            .SelectMany(r => _energy[r].Select((e, j) => (2 * Math.PI / Forecaster.Medium.Parameters.Rings[r].Rhythm.Omega[j], e / Math.Max(Records, 1))))
            .OrderBy(p => p.Item1);

    /// <summary>How many oscillators of a ring a frame holds.</summary>
    public static int Shown(Medium<double> medium, int ring) => Math.Min(MostShown, medium.Real(ring).Length);

    /// <summary>Takes a record and the forecast that was just made.</summary>
    public void Take(double[] record, Forecast[] said)
    {
        Records++;
        Medium<double> medium = Forecaster.Medium;
        var frame = new List<double>();
        for (int r = 0; r < medium.Rings; r++)
        {
            ReadOnlySpan<double> re = medium.Real(r), im = medium.Imaginary(r);
            for (int j = 0; j < re.Length; j++)
            {
                _energy[r][j] += (re[j] * re[j]) + (im[j] * im[j]);
                if (j < MostShown)
                    frame.AddRange([re[j], im[j]]);
            }
        }
        Keep(_frames, [.. frame]);
        (double then, double value, double low, double high) = _said.Count >= Forecaster.Options.Horizon ? _said.Dequeue() : (double.NaN, double.NaN, double.NaN, double.NaN);
        Keep(_points, [record[0], value, low, high]);
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

    static void Keep(Queue<double[]> of, double[] row)
    {
        of.Enqueue(row);
        if (of.Count > Moments)
            of.Dequeue();
    }
}

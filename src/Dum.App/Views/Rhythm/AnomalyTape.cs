using Dum.Rhythm.Series;

namespace Dum.App.Views.Rhythm;

/// <summary>What the page of a search for anomalies shows, kept while the stream runs: the signal and its scores in equal stretches of all time, the strangest records. Bounded.</summary>
/// <param name="detector">The detector as it runs.</param>
/// <param name="names">Of the columns.</param>
sealed class AnomalyTape(AnomalyDetector detector, IReadOnlyList<string> names)
{
    const int MostStretches = 1024, MostAlarms = 40;

    readonly List<(double Low, double High, double Score)> _stretches = [];
    readonly List<(long Record, Anomaly Found)> _alarms = [];
    (double Low, double High, double Score) _open = Empty;
    long _inOpen;

    static (double Low, double High, double Score) Empty => (double.PositiveInfinity, double.NegativeInfinity, 0);

    public IReadOnlyList<string> Names { get; } = names;

    public long Records { get; private set; }

    /// <summary>Records of a stretch.</summary>
    public long PerStretch { get; private set; } = 1;

    /// <summary>The rings that listen to the first column.</summary>
    public RingFrames Rings { get; } = new(detector.Rings(0), detector.Rings(0).Rings);

    /// <summary>Least and greatest value of the first column (infinite in a gap), highest score of all columns.</summary>
    public IEnumerable<double[]> Stretches => _stretches.Select(s => new[] { s.Low, s.High, s.Score });

    /// <summary>The records that scored most, the strangest first.</summary>
    public IReadOnlyList<(long Record, Anomaly Found)> Alarms => _alarms;

    /// <summary>Takes a record and its judgement.</summary>
    public void Take(double[] record, Anomaly found)
    {
        Records++;
        Rings.Take();
        bool known = double.IsFinite(record[0]);
        _open = (known ? Math.Min(_open.Low, record[0]) : _open.Low, known ? Math.Max(_open.High, record[0]) : _open.High, Math.Max(_open.Score, found.Score));
        if (found.Score > 0)
            Rank(found);
        if (++_inOpen < PerStretch)
            return;
        _stretches.Add(_open);
        (_open, _inOpen) = (Empty, 0);
        if (_stretches.Count < MostStretches)
            return;
        for (int i = 0; i < MostStretches / 2; i++)
            _stretches[i] = Together(_stretches[2 * i], _stretches[(2 * i) + 1]);
        _stretches.RemoveRange(MostStretches / 2, MostStretches / 2);
        PerStretch *= 2;
    }

    void Rank(Anomaly found)
    {
        int at = _alarms.FindIndex(a => found.Score > a.Found.Score);
        _alarms.Insert(at < 0 ? _alarms.Count : at, (Records, found));
        if (_alarms.Count > MostAlarms)
            _alarms.RemoveAt(MostAlarms);
    }

    static (double, double, double) Together((double Low, double High, double Score) a, (double Low, double High, double Score) b) =>
        (Math.Min(a.Low, b.Low), Math.Max(a.High, b.High), Math.Max(a.Score, b.Score));
}

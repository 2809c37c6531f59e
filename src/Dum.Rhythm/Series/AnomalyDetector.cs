namespace Dum.Rhythm.Series;

/// <summary>What made a record strange.</summary>
public enum AnomalyKind
{
    /// <summary>Nothing did.</summary>
    None,

    /// <summary>A value beyond all seen before.</summary>
    Range,

    /// <summary>A value came otherwise than forecast.</summary>
    Surprise,

    /// <summary>A rhythm grew: the energy of a ring.</summary>
    Rhythm,

    /// <summary>A step away from the level of the last samples.</summary>
    Step,

    /// <summary>Short and long level stand as they never stood together.</summary>
    State,

    /// <summary>Not so at this time of day.</summary>
    Clock,
}

/// <summary>The judgement of one record.</summary>
/// <param name="Score">How strange, 0…1: ½ where an alarm is worth it by NAB's standard profile; 0 while an alarm rests.</param>
/// <param name="Kind">What made it strange, of what did the most.</param>
/// <param name="Column">Where.</param>
/// <param name="Period">The period that broke, in samples, where a rhythm did; else 0.</param>
public readonly record struct Anomaly(double Score, AnomalyKind Kind, int Column, double Period);

/// <summary>
/// Scores records as they come, in one pass. Witnesses listen to each column (<see cref="ColumnWatch"/>), and a record is
/// as strange as it outdoes everything they heard. After an alarm the next hundred records are silent but for one that is
/// half as strange again: an event is told once.
/// </summary>
public sealed class AnomalyDetector
{
    const int Rest = 100;
    const double Renewal = 1.5;

    /// <summary>Margin that scores ½, chosen on 33 of NAB's files.</summary>
    const double Worth = 0.068;

    readonly Forecaster _forecaster;
    readonly Forecast[] _forecast;
    readonly ColumnWatch[] _columns;
    double _told;
    long _silence = Rest;

    /// <summary>Makes a detector that knows nothing.</summary>
    /// <param name="columns">Columns of a record.</param>
    /// <param name="options">Of the forecasts it listens to; the horizon is 1.</param>
    /// <exception cref="DumException">A number is out of its range.</exception>
    public AnomalyDetector(int columns, ForecastOptions options)
    {
        _forecaster = new Forecaster(columns, options with { Horizon = 1 });
        (_forecast, _columns) = (new Forecast[columns], [.. Enumerable.Range(0, columns).Select(_ => new ColumnWatch())]);
    }

    /// <summary>What it listens to.</summary>
    public Forecaster Forecaster => _forecaster;

    /// <summary>What is expected of the next record.</summary>
    public ReadOnlySpan<Forecast> Expected => _forecast;

    /// <summary>Judges a record, then learns from it.</summary>
    /// <param name="record">A number for each column; NaN for a gap.</param>
    /// <param name="elapsed">Time since the last record, in usual intervals.</param>
    /// <param name="second">Seconds since midnight; NaN where the time of day is not known.</param>
    public Anomaly Step(ReadOnlySpan<double> record, double elapsed, double second = double.NaN)
    {
        Anomaly worst = default;
        double most = 0;
        _forecaster.Step(record, elapsed, _forecast);
        for (int c = 0; c < record.Length; c++)
        {
            if (!Forecaster.IsNumber(record[c]))
                continue;
            double error = _forecaster.Surprise[c] * _forecaster.Scale(c).Spread;
            (double margin, AnomalyKind kind) = _columns[c].Step(record[c], double.IsFinite(error) ? error : double.NaN, second, out double period);
            if (margin > most)
                (most, worst) = (margin, new Anomaly(margin / (margin + Worth), kind, c, period));
        }
        _silence++;
        if (most == 0 || (_silence <= Rest && most <= _told * Renewal))
            return default;
        (_told, _silence) = (most, 0);
        return worst;
    }
}

using Dum.Numerics;

namespace Dum.Rhythm.Series;

/// <summary>What made a record strange.</summary>
public enum AnomalyKind
{
    /// <summary>Nothing did.</summary>
    None,

    /// <summary>A value beyond all seen before.</summary>
    Range,

    /// <summary>Values came otherwise than forecast.</summary>
    Surprise,

    /// <summary>A rhythm grew or faded: the energy of a ring.</summary>
    Rhythm,
}

/// <summary>The judgement of one record.</summary>
/// <param name="Score">How strange, 0…1: about 1 − the share of records that are at least as strange.</param>
/// <param name="Kind">What made it strange.</param>
/// <param name="Column">Where.</param>
/// <param name="Period">The period that broke, in samples, where a rhythm did; else 0.</param>
public readonly record struct Anomaly(double Score, AnomalyKind Kind, int Column, double Period);

/// <summary>
/// Scores records as they come. Three witnesses speak: values beyond the range seen so far, forecasts that fail more than
/// they used to (short against long memory of the errors, as Numenta's likelihood), and rings whose energy leaves its habit.
/// </summary>
public sealed class AnomalyDetector
{
    const int Probation = 100, Short = 10;
    const double Long = 4000, RangeMargin = 0.1;

    readonly Forecaster _forecaster;
    readonly Forecast[] _forecast;
    readonly int _ringsPerColumn;
    readonly double[] _least, _most, _shortError;
    readonly Habit[] _errors, _energies;

    /// <summary>Makes a detector that knows nothing.</summary>
    /// <param name="columns">Columns of a record.</param>
    /// <param name="options">Of the forecasts it listens to; the horizon is 1.</param>
    /// <exception cref="DumException">A number is out of its range.</exception>
    public AnomalyDetector(int columns, ForecastOptions options)
    {
        _forecaster = new Forecaster(columns, options with { Horizon = 1 });
        _ringsPerColumn = StreamMedium.RingsPerColumn(options.LongestPeriod);
        (_forecast, _least, _most, _shortError) = (new Forecast[columns], new double[columns], new double[columns], new double[columns]);
        (_errors, _energies) = (new Habit[columns], new Habit[columns * _ringsPerColumn]);
        Array.Fill(_least, double.PositiveInfinity);
        Array.Fill(_most, double.NegativeInfinity);
    }

    /// <summary>What it listens to.</summary>
    public Forecaster Forecaster => _forecaster;

    /// <summary>What was expected of the next record.</summary>
    public ReadOnlySpan<Forecast> Expected => _forecast;

    /// <summary>Judges a record, then learns from it.</summary>
    /// <param name="record">A number for each column; NaN for a gap.</param>
    /// <param name="elapsed">Time since the last record, in usual intervals.</param>
    public Anomaly Step(ReadOnlySpan<double> record, double elapsed)
    {
        _forecaster.Step(record, elapsed, _forecast);
        Anomaly worst = default;
        bool ripe = _forecaster.Count > Probation;
        for (int c = 0; c < record.Length; c++)
        {
            if (!Forecaster.IsNumber(record[c]))
                continue;
            Consider(ref worst, InRange(c, record[c]), AnomalyKind.Range, c, 0);
            double error = Math.Min(Math.Abs(_forecaster.Surprise[c]), 1e6);
            if (double.IsFinite(error))
            {
                // On the logarithmic scale the errors of most signals are near to normal.
                double log = FixedMath.Log(error + 1e-6);
                _shortError[c] += (log - _shortError[c]) / Short;
                Consider(ref worst, _errors[c].Judge(_shortError[c], ripe, Long), AnomalyKind.Surprise, c, 0);
            }
            for (int s = 0; s < _ringsPerColumn; s++)
            {
                int ring = (c * _ringsPerColumn) + s;
                double energy = FixedMath.Log(_forecaster.Medium.Energy(ring) + 1e-9);
                // A ring that remembers long has to be watched long.
                bool heard = ripe && _forecaster.Count > 16 << (3 * s);
                Consider(ref worst, _energies[ring].Judge(energy, heard, Long * (1 << s)), AnomalyKind.Rhythm, c, ring);
            }
        }
        if (!ripe)
            return default;
        return worst.Kind == AnomalyKind.Rhythm ? worst with { Period = Loudest((int)worst.Period) } : worst;
    }

    double InRange(int column, double value)
    {
        double width = _most[column] - _least[column], beyond = width > 0 ? Math.Max(value - _most[column], _least[column] - value) / width : 0;
        (_least[column], _most[column]) = (Math.Min(_least[column], value), Math.Max(_most[column], value));
        return beyond <= 0 ? 0 : 1 - (0.05 * Math.Exp(-beyond / RangeMargin));
    }

    /// <summary>Period of the oscillator that holds most of a ring's energy.</summary>
    double Loudest(int ring)
    {
        ReadOnlySpan<double> re = _forecaster.Medium.Real(ring), im = _forecaster.Medium.Imaginary(ring);
        int loudest = 0;
        double most = -1;
        for (int j = 0; j < re.Length; j++)
            if ((re[j] * re[j]) + (im[j] * im[j]) is var energy && energy > most)
                (most, loudest) = (energy, j);
        return 2 * Math.PI / _forecaster.Medium.Parameters.Rings[ring].Rhythm.Omega[loudest];
    }

    static void Consider(ref Anomaly worst, double score, AnomalyKind kind, int column, double ring)
    {
        if (score > worst.Score)
            worst = new Anomaly(score, kind, column, ring);
    }

    /// <summary>Mean and spread that something has by habit; how far out a new value stands, as the share of a normal distribution below it.</summary>
    struct Habit
    {
        double _mean, _variance;
        long _count;

        public double Judge(double value, bool ripe, double memory)
        {
            double spread = Math.Sqrt(_variance), away = spread > 1e-12 ? (value - _mean) / spread : 0;
            _count++;
            double rate = Math.Max(1.0 / _count, 1 / memory), step = value - _mean;
            if (ripe)
                step = Math.Clamp(step, -4 * spread, 4 * spread);
            _mean += rate * step;
            _variance = (1 - rate) * (_variance + (rate * step * step));
            return ripe ? Tail(away) : 0;
        }

        /// <summary>1 − 2·Q(|z|) of the normal distribution, by Abramowitz and Stegun 7.1.26: within 1.5e-7.</summary>
        static double Tail(double z)
        {
            double x = Math.Abs(z) / Math.Sqrt(2), t = 1 / (1 + (0.3275911 * x));
            double poly = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429))))))));
            return Math.Clamp(1 - (poly * FixedMath.Exp(-x * x)), 0, 1);
        }
    }
}

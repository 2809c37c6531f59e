using Dum.Coding;
using Dum.Rhythm.Learning;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Series;

/// <summary>How a stream is forecast.</summary>
public sealed record ForecastOptions
{
    /// <summary>Samples ahead, 1…10,000.</summary>
    public int Horizon { get; init; } = 1;

    /// <summary>Samples after which a lesson has faded to about a third.</summary>
    public double Memory { get; init; } = 5000;

    /// <summary>Longest period to resonate with, in samples.</summary>
    public int LongestPeriod { get; init; } = 512;

    /// <summary>Share of the future that the interval should hold, in (0, 1).</summary>
    public double Share { get; init; } = 0.9;

    /// <summary>Key of the random structure.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="DumException">One is left.</exception>
    public void Check()
    {
        if (Horizon is < 1 or > 10_000)
            throw new DumException(Tongue.Say("the horizon lies between 1 and 10000 samples", "горизонт — от 1 до 10000 отсчётов"));
        if (!(Memory is >= 10 and <= 1e9))
            throw new DumException(Tongue.Say("the memory lies between 10 and 1e9 samples", "память — от 10 до 1e9 отсчётов"));
        if (LongestPeriod is < 2 or > 1_000_000)
            throw new DumException(Tongue.Say("the longest period lies between 2 and 1000000 samples", "наибольший период — от 2 до 1000000 отсчётов"));
        if (!(Share is > 0 and < 1))
            throw new DumException(Tongue.Say("the interval's share lies between 0 and 1, such as 0.9", "доля интервала — между 0 и 1, например 0.9"));
    }
}

/// <summary>A forecast of one column.</summary>
/// <param name="Value">What is expected.</param>
/// <param name="Low">Lower end of the interval; NaN while nothing is known of the errors.</param>
/// <param name="High">Upper end of the interval.</param>
public readonly record struct Forecast(double Value, double Low, double High);

/// <summary>
/// Forecasts columns of numbers as they come, learning from each: a medium hears them, a readout learned by recursive
/// least squares says how each will have changed. Cost and memory per sample are constant; gaps, constants and outliers leave it bounded.
/// </summary>
public sealed class Forecaster
{
    const int Version = 3, Block = 256;
    const double Ridge = 1, MostPlace = 8, TrustRate = 0.02;

    // Errors seen before the small readout is believed.
    const int Young = 16;

    readonly Medium<double> _medium;
    readonly FeatureMap _map;
    readonly RlsReadout _readout;
    readonly RunningScale[] _scales;
    readonly ErrorBand[] _bands;
    readonly TapReadout[] _taps;
    readonly StrayGuard[] _guards;

    // What the readout saw, and the values then, for each of the last Horizon samples: a circle.
    readonly double[][] _seen, _values, _said, _mixed;
    readonly double[] _last, _input, _change, _heard;

    // Recent squared errors of the readout, of the small one and of 'nothing changes': which of them is believed.
    readonly double[] _ownError, _tapError, _stillError;
    long _count;

    /// <summary>Makes a forecaster that knows nothing.</summary>
    /// <param name="columns">1…<see cref="StreamMedium.MostColumns"/>.</param>
    /// <param name="options">How.</param>
    /// <exception cref="DumException">A number is out of its range.</exception>
    public Forecaster(int columns, ForecastOptions options) : this(columns, options, StreamMedium.Make(Checked(columns, options), options.LongestPeriod, options.Seed))
    {
    }

    Forecaster(int columns, ForecastOptions options, Medium<double> medium)
    {
        (Columns, Options, _medium) = (columns, options, medium);
        _map = StreamMedium.Map(medium);
        _readout = new RlsReadout(_map.Count, columns, 1 - (1 / options.Memory), Ridge, Block);
        _scales = [.. Enumerable.Range(0, columns).Select(_ => new RunningScale())];
        _bands = [.. Enumerable.Range(0, columns).Select(_ => new ErrorBand(options.Share))];
        _seen = [.. Enumerable.Range(0, options.Horizon).Select(_ => new double[_map.Count])];
        _values = [.. Enumerable.Range(0, options.Horizon).Select(_ => new double[columns])];
        _said = [.. Enumerable.Range(0, options.Horizon).Select(_ => new double[2 * columns])];
        _mixed = [.. Enumerable.Range(0, options.Horizon).Select(_ => new double[columns])];
        _guards = [.. Enumerable.Range(0, columns).Select(_ => new StrayGuard())];
        _taps = [.. Enumerable.Range(0, columns).Select(_ => new TapReadout(options))];
        (_last, _input, _change, _heard) = (new double[columns], new double[columns], new double[columns], new double[columns]);
        (_ownError, _tapError, _stillError) = (new double[columns], new double[columns], new double[columns]);
        Array.Fill(_last, double.NaN);
    }

    /// <summary>Columns.</summary>
    public int Columns { get; }

    /// <summary>How it was made.</summary>
    public ForecastOptions Options { get; }

    /// <summary>The medium, to look at.</summary>
    public Medium<double> Medium => _medium;

    /// <summary>Hears a sample, learns from what it shows of earlier forecasts, and forecasts.</summary>
    /// <param name="sample">A number for each column; NaN or infinite for a gap. A value alone and far outside of all before it is one too.</param>
    /// <param name="elapsed">Time since the last sample, in usual intervals between samples, not negative.</param>
    /// <param name="forecast">Receives a forecast for each column; NaN where a column was never heard, and for bounds not yet known.</param>
    /// <exception cref="ArgumentException">Not as many numbers or places as columns, or no time.</exception>
    public void Step(ReadOnlySpan<double> sample, double elapsed, Span<Forecast> forecast)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sample.Length, Columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(forecast.Length, Columns);
        if (!(elapsed >= 0))
            throw new ArgumentOutOfRangeException(nameof(elapsed), elapsed, "time passes forwards");
        for (int c = 0; c < Columns; c++)
            _heard[c] = IsNumber(sample[c]) && !_guards[c].Take(sample[c], _scales[c]) ? sample[c] : double.NaN;
        sample = _heard;
        int place = (int)(_count % Options.Horizon);
        _medium.Advance(_count == 0 ? 0 : Math.Clamp(elapsed, 0, 1e6));
        Judge(sample, place);
        for (int c = 0; c < Columns; c++)
        {
            if (IsNumber(sample[c]))
            {
                _last[c] = sample[c];
                _scales[c].Add(sample[c]);
            }
            // A gap sounds like the mean: nothing.
            _input[c] = IsNumber(sample[c]) ? _scales[c].Place(sample[c], MostPlace) : 0;
        }
        _medium.Hear(_input);
        _map.Read(_seen[place]);
        _last.CopyTo(_values[place], 0);
        _readout.Predict(_seen[place], _change);
        for (int c = 0; c < Columns; c++)
        {
            double from = double.IsNaN(_last[c]) ? 0 : _last[c], spread = _scales[c].Spread, change = _scales[c].Moves && double.IsFinite(_change[c]) ? Math.Clamp(_change[c], -2 * MostPlace, 2 * MostPlace) : 0;
            _said[place][c] = change;
            _said[place][Columns + c] = _scales[c].Moves ? _taps[c].Say(from, _scales[c], place) : 0;
            _mixed[place][c] = change = Mixed(c, change, _said[place][Columns + c]);
            double value = from + (change * spread);
            forecast[c] = double.IsNaN(_last[c]) ? new Forecast(double.NaN, double.NaN, double.NaN) : _bands[c].Known ? new Forecast(value, value + (_bands[c].Low * spread), value + (_bands[c].High * spread)) : new Forecast(value, double.NaN, double.NaN);
        }
        _count++;
    }

    /// <summary>The forecast that a sample answers is Horizon samples old: learns its error.</summary>
    void Judge(ReadOnlySpan<double> sample, int place)
    {
        bool any = false;
        for (int c = 0; c < Columns; c++)
        {
            double then = _count >= Options.Horizon ? _values[place][c] : double.NaN, change = (sample[c] - then) / _scales[c].Spread;
            bool known = IsNumber(sample[c]) && double.IsFinite(change);
            any |= known;
            _change[c] = known ? Math.Clamp(change, -2 * MostPlace, 2 * MostPlace) : double.NaN;
            if (!known)
                continue;
            _bands[c].Add(Math.Clamp(change - _mixed[place][c], -1e6, 1e6));
            double own = _change[c] - _said[place][c], tap = _change[c] - _said[place][Columns + c];
            _ownError[c] += TrustRate * ((own * own) - _ownError[c]);
            _tapError[c] += TrustRate * ((tap * tap) - _tapError[c]);
            _taps[c].Learn(place, _change[c]);
            _stillError[c] += TrustRate * ((_change[c] * _change[c]) - _stillError[c]);
        }
        if (any)
            _readout.Learn(_seen[place], _change);
    }

    /// <summary>The change that is forecast: of the readout, the small one and none at all each the more, the smaller its error was lately.</summary>
    double Mixed(int column, double own, double tap)
    {
        double medium = _ownError[column] * _ownError[column], small = _tapError[column] * _tapError[column], still = _stillError[column] * _stillError[column];
        // Weights are the reciprocals, over their common denominator; who is not yet believed has none.
        double toOwn = _bands[column].Known ? small * still : 0, toTap = _bands[column].Count >= Young ? medium * still : 0, all = toOwn + toTap + (medium * small);
        return all > 0 ? ((toOwn * own) + (toTap * tap)) / all : 0;
    }

    /// <summary>True for a number that can be learned from; larger ones would overflow when squared.</summary>
    public static bool IsNumber(double value) => Math.Abs(value) < 1e100;

    /// <summary>Writes everything to a file, or nothing.</summary>
    /// <exception cref="DumException">The file cannot be written.</exception>
    public void Save(string path) => StateFile.Write(path, Magic, Version, Write);

    /// <summary>Goes on where <see cref="Save"/> left off, to the same bits.</summary>
    /// <exception cref="DumException">No such file, damaged, or of another version.</exception>
    public static Forecaster Load(string path) => StateFile.Read(path, Magic, Version, Tongue.Say("a forecaster's state", "состояние прогноза"), (ref from) => Read(ref from));

    static ReadOnlySpan<byte> Magic => "DUMFCST\n"u8;

    static int Checked(int columns, ForecastOptions options)
    {
        options.Check();
        return columns is >= 1 and <= StreamMedium.MostColumns ? columns : throw new DumException(Tongue.Say(
            $"{columns} columns: choose 1 to {StreamMedium.MostColumns} with --columns", $"столбцов {columns}: выберите от 1 до {StreamMedium.MostColumns} через --columns"));
    }

    internal void Write(ByteWriter to)
    {
        to.Number(Columns);
        to.Number(Options.Horizon);
        to.Double(Options.Memory);
        to.Number(Options.LongestPeriod);
        to.Double(Options.Share);
        to.UInt64(Options.Seed);
        MediumFile.Write(_medium, to);
        _readout.Write(to);
        to.UInt64((ulong)_count);
        foreach (RunningScale scale in _scales)
            scale.Write(to);
        foreach (ErrorBand band in _bands)
            band.Write(to);
        foreach (TapReadout taps in _taps)
            taps.Write(to);
        foreach (StrayGuard guard in _guards)
            guard.Write(to);
        foreach (double[] row in (IEnumerable<double[]>)[.. _seen, .. _values, .. _said, .. _mixed, _last, _ownError, _tapError, _stillError])
            foreach (double value in row)
                to.Double(value);
    }

    internal static Forecaster Read(ref ByteReader from)
    {
        int columns = (int)from.Number(StreamMedium.MostColumns);
        var options = new ForecastOptions { Horizon = (int)from.Number(10_000), Memory = from.Double(), LongestPeriod = (int)from.Number(1_000_000), Share = from.Double(), Seed = from.UInt64() };
        Checked(columns, options);
        Medium<double> medium = MediumFile.Read(ref from), usual = StreamMedium.Make(columns, options.LongestPeriod, options.Seed);
        if (medium.Inputs.Length != columns || medium.Rings != usual.Rings || Enumerable.Range(0, usual.Rings).Any(r => medium.Real(r).Length != usual.Real(r).Length))
            throw from.Damaged();
        var made = new Forecaster(columns, options, medium);
        made._readout.Read(ref from);
        made._count = from.Counter();
        foreach (RunningScale scale in made._scales)
            scale.Read(ref from);
        foreach (ErrorBand band in made._bands)
            band.Read(ref from);
        foreach (TapReadout taps in made._taps)
            taps.Read(ref from);
        foreach (StrayGuard guard in made._guards)
            guard.Read(ref from);
        foreach (double[] row in (IEnumerable<double[]>)[.. made._seen, .. made._values, .. made._said, .. made._mixed, made._last, made._ownError, made._tapError, made._stillError])
            from.Doubles(row);
        return made;
    }
}

using System.CommandLine;
using System.Globalization;
using Dum.App.Views.Rhythm;
using Dum.Files;
using Dum.Rhythm.Series;
using static Dum.App.Commands.RhythmCommand;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum rhythm forecast</c>: one record in, one forecast out.</summary>
static class RhythmForecastCommand
{
    public static Command Create()
    {
        var horizon = new Option<int>("--horizon") { Description = Say("samples ahead", "на сколько отсчётов вперёд"), DefaultValueFactory = _ => 1, HelpName = "N" };
        var share = new Option<double>("--interval") { Description = Say("share of the future that the interval should hold", "доля будущего, которую должен накрыть интервал"), DefaultValueFactory = _ => 0.9, HelpName = "P" };
        var period = new Option<int>("--period") { Description = Say("longest period to resonate with, in samples", "наибольший период резонанса, в отсчётах"), DefaultValueFactory = _ => 512, HelpName = "N" };
        var state = new Option<string?>("--state") { Description = Say("go on from this file if it exists, and save to it at the end", "продолжить с этого файла, если он есть, и сохранить в него в конце"), HelpName = "FILE" };
        Option<ulong> seed = Seed();
        var command = new Command("forecast", Say(
            "Forecast columns of numbers as they come, learning from each record. Line N of the output says what record N + horizon will be.",
            "Прогноз столбцов чисел по мере поступления, с обучением на каждой записи. Строка N вывода говорит, какой будет запись N + горизонт."))
        {
            horizon, share, period, state, seed,
        };
        var stream = new RhythmStream(command, Say("rings as turning phases, spectrum, forecasts, error over time", "кольца как вращение фаз, спектр, прогнозы, ошибка во времени"));
        command.Shows(Say(
            "dum rhythm forecast load.csv --columns cpu,disk --time timestamp --horizon 12\nsensor | dum rhythm forecast\ndum rhythm forecast day1.csv --state pump.state > out.csv",
            "dum rhythm forecast нагрузка.csv --columns cpu,disk --time timestamp --horizon 12\nдатчик | dum rhythm forecast\ndum rhythm forecast день1.csv --state насос.state > out.csv"));
        command.Does((parsed, cancel) => Run(parsed, stream, new ForecastOptions
        {
            Horizon = parsed.GetValue(horizon),
            Share = parsed.GetValue(share),
            LongestPeriod = parsed.GetValue(period),
            Memory = stream.Memory(parsed),
            Seed = parsed.GetValue(seed),
        }, parsed.GetValue(state), cancel));
        return command;
    }

    static int Run(ParseResult parsed, RhythmStream stream, ForecastOptions options, string? state, CancellationToken cancel)
    {
        options.Check();
        (bool json, string? report) = (stream.Json(parsed), stream.Report(parsed, state));
        using FileLock? held = OutputPath.Kept(state) is { } kept ? FileLock.Of(kept) : null;
        RecordReader records = stream.Open(parsed);
        Forecaster forecaster = state is not null && File.Exists(state) ? Forecaster.Load(state) : new Forecaster(records.Names.Count, options);
        if (forecaster.Columns != records.Names.Count || forecaster.Options != options)
            throw new DumException(Say(
                $"{state} was made for {forecaster.Columns} columns and horizon {forecaster.Options.Horizon}, or with other options: give those, or another file",
                $"{state} создан для столбцов: {forecaster.Columns}, горизонта {forecaster.Options.Horizon} или с другими параметрами: укажите те же или другой файл"));
        using LineOutput output = stream.Output(parsed);
        if (!json)
            output.WriteLine(string.Join(',', records.Names.Select(n => $"{Cell(n)},{Cell(n + ".low")},{Cell(n + ".high")}")));
        var (record, said, score) = (new double[records.Names.Count], new Forecast[records.Names.Count], new ForecastScore(records.Names.Count, options.Horizon));
        RhythmTape? tape = report is null ? null : new RhythmTape(forecaster, records.Names);
        using var progress = new Progress(Say("forecasting", "прогнозирую"));
        while (!cancel.IsCancellationRequested && !output.Closed && records.Read(record, out double elapsed))
        {
            score.Judge(record);
            forecaster.Step(record, elapsed, said);
            score.Take(record, said);
            tape?.Take(record, said);
            output.WriteLine(json ? Json(said) : string.Join(',', said.Select(f => $"{Number(f.Value)},{Number(f.Low)},{Number(f.High)}")));
            progress.Step(Say("records", "записи"), -1, records.Records.ToString("N0", CultureInfo.InvariantCulture));
        }
        progress.Dispose();
        if (state is not null)
            forecaster.Save(state);
        if (tape is not null)
            RhythmPage.Save(report!, tape);
        Console.Error.WriteLine(Left(records) + "; " + score.Say());
        return cancel.IsCancellationRequested ? Cli.Interrupted : Cli.Ok;
    }

    static string Json(Forecast[] said) => "[" + string.Join(',', said.Select(f => $"{{\"value\":{OrNull(f.Value)},\"low\":{OrNull(f.Low)},\"high\":{OrNull(f.High)}}}")) + "]";

    static string OrNull(double value) => Number(value) is { Length: > 0 } text ? text : "null";
}

/// <summary>How good forecasts were: beside saying that nothing changes, and how often the interval held.</summary>
sealed class ForecastScore(int columns, int horizon)
{
    readonly Queue<(double[] Record, Forecast[] Said)> _open = new();
    readonly double[] _error = new double[columns], _still = new double[columns];
    long _held, _asked;

    public void Judge(double[] record)
    {
        if (_open.Count < horizon)
            return;
        (double[] then, Forecast[] said) = _open.Dequeue();
        for (int c = 0; c < columns; c++)
        {
            if (double.IsNaN(record[c]) || double.IsNaN(then[c]) || double.IsNaN(said[c].Low))
                continue;
            // Without squares: one slip of a sensor would be all that is left of the sum.
            _error[c] += Math.Abs(record[c] - said[c].Value);
            _still[c] += Math.Abs(record[c] - then[c]);
            _asked++;
            _held += record[c] >= said[c].Low && record[c] <= said[c].High ? 1 : 0;
        }
    }

    public void Take(double[] record, Forecast[] said) => _open.Enqueue(([.. record], [.. said]));

    /// <summary>The score as a sentence.</summary>
    public string Say()
    {
        if (_asked == 0)
            return Tongue.Say("too few records to judge the forecasts", "записей мало, чтобы судить о прогнозах");
        double ratio = 0;
        int moving = 0;
        for (int c = 0; c < columns; c++)
            if (_still[c] > 0)
            {
                ratio += _error[c] / _still[c];
                moving++;
            }
        string held = Tongue.Say($"{100.0 * _held / _asked:0.0} % within the interval", $"{100.0 * _held / _asked:0.0} % в интервале");
        return moving == 0
            ? Tongue.Say("the signal is constant", "сигнал постоянен")
            : Tongue.Say($"error {ratio / moving:0.000} of that of 'nothing changes', {held}", $"ошибка {ratio / moving:0.000} от ошибки «ничего не меняется», {held}");
    }
}

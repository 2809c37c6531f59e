using System.CommandLine;
using System.Globalization;
using Dum.App.Views.Rhythm;
using Dum.Files;
using Dum.Rhythm.Series;
using static Dum.App.Commands.RhythmCommand;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum rhythm anomaly</c>: one record in, one score with its reason out.</summary>
static class RhythmAnomalyCommand
{
    public static Command Create()
    {
        var above = new Option<double>("--above") { Description = Say("show only records with at least this score", "показать только записи с оценкой не меньше этой"), HelpName = "SCORE" };
        var state = new Option<string?>("--state") { Description = Say("go on from this file if it exists, and save to it at the end", "продолжить с этого файла, если он есть, и сохранить в него в конце"), HelpName = "FILE" };
        var command = new Command("anomaly", Say(
            "Score each record, 0 to 1, for how strange it is, with the reason: which column, and which period broke.",
            "Оценить странность каждой записи от 0 до 1 с причиной: какой столбец и какой период сломался.")) { above, state };
        var stream = new RhythmStream(command, Say("the signal with what was strange in it", "сигнал и что в нём странного"));
        command.Shows("dum rhythm anomaly ecg.csv --above 0.5\nsensor | dum rhythm anomaly\ndum rhythm anomaly today.csv --state pump.watch --above 0.5");
        command.Does((parsed, cancel) => Run(parsed, stream, parsed.GetValue(above), OutputPath.Kept(parsed.GetValue(state)), cancel));
        return command;
    }

    static int Run(ParseResult parsed, RhythmStream stream, double above, string? state, CancellationToken cancel)
    {
        if (!(above is >= 0 and <= 1))
            throw new DumException(Say("--above lies between 0 and 1", "--above — между 0 и 1"));
        (bool json, string? report) = (stream.Json(parsed), stream.Report(parsed, state));
        using FileLock? held = state is null ? null : FileLock.Of(state);
        RecordReader records = stream.Open(parsed);
        AnomalyDetector detector = state is not null && File.Exists(state) ? AnomalyDetector.Load(state) : new AnomalyDetector(records.Names.Count, stream.Memory(parsed));
        if (detector.Columns != records.Names.Count || detector.Memory != stream.Memory(parsed))
            throw new DumException(Say(
                $"{state} was made for {detector.Columns} columns and --memory {detector.Memory}: give those, or another file", $"{state} создан для столбцов: {detector.Columns}, --memory {detector.Memory}: укажите те же или другой файл"));
        var record = new double[records.Names.Count];
        AnomalyTape? tape = report is null ? null : new AnomalyTape(detector, records.Names);
        using LineOutput output = stream.Output(parsed);
        if (!json)
            output.WriteLine("record,score,reason,column,period");
        using var progress = new Progress(Say("listening", "слушаю"));
        long shown = 0;
        while (!cancel.IsCancellationRequested && !output.Closed && records.Read(record, out _))
        {
            Anomaly found = detector.Step(record, records.SecondOfDay);
            tape?.Take(record, found);
            progress.Step(Say("records", "записи"), -1, records.Records.ToString("N0", CultureInfo.InvariantCulture));
            if (found.Score < above)
                continue;
            shown++;
            string reason = found.Kind.ToString().ToLowerInvariant(), column = found.Kind == AnomalyKind.None ? "" : records.Names[found.Column], period = found.Period > 0 ? found.Period.ToString("0.#", CultureInfo.InvariantCulture) : "";
            output.WriteLine(json
                ? System.Text.Json.JsonSerializer.Serialize(new { record = records.Records, score = found.Score, reason, column, period = found.Period })
                : $"{records.Records},{found.Score.ToString("0.000000", CultureInfo.InvariantCulture)},{reason},{Cell(column)},{period}");
        }
        progress.Dispose();
        if (state is not null)
            detector.Save(state);
        if (tape is not null)
            AnomalyPage.Save(report!, tape);
        Console.Error.WriteLine(Left(records) + Say($"; {shown} shown", $"; показано: {shown}"));
        return cancel.IsCancellationRequested ? Cli.Interrupted : Cli.Ok;
    }
}

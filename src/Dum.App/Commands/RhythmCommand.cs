using System.CommandLine;
using System.Globalization;
using System.Text;
using Dum.Rhythm.Series;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum rhythm</c>: the engine of coupled oscillators, one subcommand a file, and the options they share.</summary>
static class RhythmCommand
{
    public static Command Create() => new("rhythm", Say(
        "Signals through coupled oscillators that learn as they listen: forecast, find what is strange, recall, classify.",
        "Сигналы через связанные осцилляторы, которые учатся, слушая: прогноз, странности, припоминание, классы."))
    {
        RhythmForecastCommand.Create(),
        RhythmAnomalyCommand.Create(),
        RhythmRecallCommand.Create(),
        RhythmClassifyCommand.Create(),
        RhythmBytesCommand.Create(),
        RhythmMapCommand.Create(),
    };

    public static Option<ulong> Seed() => new("--seed") { Description = Say("key of the random structure", "ключ случайного строения"), DefaultValueFactory = _ => 1, HelpName = "N" };

    public static Option<string?> Report(string shows) => new("--report") { Description = Say("write a page: ", "записать страницу: ") + shows, HelpName = "OUT.html" };

    /// <summary>Standard output; from standard input, where somebody may be waiting, each line goes out at once.</summary>
    public static StreamWriter Output(string source) => new(Shared.Output(), new UTF8Encoding(false), 1 << 14) { AutoFlush = source == "-" };

    /// <summary>A number for a machine to read; empty for one that is not finite.</summary>
    public static string Number(double value) => double.IsFinite(value) ? value.ToString("G9", CultureInfo.InvariantCulture) : "";

    /// <summary>A text as one cell of CSV.</summary>
    public static string Cell(string text) => text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>What was left out, as a sentence.</summary>
    public static string Left(RecordReader records)
    {
        string said = Say($"{records.Records} records", $"записей: {records.Records}");
        if (records.Skipped > 0)
            said += Say($", {records.Skipped} lines left out", $", строк пропущено: {records.Skipped}");
        if (records.LeftOut.Count > 0)
            said += Say($", columns without a number in the first record left out: {string.Join(", ", records.LeftOut.Take(10))} (--columns takes them)", $", столбцы без числа в первой записи пропущены: {string.Join(", ", records.LeftOut.Take(10))} (--columns возьмёт их)");
        if (records.Gaps > 0)
            said += Say($", {records.Gaps} gaps", $", пробелов: {records.Gaps}");
        if (records.BadTimes > 0)
            said += Say($", {records.BadTimes} bad times", $", неверных времён: {records.BadTimes}");
        return said;
    }
}

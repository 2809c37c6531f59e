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
    };

    public static Argument<string> Source() => new("file")
    {
        Description = Say("CSV or plain numbers, a record a line; - for standard input", "CSV или просто числа, по записи в строке; - для стандартного ввода"),
        DefaultValueFactory = _ => "-",
    };

    public static Option<string[]> Columns() => new("--columns")
    {
        Description = Say("columns by name or number, separated by commas (default: all that hold numbers)", "столбцы по имени или номеру через запятую (по умолчанию все числовые)"),
        HelpName = "A,B",
        CustomParser = r => [.. r.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
    };

    public static Option<string?> Time() => new("--time") { Description = Say("the column with the time: samples may then come at any moment", "столбец времени: тогда отсчёты могут приходить когда угодно"), HelpName = "NAME" };

    public static Option<int> Period() => new("--period")
    {
        Description = Say("longest period to resonate with, in samples", "наибольший период резонанса, в отсчётах"),
        DefaultValueFactory = _ => 512,
        HelpName = "N",
    };

    public static Option<double> Memory() => new("--memory")
    {
        Description = Say("samples after which a lesson has faded to a third", "через сколько отсчётов урок слабеет до трети"),
        DefaultValueFactory = _ => 5000,
        HelpName = "N",
    };

    public static Option<ulong> Seed() => new("--seed") { Description = Say("key of the random structure", "ключ случайного строения"), DefaultValueFactory = _ => 1, HelpName = "N" };

    /// <summary>Records of a file or of standard input.</summary>
    public static RecordReader Open(string path, string[]? columns, string? time) =>
        new(new StreamReader(Shared.Input(path), new UTF8Encoding(false), true, 1 << 12), path == "-" ? Say("standard input", "стандартный ввод") : path, columns ?? [], time);

    /// <summary>Standard output; from standard input, where somebody may be waiting, each line goes out at once.</summary>
    public static StreamWriter Output(string source) => new(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 14) { AutoFlush = source == "-" };

    /// <summary>A number for a machine to read; empty for one that is not finite.</summary>
    public static string Number(double value) => double.IsFinite(value) ? value.ToString("G9", CultureInfo.InvariantCulture) : "";

    /// <summary>What was left out, as a sentence.</summary>
    public static string Left(RecordReader records)
    {
        string said = Say($"{records.Records} records", $"записей: {records.Records}");
        if (records.Skipped > 0)
            said += Say($", {records.Skipped} lines left out", $", строк пропущено: {records.Skipped}");
        if (records.Gaps > 0)
            said += Say($", {records.Gaps} gaps", $", пробелов: {records.Gaps}");
        if (records.BadTimes > 0)
            said += Say($", {records.BadTimes} bad times", $", неверных времён: {records.BadTimes}");
        return said;
    }
}

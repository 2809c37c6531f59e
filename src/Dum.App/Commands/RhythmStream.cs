using System.CommandLine;
using System.Text;
using Dum.Rhythm.Series;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary>What the commands that listen to records have in common: where records come from and where lines go.</summary>
sealed class RhythmStream
{
    readonly Argument<string> _source = new("file")
    {
        Description = Say("CSV or plain numbers, a record a line; - for standard input", "CSV или просто числа, по записи в строке; - для стандартного ввода"),
        DefaultValueFactory = _ => "-",
    };

    readonly Option<string[]> _columns = new("--columns")
    {
        Description = Say("columns by name or number, separated by commas (default: all that hold numbers)", "столбцы по имени или номеру через запятую (по умолчанию все числовые)"),
        HelpName = "A,B",
        CustomParser = r => [.. r.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
    };

    readonly Option<string?> _time = new("--time") { Description = Say("the column with the time: samples may then come at any moment", "столбец времени: тогда отсчёты могут приходить когда угодно"), HelpName = "NAME" };

    readonly Option<double> _memory = new("--memory")
    {
        Description = Say("samples after which a lesson has faded to a third", "через сколько отсчётов урок слабеет до трети"),
        DefaultValueFactory = _ => 5000,
        HelpName = "N",
    };

    readonly Option<bool> _json = Shared.Json();

    readonly Option<string?> _report;

    /// <param name="command">Receives the argument and the options.</param>
    /// <param name="shows">What the report shows.</param>
    public RhythmStream(Command command, string shows)
    {
        _report = RhythmCommand.Report(shows);
        command.Add(_source);
        foreach (Option option in (Option[])[_columns, _time, _memory, _report, _json])
            command.Add(option);
    }

    /// <summary>Records of a file or of standard input.</summary>
    public RecordReader Open(ParseResult parsed)
    {
        string path = parsed.GetValue(_source)!;
        return new RecordReader(
            new StreamReader(Shared.Input(path), new UTF8Encoding(false), true, 1 << 12), path == "-" ? Say("standard input", "стандартный ввод") : path, parsed.GetValue(_columns) ?? [], parsed.GetValue(_time));
    }

    /// <summary>Where lines go.</summary>
    public StreamWriter Output(ParseResult parsed) => RhythmCommand.Output(parsed.GetValue(_source)!);

    /// <summary>Samples after which a lesson has faded to about a third.</summary>
    public double Memory(ParseResult parsed) => parsed.GetValue(_memory);

    public bool Json(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Where the report goes; null for none.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="others">What the command reads or writes besides the records.</param>
    /// <exception cref="DumException">Nothing can be written there.</exception>
    public string? Report(ParseResult parsed, params IEnumerable<string?> others) => OutputPath.Page(parsed.GetValue(_report), [parsed.GetValue(_source)!, .. others.OfType<string>()]);
}

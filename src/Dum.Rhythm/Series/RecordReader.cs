using System.Globalization;

namespace Dum.Rhythm.Series;

/// <summary>
/// Reads records of numbers line by line, from a file or an endless stream: CSV with or without a header, or bare numbers.
/// Parted by comma, semicolon, tab or blanks, whichever the first line has; cells may be quoted, and where no comma parts
/// them it may stand before decimals. Lines that begin with # are remarks; lines that do not fit are left out and counted.
/// </summary>
public sealed class RecordReader
{
    const double SecondsOfDay = 86_400;

    readonly LineReader _lines;
    readonly string _name;
    readonly int[] _columns;
    readonly int _time, _width;
    readonly char _separator;
    readonly double[] _intervals = new double[64];
    int _intervalCount;
    long _unfit;
    string? _first;
    double _lastTime = double.NaN, _usual = double.NaN;

    /// <summary>Reads the first lines, to know the columns.</summary>
    /// <param name="input">Stays open.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="columns">Names or numbers (from 1) of the columns wanted; empty for all that hold numbers.</param>
    /// <param name="time">Name or number of the column with the time; null where samples are evenly spaced.</param>
    /// <exception cref="DumException">There is no record, or no such column.</exception>
    public RecordReader(TextReader input, string name, IReadOnlyList<string> columns, string? time)
    {
        (_lines, _name) = (new LineReader(input), name);
        string? first = Line() ?? throw new DumException(Tongue.Say($"{name} holds no record", $"в {name} нет ни одной записи"));
        _separator = Separator(first);
        string[] cells = Split(first);
        // A header is a line of words and gaps, words among them, or one with a name for a column asked for.
        bool header = cells.All(c => Number(c) is not { } v || double.IsNaN(v)) && cells.Any(c => Number(c) is null) || columns.Append(time ?? "").Any(c => c.Length > 0 && cells.Contains(c));
        string[] names = header ? cells : [.. cells.Select((_, i) => $"{i + 1}")];
        string? sample = header ? Line() : first;
        _first = sample;
        string[] values = sample is null ? [] : Split(sample);
        _width = names.Length;
        _time = time is null ? -1 : Find(names, time);
        _columns = columns.Count > 0 ? [.. columns.Select(c => Find(names, c))] : [.. Enumerable.Range(0, names.Length).Where(i => i != _time && i < values.Length && Number(values[i]) is not null)];
        if (_columns.Length == 0)
            throw new DumException(Tongue.Say(
                $"{name} has no column of numbers in its first record: {Shown(sample)}; name one with --columns if it is only missing there",
                $"в {name} нет столбца чисел в первой записи: {Shown(sample)}; если число только там пропущено, назовите столбец через --columns"));
        Names = [.. _columns.Select(i => names[i])];
        LeftOut = columns.Count > 0 ? [] : [.. names.Where((_, i) => i != _time && !_columns.Contains(i))];
    }

    /// <summary>Names of the columns; their numbers where there is no header.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Columns whose first record was neither a number nor a gap; empty where columns were asked for by name.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>Records read.</summary>
    public long Records { get; private set; }

    /// <summary>Lines left out: too few or too many cells, or too long.</summary>
    public long Skipped => _unfit + _lines.Skipped;

    /// <summary>Cells without a number.</summary>
    public long Gaps { get; private set; }

    /// <summary>Times that were no time, or ran backwards: taken as one usual interval.</summary>
    public long BadTimes { get; private set; }

    /// <summary>Time of day of the last record, seconds since midnight; NaN where there is no column of times with dates.</summary>
    public double SecondOfDay { get; private set; } = double.NaN;

    /// <summary>Reads the next record.</summary>
    /// <param name="record">Receives a number for each column; NaN for a gap.</param>
    /// <param name="elapsed">Time since the last record, in usual intervals.</param>
    /// <returns>False at the end.</returns>
    public bool Read(Span<double> record, out double elapsed)
    {
        elapsed = 1;
        while ((_first ?? Line()) is { } line)
        {
            _first = null;
            string[] cells = Split(line);
            if (cells.Length != _width)
            {
                _unfit++;
                continue;
            }
            for (int c = 0; c < _columns.Length; c++)
            {
                double value = Number(cells[_columns[c]]) ?? double.NaN;
                record[c] = Forecaster.IsNumber(value) ? value : double.NaN;
                Gaps += double.IsNaN(record[c]) ? 1 : 0;
            }
            if (_time >= 0)
                elapsed = Elapsed(cells[_time]);
            Records++;
            return true;
        }
        return false;
    }

    /// <summary>Time since the last record in units of the usual interval: the median of the first ones.</summary>
    double Elapsed(string cell)
    {
        double time = Time(cell), passed = time - _lastTime;
        SecondOfDay = Number(cell) is null ? time % SecondsOfDay : double.NaN;
        if (!double.IsFinite(time) || passed < 0)
        {
            BadTimes++;
            return 1;
        }
        _lastTime = time;
        if (!double.IsFinite(passed))
            return 1;
        if (_intervalCount < _intervals.Length && passed > 0)
        {
            _intervals[_intervalCount++] = passed;
            Array.Sort(_intervals, 0, _intervalCount);
            _usual = _intervals[_intervalCount / 2];
        }
        return _usual > 0 ? passed / _usual : 1;
    }

    double Time(string cell) =>
        Number(cell) is { } seconds ? seconds
        : DateTimeOffset.TryParse(cell, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment) ? moment.UtcTicks / (double)TimeSpan.TicksPerSecond
        : double.NaN;

    /// <summary>A number; NaN for what stands for a gap; null for anything else.</summary>
    double? Number(string cell)
    {
        if (IsGap(cell))
            return double.NaN;
        if (_separator is ';' or '\t' or ' ' && cell.Count(c => c == ',') == 1 && !cell.Contains('.'))
            cell = cell.Replace(',', '.');
        return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double v) ? v : null;
    }

    static bool IsGap(string cell) => cell.Length == 0 || (cell.Length <= 9 && cell.ToUpperInvariant() is
        "NAN" or "NA" or "N/A" or "NULL" or "NONE" or "NIL" or "?" or "-" or "--" or "INF" or "+INF" or "-INF" or "INFINITY" or "+INFINITY" or "-INFINITY" or "∞" or "-∞");

    int Find(string[] names, string wanted)
    {
        int at = Array.IndexOf(names, wanted);
        if (at < 0 && int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= names.Length)
            at = number - 1;
        return at >= 0 ? at : throw new DumException(Tongue.Say(
            $"{_name} has no column '{wanted}': it has {string.Join(", ", names.Take(20))}", $"в {_name} нет столбца «{wanted}»: есть {string.Join(", ", names.Take(20))}"));
    }

    /// <summary>The next line that is neither blank nor a remark.</summary>
    string? Line()
    {
        string? line = _lines.Next();
        while (line is ['#', ..] || (line is not null && string.IsNullOrWhiteSpace(line)))
            line = _lines.Next();
        return line;
    }

    /// <summary>What parts the cells of a line: the first of tab, semicolon and comma that stands outside quotes, else blanks.</summary>
    static char Separator(string line)
    {
        bool quoted = false;
        string open = string.Concat(line.Where(c => (c == '"' ? quoted = !quoted : quoted) == false));
        return open.Contains('\t') ? '\t' : open.Contains(';') ? ';' : open.Contains(',') ? ',' : ' ';
    }

    string[] Split(string line)
    {
        if (_separator == ' ')
            return [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => c.Trim('"'))];
        if (!line.Contains('"'))
            return line.Split(_separator, StringSplitOptions.TrimEntries);
        var cells = new List<string>();
        bool quoted = false;
        for (int from = 0, i = 0; i <= line.Length; i++)
            if (i == line.Length || (line[i] == _separator && !quoted))
            {
                string cell = line[from..i].Trim();
                cells.Add(cell is ['"', .., '"'] ? cell[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal).Trim() : cell.Trim('"'));
                from = i + 1;
            }
            else if (line[i] == '"')
                quoted = !quoted;
        return [.. cells];
    }

    static string Shown(string? line) => line is null ? "–" : line.Length > 60 ? line[..60] + "…" : line;
}

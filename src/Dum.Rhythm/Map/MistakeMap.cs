namespace Dum.Rhythm.Map;

/// <summary>How to measure the map.</summary>
public sealed record MapOptions
{
    /// <summary>A text for the rows that need one; null leaves them waiting.</summary>
    public byte[]? Text { get; init; }

    /// <summary>A language model that <c>dum train</c> made, for the row beside it; null leaves it waiting.</summary>
    public string? Model { get; init; }

    /// <summary>Runs of each row, 1…10.</summary>
    public int Seeds { get; init; } = 3;

    /// <summary>Smaller tasks: a glance instead of a measurement.</summary>
    public bool Quick { get; init; }

    /// <summary>Only this row; null for all.</summary>
    public string? Only { get; init; }
}

/// <summary>
/// The map of architectural mistakes as a measured table: for each accused choice an experiment, a rhythm alternative and
/// the choice itself, with processor time and memory of both. Either may win. Values are repeatable but for what depends on
/// how far the conventional side gets in the time that the rhythm side took.
/// </summary>
public static class MistakeMap
{
    /// <summary>Measures the rows in order.</summary>
    /// <param name="options">How.</param>
    /// <param name="progress">Told the row under way and the share done.</param>
    /// <param name="cancel">Looked at between runs.</param>
    /// <exception cref="DumException">There is no row of the name asked for, or an option is out of its range.</exception>
    public static IReadOnlyList<MapRow> Measure(MapOptions options, Action<MapRow, double>? progress = null, CancellationToken cancel = default)
    {
        if (options.Seeds is < 1 or > 10)
            throw new DumException(Tongue.Say("--seeds lies between 1 and 10", "--seeds — от 1 до 10"));
        IReadOnlyList<MapExperiment> all = Experiments(options);
        List<MapExperiment> wanted = [.. all.Where(e => options.Only is null || e.Row.Id == options.Only)];
        if (wanted.Count == 0)
        {
            string known = string.Join(", ", all.Select(e => e.Row.Id));
            throw new DumException(Tongue.Say($"there is no row '{options.Only}': there are {known}", $"строки «{options.Only}» нет: есть {known}"));
        }
        var rows = new List<MapRow>();
        foreach (MapExperiment experiment in wanted)
        {
            progress?.Invoke(experiment.Row, (double)rows.Count / wanted.Count);
            rows.Add(Waits(experiment.Row.Id, options) is { } why ? experiment.Row with { Note = why } : experiment.Measure(options.Seeds, cancel));
        }
        return rows;
    }

    static IReadOnlyList<MapExperiment> Experiments(MapOptions o) =>
    [
        TextRows.Tokenisation(o), SeriesRows.Matrices(o), AttentionRow.Make(o), SeriesRows.Positions(o), SeriesRows.Backpropagation(o),
        StepsRow.Make(o), TextRows.EqualParameters(o), MemoryRow.Make(o), SeriesRows.Depth(o), TextRows.TrainedBeforehand(o),
    ];

    /// <summary>What a row waits for; null for nothing.</summary>
    static MapText? Waits(string id, MapOptions options) =>
        TextRows.Needs(id) && options.Text is null ? new MapText("waits for a text: give one with --text", "ждёт текста: укажите его через --text")
        : id == TextRows.Model && options.Model is null ? new MapText("waits for a language model: this program comes without one", "ждёт языковой модели: в этой программе её нет")
        : null;
}

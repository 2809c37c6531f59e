using System.Globalization;
using System.Text;

namespace Dum.Bench;

/// <summary>A table of results: text, numbers, and null where there is nothing to say.</summary>
/// <param name="Title">A line above it.</param>
/// <param name="Columns">Name and number format of each column.</param>
sealed record Table(string Title, params (string Name, string Format)[] Columns)
{
    readonly List<object?[]> _rows = [];

    /// <summary>Rows so far.</summary>
    public int Rows => _rows.Count;

    public void Add(params object?[] cells) => _rows.Add(cells);

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append("### ").Append(Title).Append("\n\n");
        Line(text, Columns.Select(c => c.Name));
        Line(text, Columns.Select(c => c.Format.Length > 0 ? "---:" : "---"));
        foreach (object?[] row in _rows)
            Line(text, row.Select((cell, i) => Say(cell, Columns[i].Format)));
        return text.ToString();
    }

    public object ToJson() => new
    {
        title = Title,
        // JSON has no number for what is not finite.
        rows = _rows.Select(row => Columns.Zip(row).ToDictionary(pair => pair.First.Name, pair => pair.Second is double d && !double.IsFinite(d) ? null : pair.Second)),
    };

    static string Say(object? cell, string format) => cell switch
    {
        null => "–",
        double d when !double.IsFinite(d) => "–",
        IFormattable number => number.ToString(format, CultureInfo.InvariantCulture),
        _ => cell.ToString()!,
    };

    static void Line(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}

using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dum.App.Views.Report;
using Dum.Rhythm.Map;
using static Dum.Tongue;

namespace Dum.App.Views.Rhythm;

/// <summary>The map of mistakes in a terminal, and as JSON.</summary>
static class MapView
{
    public static void Print(IReadOnlyList<MapRow> rows, TextWriter output)
    {
        int wide = rows.Max(r => Math.Max(r.OurName.ToString().Length, r.TheirName.ToString().Length));
        foreach (MapRow row in rows)
        {
            output.WriteLine($"{Mark(row.Verdict)} {row.Id}: {row.Accused}{(Unequal(row) is { Length: > 0 } unequal ? $"  ({unequal})" : "")}");
            output.WriteLine($"    {row.Experiment}");
            if (row is { Ours: { } ours, Theirs: { } theirs })
            {
                output.WriteLine($"    {row.Measure}, {(row.Less ? Say("less is better", "меньше — лучше") : Say("more is better", "больше — лучше"))}");
                Side(row.OurName, ours);
                Side(row.TheirName, theirs);
            }
            output.WriteLine($"    {row.Note}\n");
        }
        output.WriteLine(string.Join(", ", Enum.GetValues<MapVerdict>().Reverse().Select(v => $"{Mark(v).Trim('[', ']')} {rows.Count(r => r.Verdict == v)}")));

        void Side(MapText name, MapSide side) => output.WriteLine($"    {name.ToString().PadRight(wide)}  {Number(side.Value),9}  {Seconds(side),9}  {Memory(side),9}");
    }

    public static string Mark(MapVerdict verdict) => verdict switch
    {
        MapVerdict.Rhythm => Say("[rhythm]", "[ритм]"),
        MapVerdict.Even => Say("[even]", "[поровну]"),
        MapVerdict.Conventional => Say("[accused]", "[обвиняемый]"),
        _ => Say("[waits]", "[ждёт]"),
    };

    /// <summary>In what the sides were not equal, as a clause; empty where they were equal in time and memory.</summary>
    public static string Unequal(MapRow row)
    {
        (double time, double memory) = row.Shares;
        if (double.IsNaN(time) || (MapRow.IsLevel(time) && MapRow.IsLevel(memory)))
            return "";
        string[] parts = [.. ((string?[])[MapRow.IsLevel(time) ? null : Share(time, "time", "времени"), MapRow.IsLevel(memory) ? null : Share(memory, "memory", "памяти")]).OfType<string>()];
        return Say("not equal: the accused took ", "не равны: обвиняемый занял ") + string.Join(Say(" and ", " и "), parts);
    }

    static string Share(double share, string english, string russian)
    {
        string number = (share < 2 ? 100 * share : share).ToString(share is < 0.1 or >= 2 ? "0.0" : "0", CultureInfo.InvariantCulture);
        return share < 2 ? Say($"{number} % of the {english}", $"{number} % {russian}") : Say($"{number} times the {english}", $"в {number} раза больше {russian}");
    }

    public static string Number(double value) => value.ToString(Math.Abs(value) is >= 10 or 0 ? "0.0" : Math.Abs(value) >= 0.1 ? "0.000" : "0.0000", CultureInfo.InvariantCulture);

    public static string Seconds(MapSide side) => side.Seconds.ToString(side.Seconds < 0.1 ? "0.0000" : "0.00", CultureInfo.InvariantCulture) + Say(" s", " с");

    public static string Memory(MapSide side) => side.Bytes < 1e6 ? string.Create(CultureInfo.InvariantCulture, $"{side.Bytes / 1e3:0} {Say("KB", "КБ")}") : string.Create(CultureInfo.InvariantCulture, $"{side.Bytes / 1e6:0.0} {Say("MB", "МБ")}");

    public static void Json(IReadOnlyList<MapRow> rows)
    {
        using Stream output = StandardOutput.Open();
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("command", CommandLine.Typed());
        json.WriteStartArray("rows");
        foreach (MapRow row in rows)
        {
            json.WriteStartObject();
            json.WriteString("id", row.Id);
            json.WriteString("accused", row.Accused.ToString());
            json.WriteString("experiment", row.Experiment.ToString());
            json.WriteString("measure", row.Measure.ToString());
            json.WriteBoolean("less", row.Less);
            json.WriteString("verdict", row.Verdict switch { MapVerdict.Rhythm => "rhythm", MapVerdict.Even => "even", MapVerdict.Conventional => "accused", _ => "waits" });
            Side("rhythm", row.OurName, row.Ours);
            Side("accusedSide", row.TheirName, row.Theirs);
            if (row.Verdict != MapVerdict.Waits)
            {
                json.WriteNumber("timeShare", Math.Round(row.Shares.Time, 4));
                json.WriteNumber("memoryShare", Math.Round(row.Shares.Memory, 4));
            }
            json.WriteString("note", row.Note.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);

        void Side(string key, MapText name, MapSide? side)
        {
            json.WriteStartObject(key);
            json.WriteString("name", name.ToString());
            if (side is { } measured)
            {
                json.WriteNumber("value", measured.Value);
                json.WriteNumber("seconds", measured.Seconds);
                json.WriteNumber("bytes", measured.Bytes);
            }
            json.WriteEndObject();
        }
    }
}

using System.Text;
using Dum.App.Views.Report;
using Dum.App.Views.Sigma;
using Dum.Rhythm.Map;

namespace Dum.App.Views.Rhythm;

/// <summary>The map of mistakes as one page in both languages: tiles by who won, then the rows with their numbers.</summary>
static class MapPage
{
    public static void Save(string path, IReadOnlyList<MapRow> rows) => SigmaPage.Write(path, Tongue.Say("Map of architectural mistakes", "Карта архитектурных ошибок"), to =>
    {
        to.Append($"<h1>{Html.Say("Map of architectural mistakes", "Карта архитектурных ошибок")}</h1>");
        to.Append($"<p class=\"soft\">{Html.Say(
            "Each accused choice beside its rhythm alternative, measured on this machine with the processor time and memory of both. Either may win; within two percent both are called even.",
            "Каждый обвиняемый выбор рядом с ритмической заменой, измеренные на этой машине, с процессорным временем и памятью обоих. Победить может любой; в пределах двух процентов — поровну.")}</p>");
        // Names keep a readable width in a narrow window; the numbers scroll.
        to.Append("<style>td:first-child{min-width:9em}</style>\n<div style=\"display:grid;grid-template-columns:repeat(auto-fill,minmax(165px,1fr));gap:8px;margin:18px 0\">");
        foreach (MapRow row in rows)
            to.Append($"<a href=\"#{row.Id}\" style=\"display:block;padding:10px 12px;border-radius:8px;text-decoration:none;color:inherit;background:color-mix(in srgb,var(--{Tone(row.Verdict)}) 20%,var(--paper));border-left:5px solid var(--{Tone(row.Verdict)})\"><b>{Both(row.Accused)}</b><br><span class=\"soft\">{Won(row.Verdict)}</span></a>");
        to.Append("</div>\n");
        foreach (MapRow row in rows)
            Article(to, row);
    });

    static void Article(StringBuilder to, MapRow row)
    {
        to.Append($"<article id=\"{row.Id}\"><h2 style=\"margin-top:0\">{Both(row.Accused)}</h2><p class=\"verdict\" style=\"color:var(--{Tone(row.Verdict)})\">{Won(row.Verdict)}{(MapView.Unequal(row).Length > 0 ? $" <span class=\"soft\" style=\"font-weight:400\">{SigmaPage.InBoth(() => MapView.Unequal(row))}</span>" : "")}</p><p>{Both(row.Experiment)}</p>");
        if (row is { Ours: { } ours, Theirs: { } theirs })
            SigmaPage.Table(to,
                ["", $"#{Both(row.Measure)}{(row.Less ? Html.Say(", less is better", ", меньше — лучше") : Html.Say(", more is better", ", больше — лучше"))}", $"#{Html.Say("processor time", "процессорное время")}", $"#{Html.Say("memory", "память")}"],
                [Side(row.OurName, ours), Side(row.TheirName, theirs)]);
        to.Append($"<p class=\"soft\">{Both(row.Note)}</p></article>\n");
    }

    static string[] Side(MapText name, MapSide side) => [Both(name), MapView.Number(side.Value), SigmaPage.InBoth(() => MapView.Seconds(side)), SigmaPage.InBoth(() => MapView.Memory(side))];

    static string Both(MapText text) => Html.Say(Html.Plain(text.English), Html.Plain(text.Russian));

    static string Won(MapVerdict verdict) => verdict switch
    {
        MapVerdict.Rhythm => Html.Say("the rhythm alternative won", "победила ритмическая замена"),
        MapVerdict.Even => Html.Say("even", "поровну"),
        MapVerdict.Conventional => Html.Say("the accused choice won", "победил обвиняемый выбор"),
        _ => Html.Say("waits", "ждёт"),
    };

    // Colours of the page's own palette.
    static string Tone(MapVerdict verdict) => verdict switch { MapVerdict.Rhythm => "good", MapVerdict.Even => "half", MapVerdict.Conventional => "bad", _ => "soft" };
}

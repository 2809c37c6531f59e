using System.Globalization;
using Dum.App.Views.Report;
using Dum.Mind;
using Dum.Mind.Recall;

namespace Dum.App.Views.Memory;

/// <summary>A page that opens from years to months, conversations, episodes, scenes and the words; one file, no script, no network.</summary>
static class TimelinePage
{
    /// <summary>Characters of turns shown in all: a page of more is slow in a browser. The rest is named, with the command that prints it.</summary>
    const long MostChars = 8_000_000;

    public static void Write(MindMemory mind, Stream stream, CancellationToken cancel)
    {
        Overview look = mind.Look();
        using var to = new StreamWriter(stream, leaveOpen: true);
        to.Write($"<!doctype html>\n<html><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>dum · {Tongue.Say("memory", "память")}</title><style>{Css()}</style></head><body>\n");
        to.Write($"<header><h1>{Html.Say("Memory", "Память")}</h1><div class=\"switch\"><input type=\"radio\" name=\"l\" id=\"to-en\"{(Tongue.IsRussian ? "" : " checked")}><label for=\"to-en\">EN</label><input type=\"radio\" name=\"l\" id=\"to-ru\"{(Tongue.IsRussian ? " checked" : "")}><label for=\"to-ru\">RU</label></div></header>\n<div class=\"figures\">");
        Figure(to, look.Conversations, "conversations", "бесед");
        Figure(to, look.Episodes, "episodes", "эпизодов");
        Figure(to, look.Turns, "turns", "реплик");
        Figure(to, look.OriginalBytes, "original bytes", "подлинных байт");
        Figure(to, look.StoreBytes, "bytes on disk", "байт на диске");
        to.Write("</div>\n");
        long left = MostChars, most = Math.Max(1, look.Periods.Count == 0 ? 1 : look.Periods.Max(p => p.Turns));
        ILookup<DateTimeOffset?, (ConversationRow Row, List<EpisodeRow> Episodes)> months = mind.Conversations()
            .SelectMany(c => mind.EpisodesOf(c.Id).GroupBy(e => Overview.MonthOf(e.Began)).Select(m => (m.Key, Row: c, Episodes: m.ToList())))
            .ToLookup(m => m.Key, m => (m.Row, m.Episodes));
        foreach (IGrouping<int?, PeriodRow> year in look.Periods.GroupBy(p => p.Month?.Year))
        {
            to.Write("<details class=\"year\"" + (year.Key == look.Periods[^1].Month?.Year ? " open" : "") + ">");
            Summary(to, year.Key?.ToString(CultureInfo.InvariantCulture) ?? Html.Say("no date", "без даты"), "", "", year.Sum(p => p.Turns));
            foreach (PeriodRow month in year)
            {
                to.Write("<details>");
                Summary(to, month.Month?.ToString("yyyy-MM", CultureInfo.InvariantCulture) ?? "—", Html.Text(month.Gist), $"<i class=\"bar\" style=\"width:{(100.0 * month.Turns / most).ToString("0.#", CultureInfo.InvariantCulture)}%\"></i>", month.Turns);
                foreach ((ConversationRow row, List<EpisodeRow> episodes) in months[month.Month])
                {
                    cancel.ThrowIfCancellationRequested();
                    Conversation(to, mind, row, episodes, ref left);
                }
                to.Write("</details>\n");
            }
            to.Write("</details>\n");
        }
        to.Write("</body></html>\n");
    }

    static void Conversation(TextWriter to, MindMemory mind, ConversationRow row, List<EpisodeRow> episodes, ref long left)
    {
        to.Write("<details>");
        Summary(to, episodes[0].Began?.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "", Html.Text(row.Title.Length > 0 ? row.Title : $"{row.Format} {row.Id}"), $"<span class=\"gist\">{Html.Text(row.Gist)}</span>", episodes.Sum(e => e.Turns));
        ILookup<string, SceneRow> scenes = mind.ScenesOf(row.Id).ToLookup(s => s.Episode);
        foreach (EpisodeRow episode in episodes)
        {
            if (episodes.Count > 1)
            {
                to.Write("<details>");
                Summary(to, episode.Began?.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "", Html.Text(episode.Gist), "", episode.Turns);
            }
            List<SceneRow> inside = [.. scenes[episode.Id]];
            foreach (SceneRow scene in inside)
                Scene(to, mind, scene, inside.Count > 1, ref left);
            if (episodes.Count > 1)
                to.Write("</details>");
        }
        to.Write("</details>\n");
    }

    static void Scene(TextWriter to, MindMemory mind, SceneRow scene, bool isOneOfMany, ref long left)
    {
        if (isOneOfMany)
        {
            to.Write("<details>");
            Summary(to, scene.Began?.ToString("HH:mm", CultureInfo.InvariantCulture) ?? "", Html.Text(scene.Gist), "", scene.Turns);
        }
        if (left > 0)
            foreach (ExpandedTurn turn in mind.Expand(scene.Id).Turns)
            {
                to.Write($"<div class=\"turn\"><small>{turn.Id} · {Html.Text(turn.Speaker)}{(turn.Time is { } t ? t.ToString(" · yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "")}{(turn.Marks.Length > 0 ? " · " + turn.Marks : "")}</small><p>{Html.Text(turn.Text)}</p></div>");
                left -= turn.Text.Length;
            }
        else
            to.Write($"<p class=\"cut\">{Html.Say($"the words: dum expand {scene.Id}", $"слова: dum expand {scene.Id}")}</p>");
        if (isOneOfMany)
            to.Write("</details>");
    }

    static void Summary(TextWriter to, string when, string what, string below, long turns) =>
        to.Write($"<summary><span class=\"when\">{when}</span><span class=\"what\">{what}{below}</span><span class=\"n\">{Html.Number(turns)}</span></summary>");

    static void Figure(TextWriter to, long value, string english, string russian) => to.Write($"<div><b>{Html.Number(value)}</b><span>{Html.Say(english, russian)}</span></div>");

    static string Css()
    {
        using var reader = new StreamReader(typeof(TimelinePage).Assembly.GetManifestResourceStream("timeline.css")!);
        return reader.ReadToEnd();
    }
}

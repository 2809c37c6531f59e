using System.Globalization;
using System.Text;
using Dum.App.Views.Report;
using Dum.Mind;
using Dum.Mind.Recall;
using Dum.Mind.Turns;

namespace Dum.App.Views.Memory;

/// <summary>
/// A page that opens from years to months, conversations, episodes, scenes and the words; one file, no script, no network. It is kept
/// small enough for a browser: a large memory shows some conversations of every month, the newest of them with their words, and names
/// the commands that print the rest.
/// </summary>
static class TimelinePage
{
    /// <summary>Rows for conversations on the whole page, shared by the months; each takes up to about 800 bytes.</summary>
    const int MostRows = 2500;

    /// <summary>Bytes for what opens below those rows.</summary>
    const long MostBytes = 2_600_000;

    /// <summary>Characters of a title.</summary>
    const int MostTitle = 100;

    /// <summary>Characters of a turn that is larger than what is left of the page.</summary>
    const int MostOfTurn = 4000;

    /// <summary>What a month shows of a conversation.</summary>
    readonly record struct Entry(DateTimeOffset? Month, ConversationRow Row, List<EpisodeRow> Episodes);

    public static void Write(MindMemory mind, Stream stream, CancellationToken cancel)
    {
        Overview look = mind.Look();
        ILookup<DateTimeOffset?, Entry> months = mind.Conversations()
            .SelectMany(c => mind.EpisodesOf(c.Id).GroupBy(e => Overview.MonthOf(e.Began)).Select(m => new Entry(m.Key, c, [.. m])))
            .ToLookup(m => m.Month);
        int most = Share([.. months.Select(m => m.Count())]);
        Dictionary<Entry, string> words = Words(mind, [.. months.SelectMany(m => Chosen(m, most)).OrderByDescending(e => e.Episodes[0].Began ?? DateTimeOffset.MinValue)], cancel);
        int entries = months.Sum(m => m.Count()), shown = months.Sum(m => Math.Min(most, m.Count()));
        using var to = new StreamWriter(stream, leaveOpen: true);
        to.Write($"<!doctype html>\n<html><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>dum · {Tongue.Say("memory", "память")}</title><style>{Css()}</style></head><body>\n");
        to.Write($"<header><h1>{Html.Say("Memory", "Память")}</h1><div class=\"switch\"><input type=\"radio\" name=\"l\" id=\"to-en\"{(Tongue.IsRussian ? "" : " checked")}><label for=\"to-en\">EN</label><input type=\"radio\" name=\"l\" id=\"to-ru\"{(Tongue.IsRussian ? " checked" : "")}><label for=\"to-ru\">RU</label></div></header>\n<div class=\"figures\">");
        Figure(to, look.Conversations, "conversations", "бесед");
        Figure(to, look.Episodes, "episodes", "эпизодов");
        Figure(to, look.Turns, "turns", "реплик");
        Figure(to, look.OriginalBytes, "original bytes", "подлинных байт");
        Figure(to, look.StoreBytes, "bytes on disk", "байт на диске");
        to.Write("</div>\n");
        if (words.Count < entries)
            to.Write($"<p class=\"cut\">{Html.Say($"This page is cut to a size that opens: {shown} of {entries} entries are listed, {words.Count} of them open to the words. The rest: dum recall, dum expand, dum memory export.", $"Страница урезана, чтобы открывалась: перечислено записей {shown} из {entries}, до слов раскрываются {words.Count}. Остальное: dum recall, dum expand, dum memory export.")}</p>\n");
        long highest = Math.Max(1, look.Periods.Count == 0 ? 1 : look.Periods.Max(p => p.Turns));
        foreach (IGrouping<int?, PeriodRow> year in look.Periods.GroupBy(p => p.Month?.Year))
        {
            to.Write("<details class=\"year\"" + (year.Key == look.Periods[^1].Month?.Year ? " open" : "") + ">");
            Summary(to, year.Key?.ToString(CultureInfo.InvariantCulture) ?? Html.Say("no date", "без даты"), "", "", year.Sum(p => p.Turns));
            foreach (PeriodRow month in year)
            {
                to.Write("<details>");
                Summary(to, month.Month?.ToString("yyyy-MM", CultureInfo.InvariantCulture) ?? "—", Html.Text(month.Gist), $"<i class=\"bar\" style=\"width:{(100.0 * month.Turns / highest).ToString("0.#", CultureInfo.InvariantCulture)}%\"></i>", month.Turns);
                foreach (Entry entry in Chosen(months[month.Month], most))
                    Conversation(to, entry, words.GetValueOrDefault(entry));
                int left = months[month.Month].Count() - most;
                if (left > 0)
                    to.Write($"<p class=\"cut\">{Html.Say($"and {left} shorter ones", $"и ещё короче: {left}")}{(month.Month is { } m ? ": dum expand " + m.ToString("yyyy-MM", CultureInfo.InvariantCulture) : "")}</p>");
                to.Write("</details>\n");
            }
            to.Write("</details>\n");
        }
        to.Write("</body></html>\n");
    }

    /// <summary>The most entries that every month may show so that all fit.</summary>
    static int Share(List<int> counts)
    {
        int low = 1, high = MostRows;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (counts.Sum(n => (long)Math.Min(n, middle)) <= MostRows)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    /// <summary>The longest entries of a month, in the order of time.</summary>
    static IEnumerable<Entry> Chosen(IEnumerable<Entry> month, int most)
    {
        HashSet<Entry> longest = [.. month.OrderByDescending(e => e.Episodes.Sum(p => p.Turns)).Take(most)];
        return month.Where(longest.Contains);
    }

    /// <summary>What opens below the entries, the newest first, as far as there is room.</summary>
    static Dictionary<Entry, string> Words(MindMemory mind, List<Entry> entries, CancellationToken cancel)
    {
        var words = new Dictionary<Entry, string>();
        long left = MostBytes;
        foreach (Entry entry in entries)
        {
            cancel.ThrowIfCancellationRequested();
            if (left <= 0)
                break;
            using var to = new StringWriter(CultureInfo.InvariantCulture);
            ILookup<string, SceneRow> scenes = mind.ScenesOf(entry.Row.Id).ToLookup(s => s.Episode);
            foreach (EpisodeRow episode in entry.Episodes)
                Episode(to, mind, episode, [.. scenes[episode.Id]], entry.Episodes.Count > 1, ref left);
            words[entry] = to.ToString();
        }
        return words;
    }

    static void Conversation(TextWriter to, Entry entry, string? words)
    {
        ConversationRow row = entry.Row;
        string title = row.Title.Length > MostTitle ? Chars.First(row.Title, MostTitle) + "…" : row.Title.Length > 0 ? row.Title : $"{row.Format} {row.Id}";
        to.Write("<details>");
        Summary(to, entry.Episodes[0].Began?.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "", Html.Text(title), $"<span class=\"gist\">{Html.Text(row.Gist)}</span>", entry.Episodes.Sum(e => e.Turns));
        to.Write(words ?? Cut(row.Id.ToString(CultureInfo.InvariantCulture)));
        to.Write("</details>\n");
    }

    static void Episode(StringWriter to, MindMemory mind, EpisodeRow episode, List<SceneRow> scenes, bool isOneOfMany, ref long left)
    {
        if (left <= 0)
        {
            to.Write(Cut(episode.Id));
            return;
        }
        int before = to.GetStringBuilder().Length;
        if (isOneOfMany)
        {
            to.Write("<details>");
            Summary(to, episode.Began?.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "", Html.Text(episode.Gist), "", episode.Turns);
        }
        foreach (SceneRow scene in scenes)
            before = Scene(to, mind, scene, scenes.Count > 1, before, ref left);
        if (isOneOfMany)
            to.Write("</details>");
    }

    /// <returns>How long the page is now.</returns>
    static int Scene(StringWriter to, MindMemory mind, SceneRow scene, bool isOneOfMany, int before, ref long left)
    {
        if (isOneOfMany)
        {
            to.Write("<details>");
            Summary(to, scene.Began?.ToString("HH:mm", CultureInfo.InvariantCulture) ?? "", Html.Text(scene.Gist), "", scene.Turns);
        }
        foreach (ExpandedTurn turn in left > 0 ? mind.Expand(scene.Id).Turns : [])
        {
            to.Write($"<div class=\"turn\"><small>{turn.Id} · {Html.Text(turn.Speaker)}{(turn.Time is { } t ? t.ToString(" · yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "")}{(turn.Marks.Length > 0 ? " · " + turn.Marks : "")}</small><p>");
            // one turn alone may be larger than the page
            to.Write(turn.Text.Length <= left / 2 || turn.Text.Length < MostOfTurn ? Html.Text(turn.Text) + "</p></div>" : Html.Text(Chars.First(turn.Text, MostOfTurn)) + "…</p></div>" + Cut(turn.Id));
            left -= Encoding.UTF8.GetByteCount(to.GetStringBuilder().ToString(before, to.GetStringBuilder().Length - before));
            before = to.GetStringBuilder().Length;
            if (left <= 0)
                break;
        }
        if (left <= 0)
            to.Write(Cut(scene.Id));
        if (isOneOfMany)
            to.Write("</details>");
        return before;
    }

    static string Cut(string id) => $"<p class=\"cut\">{Html.Say($"all of the words: dum expand {id}", $"все слова: dum expand {id}")}</p>";

    static void Summary(TextWriter to, string when, string what, string below, long turns) =>
        to.Write($"<summary><span class=\"when\">{when}</span><span class=\"what\">{what}{below}</span><span class=\"n\">{Html.Number(turns)}</span></summary>");

    static void Figure(TextWriter to, long value, string english, string russian) => to.Write($"<div><b>{Html.Number(value)}</b><span>{Html.Say(english, russian)}</span></div>");

    static string Css()
    {
        using var reader = new StreamReader(typeof(TimelinePage).Assembly.GetManifestResourceStream("timeline.css")!);
        return reader.ReadToEnd();
    }
}

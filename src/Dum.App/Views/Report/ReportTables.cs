namespace Dum.App.Views.Report;

/// <summary>The hyperwords that did most in this text, and the longest found in it.</summary>
static class ReportTables
{
    const int Rows = 15, MostShownBytes = 120;

    public static void Write(TextWriter to, ReportFacts facts)
    {
        List<int> used = [.. Enumerable.Range(0, facts.Uses.Length).Where(id => facts.Uses[id] > 0 && facts.Vocabulary[id].Length > 1)];
        if (used.Count == 0)
            return;
        to.Write($"<section aria-labelledby=\"notable\"><h2 id=\"notable\">{Html.Say("Hyperwords of this text", "Гиперслова этого текста")}</h2><div class=\"tables\">");
        Table(to, facts, "Saved the most", "Сберегли больше всех", "Uses × (bytes − 1): the steps spared against reading byte by byte.", "Вхождения × (байты − 1): сбережённые шаги против чтения по байту.",
            used.OrderByDescending(id => Saved(facts, id)).ThenBy(id => id), saved: true);
        Table(to, facts, "The longest", "Самые длинные", "Each is one unit of the text.", "Каждое — одна единица текста.",
            used.OrderByDescending(id => facts.Vocabulary[id].Length).ThenByDescending(id => facts.Uses[id]).ThenBy(id => id), saved: false);
        to.Write("</div></section>\n");
    }

    static void Table(TextWriter to, ReportFacts facts, string en, string ru, string meaningEn, string meaningRu, IEnumerable<int> ids, bool saved)
    {
        to.Write($"<div><h3>{Html.Say(en, ru)}</h3><p class=\"lead\">{Html.Say(meaningEn, meaningRu)}</p><table class=\"list\"><thead><tr><th scope=\"col\">{Html.Say("hyperword", "гиперслово")}</th>");
        Head(to, "uses", "вхождений");
        Head(to, "bytes", "байт");
        Head(to, saved ? "saved" : "words", saved ? "сбережено" : "слов");
        to.Write("</tr></thead><tbody>");
        foreach (int id in ids.Take(Rows))
        {
            ReadOnlySpan<byte> entry = facts.Vocabulary[id];
            string text = entry.Length <= MostShownBytes ? Html.Bytes(entry) : Html.Bytes(entry[..MostShownBytes]) + "…";
            long last = saved ? Saved(facts, id) : Words.In(entry);
            to.Write($"<tr><td class=\"entry\"><bdi>{text}</bdi></td><td>{Html.Number(facts.Uses[id])}</td><td>{Html.Number(entry.Length)}</td><td>{Html.Number(last)}</td></tr>");
        }
        to.Write("</tbody></table></div>");
    }

    static void Head(TextWriter to, string en, string ru) => to.Write($"<th scope=\"col\">{Html.Say(en, ru)}</th>");

    static long Saved(ReportFacts facts, int id) => facts.Uses[id] * (facts.Vocabulary[id].Length - 1);
}

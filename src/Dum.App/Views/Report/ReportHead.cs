using System.Globalization;

namespace Dum.App.Views.Report;

/// <summary>The top of the page: what was folded, what it came to, what it is compared with, and that it comes back.</summary>
static class ReportHead
{
    public static void Write(TextWriter to, FoldSummary s, ReportFacts facts, string title, string command)
    {
        long files = facts.Documents.Count;
        string kind = files == 1 ? Html.Say("A folded text", "Свёрнутый текст") : Html.Say(
            $"{Html.Number(files)} documents folded together", $"{Html.Number(files)} {Html.Form(files, "документ", "документа", "документов")}, свёрнутые вместе");
        to.Write($"<section class=\"head\"><p class=\"kind\">{kind}</p><h1><bdi>{Html.Text(title)}</bdi></h1>\n<ol class=\"figures\">");
        Figure(to, s.Bytes, "bytes", "байт", "байта", "байт", "The text as it lay on the disk.", "Текст, как он лежал на диске.");
        Figure(to, s.Hyperwords, "hyperwords", "гиперслово", "гиперслова", "гиперслов",
            $"Entries of the lexicon: a byte, a piece, a word or several words. {Html.En(Ratio(s.Bytes, s.Hyperwords))} bytes each.",
            $"Записи лексикона: байт, часть слова, слово или несколько слов. В среднем {Html.Ru(Ratio(s.Bytes, s.Hyperwords))} байта.");
        Figure(to, s.Scenes, "scenes", "сцена", "сцены", "сцен",
            $"About a clause each, and one position of the main model. {Html.En(Ratio(s.Hyperwords, s.Scenes))} hyperwords, {Html.En(Ratio(s.Bytes, s.Scenes))} bytes.",
            $"Примерно по клаузе, и одна позиция главной модели. {Html.Ru(Ratio(s.Hyperwords, s.Scenes))} гиперслова, {Html.Ru(Ratio(s.Bytes, s.Scenes))} байта.");
        Figure(to, s.Episodes, "episodes", "эпизод", "эпизода", "эпизодов",
            $"Scenes of scenes: a paragraph, or turns of a talk. {Html.En(Ratio(s.Scenes, s.Episodes))} scenes each.",
            $"Сцены из сцен: абзац или реплики разговора. В среднем {Html.Ru(Ratio(s.Scenes, s.Episodes))} сцены.");
        to.Write("</ol>\n<div class=\"compare\">");
        Positions(to, s);
        Sizes(to, s);
        to.Write("</div>\n");
        Proof(to, s, facts, command);
        to.Write("</section>\n");
    }

    static void Figure(TextWriter to, long value, string en, string one, string few, string many, string meaningEn, string meaningRu) =>
        to.Write($"<li><strong>{Html.Number(value)}</strong> <b>{Html.Say(en, Html.Form(value, one, few, many))}</b><p>{Html.Say(meaningEn, meaningRu)}</p></li>");

    static void Positions(TextWriter to, FoldSummary s)
    {
        var rows = new List<Row> { new(Html.Say("hyperwords", "гиперслова"), s.Hyperwords, "", true), new(Html.Say("scenes", "сцены"), s.Scenes, "", true) };
        rows.AddRange(s.Tokens.Select(t => new Row(Html.Say($"{Html.Plain(t.Name)} tokens", $"токены {Html.Plain(t.Name)}"), t.Tokens, Saved(s.Scenes, t.Tokens), false)));
        if (s.Tokens.Count == 0)
            rows.Add(new Row(Html.Say("bytes", "байты"), s.Bytes, "", false));
        Panel(to, "Positions", "Позиции", "How many steps a model takes over this text, unit by unit.", "Сколько шагов делает модель по этому тексту, единица за единицей.", rows);
    }

    static void Sizes(TextWriter to, FoldSummary s)
    {
        var rows = new List<Row> { new(Html.Say("as it was", "как было"), s.Bytes, "", false) };
        rows.AddRange(s.Peers.Select(p => new Row(Html.Plain(p.Name), p.Bytes, Percent(p.Bytes, s.Bytes), false)));
        if (!s.Appended)
            rows.Add(new Row(Html.Say("folded", "свёрнуто"), s.FoldedBytes, $"{Percent(s.FoldedBytes, s.Bytes)}, {Bits(s.FoldedBytes, s.Bytes)}", true));
        string whole = s.Appended ? Html.Number(s.FoldedBytes) : "";
        Panel(to, "Size", "Размер",
            s.Appended ? $"Added to a folded file that is {whole} bytes in all." : "Bytes on the disk; less is better.",
            s.Appended ? $"Добавлено к свёрнутому файлу, всего в нём {whole} байт." : "Байты на диске; чем меньше, тем лучше.", rows);
    }

    static void Panel(TextWriter to, string en, string ru, string meaningEn, string meaningRu, List<Row> rows)
    {
        long most = Math.Max(rows.Max(r => r.Value), 1);
        to.Write($"<div class=\"panel\"><h2>{Html.Say(en, ru)}</h2><p class=\"lead\">{Html.Say(meaningEn, meaningRu)}</p><table class=\"bars\">");
        foreach (Row row in rows.OrderByDescending(r => r.Value))
        {
            string width = (100.0 * row.Value / most).ToString("0.##", CultureInfo.InvariantCulture);
            to.Write($"<tr{(row.Ours ? " class=\"ours\"" : "")}><th scope=\"row\">{row.Name}</th><td class=\"number\">{Html.Number(row.Value)}</td><td class=\"note\">{row.Note}</td><td class=\"track\"><i style=\"width:{width}%\"></i></td></tr>");
        }
        to.Write("</table></div>");
    }

    static void Proof(TextWriter to, FoldSummary s, ReportFacts facts, string command)
    {
        to.Write("<div class=\"proof\">");
        if (s.Verified)
            to.Write($"<p class=\"verified\">{Html.Say("Unfolded again and compared: every byte is the same.", "Развёрнуто и сверено: все байты те же.")}</p>");
        to.Write("<dl>");
        if (facts.Documents is [var only])
            Fact(to, "SHA-256", $"<code class=\"hash\">{only.Sha256}</code>");
        // The speed of a small text is that of starting up; it would only mislead.
        double speed = s.Bytes >= 200_000 ? Ratio(s.Bytes, s.Seconds) / 1e6 : 0;
        Fact(to, Html.Say("Time", "Время"), Html.Say(
            $"{Html.En(s.Seconds)} s with the check, {(speed > 0 ? $"{Html.En(speed)} MB/s, " : "")}{s.Threads} {(s.Threads == 1 ? "thread" : "threads")}",
            $"{Html.Ru(s.Seconds)} с вместе с проверкой, {(speed > 0 ? $"{Html.Ru(speed)} МБ/с, " : "")}{s.Threads} {Html.Form(s.Threads, "поток", "потока", "потоков")}"));
        Fact(to, Html.Say("Lexicon", "Лексикон"), $"<code>{Html.Plain(s.Lexicon)}</code>, {Html.Say($"{Html.Number(facts.Vocabulary.Count)} hyperwords", $"{Html.Number(facts.Vocabulary.Count)} {Html.Form(facts.Vocabulary.Count, "гиперслово", "гиперслова", "гиперслов")}")}");
        Fact(to, Html.Say("Command", "Команда"), $"<code>{Html.Text(command)}</code>");
        to.Write("</dl></div>");
    }

    static void Fact(TextWriter to, string name, string value) => to.Write($"<div><dt>{name}</dt><dd>{value}</dd></div>");

    static double Ratio(double a, double b) => b == 0 ? 0 : a / b;

    static string Percent(long part, long whole) => whole == 0 ? "" : Html.Both(100.0 * part / whole) + " %";

    static string Bits(long folded, long bytes) => bytes == 0 ? "" : Html.Say($"{Html.En(8.0 * folded / bytes, 2)} bits per byte", $"{Html.Ru(8.0 * folded / bytes, 2)} бита на байт");

    static string Saved(long scenes, long tokens) => scenes == 0 ? "" : Html.Say($"{Html.En((double)tokens / scenes)} per scene", $"{Html.Ru((double)tokens / scenes)} на сцену");

    sealed record Row(string Name, long Value, string Note, bool Ours);
}

using System.Security.Cryptography;
using System.Text;
using Dum.Files;
using static Dum.Tongue;

namespace Dum.App.Views.Report;

/// <summary>
/// The page that shows a fold: one file, nothing loaded from anywhere. Numbers, distributions and tables are plain HTML
/// and SVG; the text is drawn by a small script from compact data. Both languages are in it, and the page shows one.
/// </summary>
static class ReportPage
{
    const string Marker = "<meta name=\"generator\" content=\"40kDUM\">";

    public static void Save(string path, FoldSummary summary, ReportFacts facts, string command) => SafeFile.Write(path, stream =>
    {
        using var to = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
        Write(to, summary, facts, command);
    });

    public static void Write(TextWriter to, FoldSummary summary, ReportFacts facts, string command)
    {
        string css = Resource("report.css"), script = Resource("report.js");
        string title = facts.Documents is [var only] ? only.Name : summary.Output;
        // The hash lets this script run and no other, whatever the text holds; nothing at all may be loaded.
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        to.Write($"""
            <!doctype html>
            <html lang="{Say("en", "ru")}">
            <head>
            <meta charset="utf-8">
            {Marker}
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Html.Plain(title)} · 40kDUM</title>
            <style>
            {css}</style>
            </head>
            <body>
            <header class="top">
            <span class="brand">40kDUM</span>
            <fieldset class="switch"><legend>{Html.Say("Language", "Язык")}</legend><input type="radio" name="lang" id="to-ru"{(IsRussian ? " checked" : "")}><label for="to-ru" lang="ru" title="по-русски">RU</label><input type="radio" name="lang" id="to-en"{(IsRussian ? "" : " checked")}><label for="to-en" lang="en" title="in English">EN</label></fieldset>
            </header>
            <main>

            """);
        ReportHead.Write(to, summary, facts, title, command);
        ReportText.Write(to, facts);
        WriteDistributions(to, facts);
        ReportTables.Write(to, facts);
        to.Write($"""
            </main>
            <footer>{Html.Say("This page holds everything it shows and loads nothing.", "Страница хранит всё, что показывает, и ничего не загружает.")}</footer>
            <script>{script}</script>
            </body>
            </html>

            """);
    }

    static void WriteDistributions(TextWriter to, ReportFacts facts)
    {
        to.Write($"<section aria-labelledby=\"how-long\"><h2 id=\"how-long\">{Html.Say("How long they are", "Какой они длины")}</h2>");
        to.Write($"<p class=\"lead\">{Html.Say("Over all of the text, not only what is shown above.", "По всему тексту, а не только по показанному выше.")}</p><div class=\"charts\">");
        to.Write(HistogramSvg.Draw(facts.HyperwordBytes, "Bytes per hyperword", "Байтов в гиперслове", "bytes", "байты"));
        to.Write(HistogramSvg.Draw(facts.HyperwordWords, "Words per hyperword", "Слов в гиперслове", "words, whole or in part", "слова, целые и части"));
        to.Write(HistogramSvg.Draw(facts.SceneHyperwords, "Hyperwords per scene", "Гиперслов в сцене", "hyperwords", "гиперслова"));
        to.Write(HistogramSvg.Draw(facts.SceneBytes, "Bytes per scene", "Байтов в сцене", "bytes", "байты"));
        to.Write(HistogramSvg.Draw(facts.EpisodeScenes, "Scenes per episode", "Сцен в эпизоде", "scenes", "сцены"));
        to.Write($"<div class=\"legend\"><p><i></i>{Html.Say("median: half are no longer", "медиана: половина не длиннее")}</p><p><i class=\"mean\"></i>{Html.Say("mean", "среднее")}</p>");
        to.Write($"<p>{Html.Say("Where a long tail is cut off, the last bar, marked +, gathers the rest of it. A word split between hyperwords counts in each.", "Где длинный хвост обрезан, последний столбец со знаком + собирает остаток. Слово, разделённое между гиперсловами, считается в каждом.")}</p></div></div></section>\n");
    }

    static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ReportPage).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

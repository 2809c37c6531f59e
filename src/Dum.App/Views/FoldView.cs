using System.Globalization;
using System.Text.Json;
using Dum.Folding;
using Dum.Folding.Deep;
using static Dum.Tongue;

namespace Dum.App.Views;

/// <summary>The result of a fold as a person reads it in a terminal.</summary>
static class FoldView
{
    public static void Print(FoldSummary s, TextWriter to)
    {
        to.WriteLine();
        to.WriteLine($"  {(s.Documents == 1 ? "" : Say($"{s.Documents} documents ", $"документов {s.Documents} "))}→ {s.Output}");
        to.WriteLine();
        Row(to, Say("bytes", "байты"), s.Bytes, "");
        Row(to, Say("hyperwords", "гиперслова"), s.Hyperwords, Each(s.Bytes, s.Hyperwords, Say("bytes each", "байт в каждом")));
        Row(to, Say("scenes", "сцены"), s.Scenes, Each(s.Bytes, s.Scenes, Say("bytes", "байт")) + (s.Scenes == 0 ? "" : ", ") + Each(s.Hyperwords, s.Scenes, Say("hyperwords each", "гиперслов в каждой")));
        Row(to, Say("episodes", "эпизоды"), s.Episodes, Each(s.Scenes, s.Episodes, Say("scenes each", "сцен в каждом")));
        Row(to, Say("folded", "свёрнуто"), s.FoldedBytes, s.Appended
            ? Say("bytes, the whole file", "байт, весь файл")
            : Say($"bytes: {Percent(s.FoldedBytes, s.Bytes)} of the text, {Bits(s.FoldedBytes, s.Bytes)} bits per byte", $"байт: {Percent(s.FoldedBytes, s.Bytes)} текста, {Bits(s.FoldedBytes, s.Bytes)} бит на байт"));
        if (s.ModelBitsPerByte is { } bits)
            to.WriteLine("  " + Say($"the model '{s.Model}' alone predicts it at {Fixed(bits, 3)} bits per byte", $"одна модель «{s.Model}» предсказывает текст на {Fixed(bits, 3)} бит на байт")
                + (s.ModelIsStrange == true ? Say(": it does not know this kind of text", ": таких текстов она не знает") : ""));
        if (s.ModelBytes < s.Bytes && !s.Appended)
            to.WriteLine("  " + Say($"stored, because the coder cannot make it smaller, and predicted by nobody: {Number(s.Bytes - s.ModelBytes.Value)} bytes", $"записано как есть, потому что кодер не сжимает, и никем не предсказано: байт {Number(s.Bytes - s.ModelBytes.Value)}"));
        to.WriteLine();
        if (s.Verified)
            to.WriteLine("  " + Say("unfolded again and compared: every byte is the same", "развёрнуто и сверено: все байты те же") + (s.Sha256 is null ? "" : $" (SHA-256 {s.Sha256[..16]}…)"));
        to.WriteLine("  " + Say($"{Fixed(s.Seconds, 1)} s, {Speed(s, "MB/s", "KB/s")} with the check, {s.Threads} threads", $"{Fixed(s.Seconds, 1)} с, {Speed(s, "МБ/с", "КБ/с")} вместе с проверкой, потоков {s.Threads}"));
        to.WriteLine();
        to.Flush();
    }

    /// <summary>The same text in other tokenizers and compressors: printed after the fold itself, because it takes longer.</summary>
    public static void PrintBeside(FoldSummary s, TextWriter to)
    {
        foreach (TokenCount t in s.Tokens)
            Row(to, t.Name, t.Tokens, Say(
                $"tokens: {Ratio(t.Tokens, s.Hyperwords)} the hyperwords, {Ratio(t.Tokens, s.Scenes)} the scenes (positions saved: {Saved(s.Scenes, t.Tokens)})",
                $"токенов: в {Ratio(t.Tokens, s.Hyperwords)} раза больше гиперслов, в {Ratio(t.Tokens, s.Scenes)} раза больше сцен (позиций меньше на {Saved(s.Scenes, t.Tokens)})"));
        foreach (PeerSize p in s.Peers)
            Row(to, p.Name, p.Bytes, Say(
                $"bytes: {Percent(p.Bytes, s.Bytes)}, {Fixed(p.Seconds, 1)} s{Against(s.FoldedBytes, p.Bytes)}",
                $"байт: {Percent(p.Bytes, s.Bytes)}, {Fixed(p.Seconds, 1)} с{Against(s.FoldedBytes, p.Bytes)}"));
        if (s.Tokens.Count + s.Peers.Count > 0)
            to.WriteLine();
        if (s.Report is not null)
            to.WriteLine("  " + Say($"report: {s.Report}", $"отчёт: {s.Report}"));
    }

    public static void List(FoldReader reader, IReadOnlyList<FoldedDocument> documents, bool json, TextWriter to)
    {
        if (json)
        {
            List<DocumentRow> rows = [.. documents.Select(d => new DocumentRow(d.Name, d.Kind.ToString(), d.Modified, d.Bytes, d.Hyperwords, d.Scenes, d.Episodes, d.Blocks.Count, d.Sha256))];
            to.WriteLine(JsonSerializer.Serialize(rows, FoldJson.Default.ListDocumentRow));
            return;
        }
        to.WriteLine(reader.ModelName is { } model
            ? Say($"model {Cli.Plain(model)} {reader.LexiconId}", $"модель {Cli.Plain(model)} {reader.LexiconId}")
            : Say($"lexicon {reader.LexiconId}", $"лексикон {reader.LexiconId}"));
        to.WriteLine($"{Say("bytes", "байты"),14} {Say("hyperwords", "гиперслова"),12} {Say("scenes", "сцены"),10} {Say("episodes", "эпизоды"),9}  {Say("changed", "изменён"),-16}  {Say("name", "имя")}");
        foreach (FoldedDocument d in documents)
            to.WriteLine($"{Number(d.Bytes),14} {Number(d.Hyperwords),12} {Number(d.Scenes),10} {Number(d.Episodes),9}  {d.Modified.ToLocalTime():yyyy-MM-dd HH:mm}  {(d.Name.Length == 0 ? "-" : Cli.Plain(d.Name))}{(d.Kind == DocumentKind.EmptyFolder ? "/" : "")}");
    }

    /// <summary>One line for a text that the model hardly predicts.</summary>
    public static string Strange(DeepScore score) => Say(
        $"the model does not know this kind of text: {Fixed(score.BitsPerByte, 3)} bits per byte by itself", $"таких текстов модель не знает: сама она даёт {Fixed(score.BitsPerByte, 3)} бит на байт");

    static string Speed(FoldSummary s, string fast, string slow)
    {
        double rate = s.Bytes / 1e3 / Math.Max(s.Seconds, 1e-3);
        return rate >= 100 ? $"{Fixed(rate / 1e3, 1)} {fast}" : $"{Fixed(rate, 1)} {slow}";
    }

    static void Row(TextWriter to, string name, long value, string note) => to.WriteLine($"  {name,-14} {Number(value),16}   {note}".TrimEnd());

    // Thousands are set off by thin spaces in both languages.
    static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');

    static string Each(long all, long parts, string unit) => parts == 0 ? "" : Fixed((double)all / parts, 2) + " " + unit;

    static string Ratio(long a, long b) => b == 0 ? "–" : Fixed((double)a / b, 2) + (IsRussian ? "" : " ×");

    static string Saved(long scenes, long tokens) => tokens == 0 ? "–" : Fixed(100 - 100.0 * scenes / tokens, 0) + " %";

    static string Percent(long part, long whole) => whole == 0 ? "–" : Fixed(100.0 * part / whole, 1) + " %";

    static string Bits(long folded, long bytes) => bytes == 0 ? "–" : Fixed(8.0 * folded / bytes, 3);

    static string Against(long folded, long peer) => peer == 0 ? "" : folded <= peer
        ? Say($"; folded is {Fixed(100 - 100.0 * folded / peer, 0)} % smaller", $"; свёрнутое меньше на {Fixed(100 - 100.0 * folded / peer, 0)} %")
        : Say($"; folded is {Fixed(100.0 * folded / peer - 100, 0)} % larger", $"; свёрнутое больше на {Fixed(100.0 * folded / peer - 100, 0)} %");

    static string Fixed(double value, int digits) => value.ToString("F" + digits, CultureInfo.InvariantCulture);
}

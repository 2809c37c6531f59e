using System.Text.Json;
using System.Text.Unicode;

namespace Dum.App.Views.Report;

/// <summary>The text with its hyperwords and scenes: the frame of the section, and the data that the script draws from.</summary>
static class ReportText
{
    public static void Write(TextWriter to, ReportFacts facts)
    {
        List<ReportDocument> shown = [.. facts.Documents.Where(d => d.Shown is not null)];
        to.Write($"<section class=\"reading\" aria-labelledby=\"the-text\"><h2 id=\"the-text\">{Html.Say("The text", "Текст")}</h2><p class=\"lead\">");
        to.Write(Html.Say(
            "A tint is a hyperword, a hue a scene, a numbered block an episode. Point at a hyperword, tap it, or walk with the arrow keys: ← → by hyperword, ↑ ↓ by scene.",
            "Оттенок — гиперслово, цвет — сцена, блок с номером — эпизод. Наведите на гиперслово, коснитесь его или идите стрелками: ← → по гиперсловам, ↑ ↓ по сценам."));
        to.Write("</p>");
        if (shown.Any(d => d.Shown!.Ids.Any(id => !Utf8.IsValid(facts.Vocabulary[id]))))
            to.Write($"<p class=\"lead\">{Html.Say(
                "A thin bar is the rest of a character that is split between hyperwords; a box is a byte that is no text, by its hexadecimal number.",
                "Тонкая черта — остаток символа, разделённого между гиперсловами; рамка — байт, который не текст, шестнадцатеричным числом.")}</p>");
        if (shown.Count > 1)
            Tabs(to, shown);
        to.Write($"<noscript><p class=\"none\">{Html.Say("The text is drawn by a script inside this page; scripts are switched off.", "Текст рисует скрипт внутри этой страницы, а скрипты выключены.")}</p></noscript>");
        to.Write("<div id=\"text\" class=\"text\" tabindex=\"0\" role=\"group\" aria-labelledby=\"the-text\"></div>");
        for (int i = 0; i < shown.Count; i++)
            to.Write($"<p class=\"none rest\" data-rest=\"{i}\" hidden>{Rest(shown[i])}</p>");
        if (facts.Documents.Count > shown.Count)
            to.Write($"<p class=\"none\">{Html.Say(
                $"Shown are the first {shown.Count} of {Html.Number(facts.Documents.Count)} documents; fold another alone to see it. The numbers cover all of them.",
                $"Показаны первые {shown.Count} из {Html.Number(facts.Documents.Count)} документов; чтобы увидеть другой, сверните его отдельно. Числа — по всем.")}</p>");
        to.Write("<div id=\"card\" class=\"card\" role=\"status\" hidden></div></section>\n<script type=\"application/json\" id=\"data\">");
        to.Write(Data(facts, shown));
        to.Write("</script>\n");
    }

    static void Tabs(TextWriter to, List<ReportDocument> shown)
    {
        to.Write("<nav class=\"tabs\">");
        for (int i = 0; i < shown.Count; i++)
            to.Write($"<button type=\"button\" data-document=\"{i}\" aria-pressed=\"{(i == 0 ? "true" : "false")}\"><bdi>{Html.Text(shown[i].Name)}</bdi></button>");
        to.Write("</nav>");
    }

    static string Rest(ReportDocument document)
    {
        int bytes = document.Shown!.Bytes;
        return document.Bytes == 0 ? Html.Say("The document is empty.", "Документ пуст.")
            : bytes == document.Bytes ? Html.Say("The document ends here.", "Здесь документ кончается.")
            : Html.Say(
                $"Shown are the first {Html.Number(bytes)} of {Html.Number(document.Bytes)} bytes; the numbers and distributions cover all of them. To see a later part, fold it as a file of its own.",
                $"Показаны первые {Html.Number(bytes)} из {Html.Number(document.Bytes)} байт; числа и распределения — по всему тексту. Чтобы увидеть дальнейшее, сверните его отдельным файлом.");
    }

    /// <summary>Each hyperword's bytes once; then each document as numbers. The writer escapes whatever could end the element.</summary>
    static string Data(ReportFacts facts, List<ReportDocument> shown)
    {
        int[] ids = [.. shown.SelectMany(d => d.Shown!.Ids).Distinct().Order()];
        var place = new Dictionary<int, int>(ids.Length);
        for (int i = 0; i < ids.Length; i++)
            place[ids[i]] = i;
        var bytes = new List<byte>();
        foreach (int id in ids)
            bytes.AddRange(facts.Vocabulary[id]);

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("entries", facts.Vocabulary.Count);
            Numbers(json, "ids", ids);
            Numbers(json, "lengths", ids.Select(id => facts.Vocabulary[id].Length));
            Numbers(json, "words", ids.Select(id => Words.In(facts.Vocabulary[id])));
            json.WriteStartArray("uses");
            foreach (int id in ids)
                json.WriteNumberValue(facts.Uses[id]);
            json.WriteEndArray();
            json.WriteBase64String("bytes", [.. bytes]);
            json.WriteStartArray("documents");
            foreach (ReportDocument document in shown)
            {
                json.WriteStartObject();
                Numbers(json, "units", document.Shown!.Ids.Select(id => place[id]));
                Numbers(json, "scenes", document.Shown.Scenes);
                Numbers(json, "episodes", document.Shown.Episodes);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    static void Numbers(Utf8JsonWriter json, string name, IEnumerable<int> values)
    {
        json.WriteStartArray(name);
        foreach (int value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}

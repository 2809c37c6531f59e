using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dum.Lexicon;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum lexicon show</c>: what is in a lexicon.</summary>
static class LexiconShowCommand
{
    public static Command Create()
    {
        var file = new Argument<string?>("file") { Description = Say("a lexicon file (default: the one that ships with dum)", "файл лексикона (по умолчанию тот, что идёт с dum)"), Arity = ArgumentArity.ZeroOrOne };
        var count = new Option<int>("--top") { Description = Say("how many of each kind to list", "сколько единиц показать в каждом списке"), DefaultValueFactory = _ => 24, HelpName = "N" };
        Option<bool> json = Shared.Json();
        var command = new Command("show", Say("Show a lexicon: sizes, share by words and by language, the longest and the most useful hyperwords.", "Показать лексикон: размеры, доли по числу слов и по языкам, самые длинные и самые полезные гиперслова.")) { file, count, json };
        command.Does((parsed, _) =>
        {
            LexiconFile lexicon = Shared.Load(parsed.GetValue(file));
            LexiconPortrait portrait = LexiconPortrait.Of(lexicon, Math.Clamp(parsed.GetValue(count), 0, 1000));
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(portrait, PortraitJson.Default.LexiconPortrait));
            else
                Print(portrait, lexicon, Console.Out);
            return Cli.Ok;
        });
        return command;
    }

    static void Print(LexiconPortrait p, LexiconFile lexicon, TextWriter to)
    {
        to.WriteLine();
        to.WriteLine("  " + Say($"lexicon {p.Id}: {p.Entries} hyperwords, {p.Bytes / 1e6:0.0} MB with the coder's statistics", $"лексикон {p.Id}: гиперслов {p.Entries}, {p.Bytes / 1e6:0.0} МБ со статистикой кодера"));
        LexiconFacts facts = lexicon.Facts;
        if (facts.TrainedBytes > 0)
        {
            to.WriteLine("  " + Say($"trained on {facts.TrainedBytes / 1e6:0} MB: {string.Join(", ", facts.Sources)}", $"обучен на {facts.TrainedBytes / 1e6:0} МБ: {string.Join(", ", facts.Sources)}"));
            to.WriteLine("  " + facts.Rule);
        }
        to.WriteLine();
        Table(to, Say("by words", "по числу слов"), p.ByWords);
        Table(to, Say("by script", "по письму"), p.ByScript);
        to.WriteLine("  " + Say("most useful (uses in the training text × bytes saved)", "самые полезные (употребления в обучении × сбережённые байты)"));
        Wrap(to, p.MostUseful);
        to.WriteLine("  " + Say("longest", "самые длинные"));
        Wrap(to, p.Longest);
    }

    static void Table(TextWriter to, string title, IReadOnlyList<PortraitRow> rows)
    {
        to.WriteLine($"  {title,-18} {Say("entries", "единиц"),10} {Say("share", "доля"),8} {Say("of use", "в тексте"),9} {Say("bytes each", "байт"),11}");
        foreach (PortraitRow row in rows)
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {NameOf(row),-18} {row.Entries,10} {row.Share * 100,6:0.0} % {row.Use * 100,7:0.0} % {row.BytesEach,11:0.0}"));
        to.WriteLine();
    }

    /// <summary>The kind in the user's language; the portrait itself, and so JSON, is in English.</summary>
    static string NameOf(PortraitRow row) => row.Name switch
    {
        "Latin" => Say("Latin", "латиница"),
        "Cyrillic" => Say("Cyrillic", "кириллица"),
        "none" => Say("none", "без букв"),
        "other or mixed" => Say("other or mixed", "другое, смешанное"),
        _ => row.Name,
    };

    static void Wrap(TextWriter to, IReadOnlyList<string> entries)
    {
        var line = new StringBuilder("   ");
        foreach (string entry in entries)
        {
            if (line.Length + entry.Length > 96)
            {
                to.WriteLine(line);
                line.Clear().Append("   ");
            }
            line.Append(" [").Append(entry).Append(']');
        }
        to.WriteLine(line);
        to.WriteLine();
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LexiconPortrait))]
sealed partial class PortraitJson : JsonSerializerContext;

using System.CommandLine;
using System.Text.Json;
using Dum.App.Views;
using Dum.App.Views.Report;
using Dum.Checkpoints;
using Dum.Ledger;
using Dum.Lexicon;
using Dum.Models;
using Dum.Training;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum ledger</c>: every claim of scenes measured beside its baseline.</summary>
static class LedgerCommand
{
    public static Command Create()
    {
        var defaults = new LedgerOptions();
        var text = new Option<string[]>("--text", "-t") { Description = Say("texts: four fifths of each are learned from, the last fifth is measured on", "тексты: на четырёх пятых каждого учатся, на последней пятой измеряют"), HelpName = "FILE", AllowMultipleArgumentsPerToken = true, Required = true };
        var tokenizer = new Option<string?>("--tokenizer") { Description = Say("whose tokens the claims are told in: tiktoken ranks, tokenizer.json, SentencePiece .model, GGUF", "в чьих токенах считать: ранги tiktoken, tokenizer.json, SentencePiece .model, GGUF"), HelpName = "FILE" };
        var preset = new Option<string>("--preset") { Description = Say("size of the models that are trained: tiny, 3m, 20m, 100m", "размер обучаемых моделей: tiny, 3m, 20m, 100m"), DefaultValueFactory = _ => defaults.Preset, HelpName = "NAME" };
        var minutes = new Option<double>("--minutes") { Description = Say("training for each of the models (eight, by the number of seeds); 0 only counts", "обучение каждой из моделей (их восемь на каждое зерно); 0 — только счёт"), DefaultValueFactory = _ => defaults.Minutes, HelpName = "N" };
        var seeds = new Option<int>("--seeds") { Description = Say("runs of every model, from which the intervals come", "запусков каждой модели, из которых берутся интервалы"), DefaultValueFactory = _ => defaults.Seeds, HelpName = "N" };
        var model = new Option<string?>("--model") { Description = Say("a finished model over scenes, measured on the same texts (default: the one that ships with dum)", "готовая модель по сценам, измеряется на тех же текстах (по умолчанию та, что идёт с dum)"), HelpName = "MODEL" };
        var conversation = new Option<int>("--conversation") { Description = Say("bytes of the longer side of a conversation, in the rows about speed", "байт большей стороны разговора в строках о скорости"), DefaultValueFactory = _ => defaults.Conversation, HelpName = "N" };
        var material = new Option<string?>("--material") { Description = Say("a text unlike the others, 50 KB or more: how much of it adapters need", "текст не такой, как остальные, от 50 КБ: сколько его нужно адаптерам"), HelpName = "FILE" };
        var work = new Option<string?>("--work") { Description = Say("keep what was trained here; the same command then goes on after a kill", "хранить обученное здесь; та же команда продолжит после сбоя"), HelpName = "FOLDER" };
        var report = new Option<string?>("--report") { Description = Say("a page with plots", "страница с графиками"), HelpName = "FILE.html" };
        Option<int> threads = Shared.Threads();
        Option<bool> json = Shared.Json();
        var command = new Command("ledger", Say(
            "Measure every claim about scenes on your own text and machine, beside its baseline; what fails is printed as plainly as what holds.",
            "Измерить каждое обещание о сценах на своём тексте и машине, рядом с тем, с чем сравнивают; несбывшееся печатается так же прямо."))
        {
            text, tokenizer, preset, minutes, seeds, model, conversation, material, work, report, threads, json,
        };
        command.Shows(Say(
            "dum ledger --text book.txt --minutes 0\ndum ledger --text english.txt russian.txt --tokenizer o200k_base.tiktoken --minutes 1 --report ledger.html",
            "dum ledger --text книга.txt --minutes 0\ndum ledger --text english.txt russian.txt --tokenizer o200k_base.tiktoken --minutes 1 --report ledger.html"));
        command.Does((parsed, cancel) =>
        {
            var options = new LedgerOptions
            {
                Minutes = parsed.GetValue(minutes),
                Seeds = parsed.GetValue(seeds),
                Preset = parsed.GetValue(preset)!,
                Threads = parsed.GetValue(threads),
                Work = parsed.GetValue(work),
                Model = parsed.GetValue(model) ?? (LanguageModel.HasDefault ? LanguageModel.DefaultName : null),
                Conversation = parsed.GetValue(conversation),
                Material = parsed.GetValue(material) is { } unlike ? LedgerText.Read(unlike) : null,
            };
            if (options.Minutes is not (>= 0 and <= 1e5) || options.Seeds is < 1 or > 10 || options.Threads < 1)
                throw new DumException(Say("--minutes must not be negative, --seeds is 1 to 10, --threads at least 1", "--minutes не меньше 0, --seeds от 1 до 10, --threads не меньше 1"));
            if (options.Conversation is < 160 or > 100_000)
                throw new DumException(Say("--conversation: give 160 to 100,000 bytes", "--conversation: от 160 до 100 000 байт"));
            if (options.Material is { Bytes: < 50_000 })
                throw new DumException(Say("--material: give a text of at least 50 KB", "--material: нужен текст не меньше 50 КБ"));
            if (options.Material is not null && options.Minutes == 0)
                throw new DumException(Say("--material is for adapters of trained models: give --minutes above 0", "--material — для адаптеров обученных моделей: укажите --minutes больше 0"));
            if (TrainingPreset.Of(options.Preset).Token is null)
                throw new DumException(Say("--preset: give the size without 'scene-', both kinds are trained", "--preset: размер без 'scene-', обучаются оба вида"));
            string? page = OutputPath.Page(parsed.GetValue(report), [.. parsed.GetValue(text)!, .. new[] { parsed.GetValue(tokenizer), parsed.GetValue(material) }.OfType<string>()]);
            LedgerText[] texts = [.. parsed.GetValue(text)!.Select(LedgerText.Read)];
            ModelTokenizer? tokens = parsed.GetValue(tokenizer) is { } file ? ModelTokenizer.Load(file) : null;
            Cli.Patience = 60_000;
            using var progress = new Progress(Say("ledger", "счёт"));
            IReadOnlyList<LedgerRow> rows = new ClaimLedger(texts, tokens, options).Measure(new Steps(progress), cancel);
            progress.Dispose();
            if (parsed.GetValue(json))
                Json(rows);
            else
                LedgerView.Print(rows, Console.Out);
            if (page is not null)
                LedgerPage.Write(page, rows, [.. texts.Select(t => t.Name)]);
            return rows.Any(r => r.Verdict == Verdict.Not) ? Cli.Negative : Cli.Ok;
        });
        return command;
    }

    static void Json(IReadOnlyList<LedgerRow> rows)
    {
        using Stream output = StandardOutput.Open();
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("command", CommandLine.Typed());
        json.WriteStartArray("rows");
        foreach (LedgerRow row in rows)
        {
            json.WriteStartObject();
            json.WriteString("id", row.Id);
            json.WriteString("claim", row.Claim);
            json.WriteString("definition", row.Definition);
            json.WriteString("baseline", row.Baseline);
            json.WriteString("equal", row.Equal);
            json.WriteString("value", row.Value);
            json.WriteString("interval", row.Interval);
            json.WriteString("verdict", row.Verdict switch { Verdict.Reached => "reached", Verdict.Partly => "partly", Verdict.Not => "not", _ => "unmeasured" });
            json.WriteString("note", row.Note);
            json.WriteStartArray("series");
            foreach (LedgerSeries line in row.Series)
            {
                json.WriteStartObject();
                json.WriteString("name", line.Name);
                json.WriteString("x", line.X);
                json.WriteString("y", line.Y);
                json.WriteStartArray("points");
                foreach ((double x, double y) in line.Points)
                {
                    json.WriteStartArray();
                    json.WriteNumberValue(x);
                    json.WriteNumberValue(y);
                    json.WriteEndArray();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }

    sealed class Steps(Progress progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Step(value.Phase, value.Fraction, value.Detail);
    }
}

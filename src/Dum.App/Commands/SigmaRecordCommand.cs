using System.CommandLine;
using System.Globalization;
using Dum.Files;
using Dum.Models;
using Dum.Sigma.Doctor;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum sigma record</c>: the bits of a run, kept for a comparison.</summary>
static class SigmaRecordCommand
{
    public static Command Create()
    {
        var defaults = new RunScript();
        Argument<string> model = SigmaCommand.Model();
        var text = new Argument<string>("text") { Description = Say("a text that the sequences are cut from", "текст, из которого берутся последовательности") };
        var output = new Option<string?>("--output", "-o") { Description = Say("keep the recording; without it only the hash of the run is printed", "сохранить запись; без этого печатается только хеш прогона"), HelpName = "FILE" };
        var sequences = Number("--sequences", Say("sequences in all", "последовательностей всего"), defaults.Sequences);
        var batch = Number("--batch", Say("sequences of one step", "последовательностей на шаг"), defaults.Batch);
        var prompt = Number("--prompt", Say("tokens of each that are read at once", "токенов каждой, читаемых сразу"), defaults.Prompt);
        var steps = Number("--steps", Say("tokens of each that follow one by one", "токенов каждой, идущих затем по одному"), defaults.Steps);
        var warm = new Option<bool>("--warm") { Description = Say("half of each prompt is in the cache before the rest comes", "половина затравки уже в кэше, когда приходит остальное") };
        var ladder = new Option<bool>("--ladder") { Description = Say("batches and prompts grow from 1, to find a batch boundary", "пакеты и затравки растут от 1, чтобы найти границу пакета") };
        var values = new Option<bool>("--values") { Description = Say("keep all numbers, so that the first differing one can be named; takes about 100 KB a token", "хранить все числа, чтобы назвать первое отличающееся; около 100 КБ на токен") };
        var fault = new Option<string?>("--fault") { Description = Say("rehearse: put a fault in on purpose, as ulp, order, format or batch", "учебная тревога: внести ошибку нарочно — ulp, order, format или batch"), HelpName = "KIND:OPERATION:N" };
        var weights = new Option<string?>("--weights") { Description = Say("round the weights to f32, bf16, int8 or int4", "округлить веса до f32, bf16, int8 или int4"), HelpName = "FORMAT" };
        Option<string?> tokenizer = SigmaCommand.Tokenizer();
        Option<bool> force = Shared.Force();
        Option<int> threads = Shared.Threads();
        var command = new Command("record", Say(
            "Records what a run computes: a tree of hashes over every operation, layer and step, and fingerprints of its residuals.",
            "Записывает, что вычислил прогон: дерево хешей по всем операциям, слоям и шагам и отпечатки остатков."))
        {
            model, text, output, sequences, batch, prompt, steps, warm, ladder, values, fault, weights, tokenizer, force, threads,
        };
        command.Shows("dum sigma record default book.txt --batch 8 -o here.dumrun\ndum sigma record default book.txt --values -o a.dumrun\ndum sigma record default book.txt --values --fault order:decoder.layers.1.mlp.down_proj:3 -o b.dumrun\ndum sigma compare a.dumrun b.dumrun");
        command.Does((parsed, cancel) =>
        {
            var script = new RunScript
            {
                Sequences = parsed.GetValue(sequences),
                Batch = parsed.GetValue(batch),
                Prompt = parsed.GetValue(prompt),
                Steps = parsed.GetValue(steps),
                Warm = parsed.GetValue(warm),
                Ladder = parsed.GetValue(ladder),
                Threads = parsed.GetValue(threads),
            };
            string? file = parsed.GetValue(output);
            if (file is not null)
                OutputPath.File(file, parsed.GetValue(force), SigmaCommand.Read(parsed.GetValue(model)!, parsed.GetValue(text), parsed.GetValue(tokenizer)));
            Fault? wanted = parsed.GetValue(fault) is { } named ? FaultOf(named) : null;
            if (file is null && (wanted is not null || parsed.GetValue(values)))
                throw new DumException(Say("--values and --fault need a recording: give -o FILE", "--values и --fault нужны вместе с записью: укажите -o ФАЙЛ"));
            using LanguageModel loaded = LanguageModel.Open(parsed.GetValue(model)!, GenerateCommand.Format(parsed.GetValue(weights)), parsed.GetValue(tokenizer));
            int[] ids = loaded.Tokenizer.Encode(SigmaCommand.Beginning(parsed.GetValue(text)!, Math.Max(1, script.Tokens)));
            HashTree? tree = null;
            using (var progress = new Progress(Say("recording", "запись")))
            {
                void Told(double done) => progress.Step(Say("run", "прогон"), done, "");
                if (file is null)
                    tree = RecordedRun.Hash(loaded, ids, script, Told, cancel);
                else
                    SafeFile.Write(file, stream => tree = RecordedRun.Write(loaded, ids, script, stream, parsed.GetValue(values), wanted, Told, cancel));
            }
            Console.Out.WriteLine(tree!.Root);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tree.Rows:N0} ") + Say("rows of", "строк,") + $" {tree.Operations.Count} " + Say("operations", "операций") + (file is null ? "" : string.Create(CultureInfo.InvariantCulture, $" → {file}, {new FileInfo(file).Length / 1e6:0.0} ") + Say("MB", "МБ")));
            return Cli.Ok;
        });
        return command;
    }

    static Option<int> Number(string name, string description, int standard) => new(name) { Description = description, DefaultValueFactory = _ => standard, HelpName = "N" };

    static Fault FaultOf(string text) =>
        text.Split(':') is [var kind, var operation, var at] && Enum.TryParse(kind, ignoreCase: true, out FaultKind known) && Enum.IsDefined(known) && int.TryParse(at, CultureInfo.InvariantCulture, out int number) && number > 0
            ? new Fault(known, operation, number)
            : throw new DumException(Say(
                $"--fault {text}: give KIND:OPERATION:N, such as ulp:head:2 (N is the walk from which on; for batch the number of rows)",
                $"--fault {text}: нужно ВИД:ОПЕРАЦИЯ:N, например ulp:head:2 (N — с какого прохода; для batch — число строк)"));
}

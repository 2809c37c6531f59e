using System.CommandLine;
using Dum.App.Views;
using Dum.Models;
using Dum.Numerics;
using Dum.Training;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum adapt</c>: text into a small adapter beside a model.</summary>
static class AdaptCommand
{
    /// <summary>Logits that are held at once: with large vocabularies they are most of the memory.</summary>
    const int MostLogits = 1 << 25;

    public static Command Create()
    {
        AdapterOptions size = new();
        TrainingOptions defaults = new();
        var model = new Argument<string>("model") { Description = Say("the base: what 'dum generate' takes; it stays as it is", "основа: то же, что для 'dum generate'; она не меняется") };
        var texts = new Argument<string[]>("text") { Description = Say("texts, chats (JSON lines) and folders of them", "тексты, чаты (строки JSON) и папки с ними"), Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--output", "-o") { Description = Say("the adapter's folder", "папка адаптера"), HelpName = "ADAPTER", Required = true };
        var rank = new Option<int>("--rank") { Description = Say("inner channels: the adapter's size", "внутренние каналы: размер адаптера"), DefaultValueFactory = _ => size.Rank, HelpName = "N" };
        var alpha = new Option<double>("--alpha") { Description = Say("the adapter acts with this over the rank", "адаптер действует с силой alpha, делённой на ранг"), DefaultValueFactory = _ => size.Alpha, HelpName = "X" };
        var targets = new Option<string>("--targets") { Description = Say("which matrices", "какие матрицы"), DefaultValueFactory = _ => "q,k,v,o,gate,up,down", HelpName = "LIST" };
        var part = new Option<string>("--part") { Description = Say("of a scene model: global (between scenes), local (inside them) or both", "у модели сцен: global (между сценами), local (внутри них) или both"), DefaultValueFactory = _ => "both", HelpName = "PART" };
        var minutes = new Option<double>("--minutes") { Description = Say("how long to train; turned into a number of steps at the start", "сколько обучать; в начале переводится в число шагов"), DefaultValueFactory = _ => 10, HelpName = "N" };
        var steps = new Option<int?>("--steps") { Description = Say("how many steps, instead of minutes", "сколько шагов вместо минут"), HelpName = "N" };
        var rate = new Option<double>("--rate") { Description = Say("highest learning rate", "наибольшая скорость обучения"), DefaultValueFactory = _ => AdapterOptions.DefaultRate, HelpName = "X" };
        var batch = new Option<int>("--batch") { Description = Say("tokens per step (default 4096)", "токенов за шаг (по умолчанию 4096)"), HelpName = "N" };
        var micro = new Option<int>("--micro-batch") { Description = Say("tokens computed at once; less takes less memory (default: by the vocabulary)", "токенов за один проход; меньше — меньше памяти (по умолчанию по словарю)"), HelpName = "N" };
        var context = new Option<int>("--context") { Description = Say("positions per sequence (default: the model's, at most 512)", "позиций в последовательности (по умолчанию как у модели, не больше 512)"), HelpName = "N" };
        var weights = new Option<string?>("--weights") { Description = Say("keep the base as f32, bf16, int8 or int4 (default: as in the file)", "хранить основу как f32, bf16, int8 или int4 (по умолчанию как в файле)"), HelpName = "FORMAT" };
        var tokenizer = new Option<string?>("--tokenizer") { Description = Say("the model's tokenizer, where it has none of its own", "токенизатор модели, если своего у неё нет"), HelpName = "FILE" };
        var seed = new Option<ulong>("--seed") { Description = Say("all random draws follow from it", "от него зависят все случайные числа"), DefaultValueFactory = _ => defaults.Seed, HelpName = "N" };
        var checkpoint = new Option<double>("--checkpoint-seconds") { Description = Say("how often to save what a run goes on from", "как часто сохранять то, с чего обучение продолжится"), DefaultValueFactory = _ => defaults.CheckpointSeconds, HelpName = "N" };
        var test = new Option<string[]>("--test") { Description = Say("texts to measure at the end, with the base and with the adapter; never trained on", "тексты для измерения в конце, с основой и с адаптером; на них не учатся"), HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
        var restart = new Option<bool>("--restart") { Description = Say("begin again, whatever stands in the folder", "начать заново, что бы ни было в папке") };
        Option<string?> draws = Shared.Draws();
        Option<int> threads = Shared.Threads();
        Option<bool> json = Shared.Json();
        var command = new Command("adapt", Say(
            "Teach a model a text of yours by a small adapter beside it (LoRA). Ctrl-C or a kill loses at most two minutes: the same command goes on, to the same bits.",
            "Научить модель вашему тексту с помощью маленького адаптера рядом с ней (LoRA). Ctrl-C или сбой теряют не больше двух минут: та же команда продолжит и придёт к тем же битам."))
        {
            model, texts, output, rank, alpha, targets, part, minutes, steps, rate, batch, micro, context, weights, tokenizer, seed, checkpoint, test, restart, draws, threads, json,
        };
        command.Shows(Say(
            "dum adapt mymodel letters/ -o letters-adapter --minutes 10 --test held.txt\ndum adapt qwen2.5-0.5b.gguf notes.txt -o notes-adapter --rank 16 --targets q,v\ndum generate mymodel --adapter letters-adapter --prompt 'Dear'\ndum export mymodel --adapter letters-adapter -o merged",
            "dum adapt модель письма/ -o адаптер-писем --minutes 10 --test проверка.txt\ndum adapt qwen2.5-0.5b.gguf заметки.txt -o адаптер-заметок --rank 16 --targets q,v\ndum generate модель --adapter адаптер-писем --prompt 'Дорогой'\ndum export модель --adapter адаптер-писем -o вместе"));
        command.Does((parsed, cancel) =>
        {
            string folder = parsed.GetValue(output)!;
            if (folder.Length == 0 || File.Exists(folder))
                throw new DumException(Say($"-o takes the adapter's folder, '{folder}' is none", $"для -o нужна папка адаптера, а «{folder}» — нет"));
            if (OutputPath.Same(folder, LanguageModel.Resolve(parsed.GetValue(model)!)))
                throw new DumException(Say($"{folder} is the model itself: give the adapter a folder of its own with -o", $"{folder} — сама модель: дайте адаптеру свою папку через -o"));
            string? log = OutputPath.Draws(parsed.GetValue(draws), [.. parsed.GetValue(texts)!, .. parsed.GetValue(test) ?? [], .. new[] { parsed.GetValue(model), parsed.GetValue(tokenizer) }.OfType<string>()]);
            if (parsed.GetValue(threads) < 1)
                throw new DumException(Say("--threads must be at least 1", "--threads не меньше 1"));
            var adapter = new AdapterOptions
            {
                Rank = parsed.GetValue(rank),
                Alpha = parsed.GetValue(alpha),
                Targets = AdapterOptions.Kinds(parsed.GetValue(targets)!),
                Part = parsed.GetValue(part)! switch
                {
                    "both" => AdapterPart.Both,
                    "global" => AdapterPart.Global,
                    "local" => AdapterPart.Local,
                    string other => throw new DumException(Say($"--part {other}: give global, local or both", $"--part {other}: бывает global, local или both")),
                },
            };
            adapter.Validate();
            var options = new TrainingOptions
            {
                Minutes = parsed.GetValue(minutes),
                Steps = Shared.Steps(parsed.GetValue(steps)),
                Rate = parsed.GetValue(rate),
                BatchTokens = parsed.GetValue(batch),
                Context = parsed.GetValue(context),
                Optimiser = OptimiserKind.AdamW,
                // A small B is near the base already.
                Decay = 0,
                Seed = parsed.GetValue(seed),
                Threads = parsed.GetValue(threads),
                CheckpointSeconds = parsed.GetValue(checkpoint),
                Resume = !parsed.GetValue(restart),
            };
            options.Validate();
            var material = new TrainingMaterial(parsed.GetValue(texts)!, parsed.GetValue(test) ?? []);
            using LanguageModel loaded = LanguageModel.Open(parsed.GetValue(model)!, GenerateCommand.Format(parsed.GetValue(weights)), parsed.GetValue(tokenizer));
            options = options with { MicroTokens = parsed.GetValue(micro) > 0 ? parsed.GetValue(micro) : Math.Clamp(MostLogits / loaded.Vocabulary, 256, 4096) };
            options.Validate();
            Shard text = material.Text(loaded, cancel);
            Cli.Patience = 120_000;
            DrawRecorder? drawn = log is null ? null : new DrawRecorder();
            using var trainer = new Trainer(folder, loaded, text, adapter, options, drawn);
            AdapterView.Start(trainer, loaded, text, adapter, options);
            using var progress = new Progress(Say("adapting", "обучаю"));
            TrainingResult result;
            try
            {
                result = trainer.Run(material.Tests(loaded, cancel), new TrainingSteps(progress), cancel);
            }
            catch (OperationCanceledException)
            {
                progress.Dispose();
                Cli.Tell(Say("stopped; everything is saved: the same command goes on", "остановлено; всё сохранено: та же команда продолжит"));
                return Cli.Interrupted;
            }
            finally
            {
                Shared.Keep(drawn, log);
            }
            progress.Dispose();
            AdapterView.Finish(result, loaded, folder, parsed.GetValue(json), Console.Out);
            return Cli.Ok;
        });
        return command;
    }
}

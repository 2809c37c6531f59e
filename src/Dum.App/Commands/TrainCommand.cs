using System.CommandLine;
using Dum.App.Views;
using Dum.Lexicon;
using Dum.Numerics;
using Dum.Training;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum train</c>: text into a language model.</summary>
static class TrainCommand
{
    public static Command Create()
    {
        var defaults = new TrainingOptions();
        var texts = new Argument<string[]>("text") { Description = Say("texts, chats (JSON lines) and folders of them", "тексты, чаты (строки JSON) и папки с ними"), Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--output", "-o") { Description = Say("the model's folder", "папка модели"), HelpName = "MODEL", DefaultValueFactory = _ => "" };
        var lexicon = new Option<string?>("--lexicon") { Description = Say("the units (default: learned from the text, in the preset's size); 'default' for the one that ships with dum", "единицы (по умолчанию учатся по тексту, размер из набора); 'default' — тот, что идёт с dum"), HelpName = "FILE" };
        var preset = new Option<string>("--preset") { Description = Say($"the size, and with it everything else: {string.Join(", ", TrainingPreset.All.Select(p => p.Name))}", $"размер, а с ним всё остальное: {string.Join(", ", TrainingPreset.All.Select(p => p.Name))}"), DefaultValueFactory = _ => defaults.Preset, HelpName = "NAME" };
        var sizes = new Option<string>("--sizes") { Description = Say("single sizes other than the preset's, such as window=64,global.layers=6", "отдельные размеры не из набора, например window=64,global.layers=6"), HelpName = "NAME=N,…", DefaultValueFactory = _ => "" };
        var minutes = new Option<double>("--minutes") { Description = Say("how long to train; turned into a number of steps at the start", "сколько обучать; в начале переводится в число шагов"), DefaultValueFactory = _ => defaults.Minutes, HelpName = "N" };
        var steps = new Option<int?>("--steps") { Description = Say("how many steps, instead of minutes", "сколько шагов вместо минут"), HelpName = "N" };
        var rate = new Option<double>("--rate") { Description = Say("highest learning rate (default: the preset's)", "наибольшая скорость обучения (по умолчанию из набора)"), HelpName = "X" };
        var batch = new Option<int>("--batch") { Description = Say("tokens per step (default: the preset's)", "токенов за шаг (по умолчанию из набора)"), HelpName = "N" };
        var micro = new Option<int>("--micro-batch") { Description = Say("tokens computed at once; less takes less memory", "токенов за один проход; меньше — меньше памяти"), DefaultValueFactory = _ => defaults.MicroTokens, HelpName = "N" };
        var context = new Option<int>("--context") { Description = Say("positions per sequence (default: the preset's)", "позиций в последовательности (по умолчанию из набора)"), HelpName = "N" };
        var optimiser = new Option<string>("--optimiser") { Description = Say("muon or adamw", "muon или adamw"), DefaultValueFactory = _ => "muon", HelpName = "NAME" };
        var seed = new Option<ulong>("--seed") { Description = Say("all random draws follow from it", "от него зависят все случайные числа"), DefaultValueFactory = _ => defaults.Seed, HelpName = "N" };
        var checkpoint = new Option<double>("--checkpoint-seconds") { Description = Say("how often to save what a run goes on from", "как часто сохранять то, с чего обучение продолжится"), DefaultValueFactory = _ => defaults.CheckpointSeconds, HelpName = "N" };
        var test = new Option<string[]>("--test") { Description = Say("texts to measure at the end, in bits per byte; never trained on", "тексты для измерения в конце, бит на байт; на них не учатся"), HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
        var report = new Option<string?>("--report") { Description = Say("a page with curves and numbers", "страница с кривыми и числами"), HelpName = "FILE.html" };
        var restart = new Option<bool>("--restart") { Description = Say("begin again, whatever stands in the folder", "начать заново, что бы ни было в папке") };
        var profile = new Option<bool>("--profile") { Description = Say("only time the operations of some steps, beside this machine's limits", "только измерить операции нескольких шагов рядом с пределами машины") };
        Option<string?> draws = Shared.Draws();
        Option<int> threads = Shared.Threads();
        Option<bool> json = Shared.Json();
        var command = new Command("train", Say(
            "Train a language model on text, from scratch. Ctrl-C or a kill loses at most two minutes: the same command goes on, to the same bits.",
            "Обучить языковую модель на тексте с нуля. Ctrl-C или сбой теряют не больше двух минут: та же команда продолжит и придёт к тем же битам."))
        {
            texts, output, lexicon, preset, sizes, minutes, steps, rate, batch, micro, context, optimiser, seed, checkpoint, test, report, restart, profile, draws, threads, json,
        };
        command.Shows(Say(
            "dum train books/ chats.jsonl -o mymodel --minutes 30\ndum train books/ -o mymodel --preset 20m --minutes 600 --test held.txt --report curve.html\ndum train books/ --preset 3m --profile\ndum generate mymodel --prompt 'It was'",
            "dum train книги/ чаты.jsonl -o модель --minutes 30\ndum train книги/ -o модель --preset 20m --minutes 600 --test проверка.txt --report кривая.html\ndum train книги/ --preset 3m --profile\ndum generate модель --prompt 'Это был'"));
        command.Does((parsed, cancel) =>
        {
            string folder = parsed.GetValue(output)!;
            bool timing = parsed.GetValue(profile);
            if (folder.Length == 0 && !timing)
                throw new DumException(Say("give the model's folder with -o MODEL", "укажите папку модели: -o МОДЕЛЬ"));
            if (File.Exists(folder))
                throw new DumException(Say($"{folder} is a file: -o takes a folder", $"{folder} — файл: для -o нужна папка"));
            if (parsed.GetValue(threads) < 1)
                throw new DumException(Say("--threads must be at least 1", "--threads не меньше 1"));
            var options = new TrainingOptions
            {
                Preset = parsed.GetValue(preset)!,
                Sizes = parsed.GetValue(sizes)!,
                Minutes = parsed.GetValue(minutes),
                Steps = Shared.Steps(parsed.GetValue(steps)),
                Rate = parsed.GetValue(rate),
                BatchTokens = parsed.GetValue(batch),
                MicroTokens = parsed.GetValue(micro),
                Context = parsed.GetValue(context),
                Optimiser = parsed.GetValue(optimiser)!.ToUpperInvariant() switch
                {
                    "MUON" => OptimiserKind.Muon,
                    "ADAMW" => OptimiserKind.AdamW,
                    _ => throw new DumException(Say($"--optimiser {parsed.GetValue(optimiser)}: give muon or adamw", $"--optimiser {parsed.GetValue(optimiser)}: бывает muon или adamw")),
                },
                Seed = parsed.GetValue(seed),
                Threads = parsed.GetValue(threads),
                CheckpointSeconds = parsed.GetValue(checkpoint),
                Resume = !parsed.GetValue(restart),
            };
            options.Validate();
            string[] read = [.. parsed.GetValue(texts)!, .. parsed.GetValue(test) ?? [], .. new[] { parsed.GetValue(lexicon) }.OfType<string>()];
            string? log = OutputPath.Draws(parsed.GetValue(draws), read), page = OutputPath.Page(parsed.GetValue(report), log is null ? read : [.. read, log]);
            var material = new TrainingMaterial(parsed.GetValue(texts)!, parsed.GetValue(test) ?? []);
            LexiconFile units = material.Lexicon(parsed.GetValue(lexicon), folder, TrainingPreset.Of(options.Preset), options, cancel);
            Shard text = material.Text(units, cancel);
            if (timing)
                return TrainingProfile.Print(Trainer.Profile(units, text, options, steps: 5), options, Console.Out);
            // The step under way is dropped and the state saved, which takes longer for a large model.
            Cli.Patience = 120_000;
            DrawRecorder? drawn = log is null ? null : new DrawRecorder();
            using var trainer = new Trainer(folder, units, text, options, drawn);
            TrainingView.Start(trainer, units, text, options);
            using var progress = new Progress(Say("training", "обучаю"));
            TrainingResult result;
            try
            {
                result = trainer.Run(material.Tests(units, cancel), new TrainingSteps(progress), cancel);
            }
            catch (OperationCanceledException)
            {
                progress.Dispose();
                Cli.Tell(Say($"stopped; everything is saved: the same command goes on", "остановлено; всё сохранено: та же команда продолжит"));
                return Cli.Interrupted;
            }
            finally
            {
                Shared.Keep(drawn, log);
            }
            progress.Dispose();
            TrainingView.Finish(result, folder, parsed.GetValue(json), Console.Out);
            if (page is not null)
                TrainingPage.Write(page, result, folder);
            return Cli.Ok;
        });
        return command;
    }
}

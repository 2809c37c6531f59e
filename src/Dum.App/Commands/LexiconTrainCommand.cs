using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Dum.Lexicon;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum lexicon train</c>: text into a lexicon file.</summary>
static class LexiconTrainCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("path") { Description = Say("texts and folders of texts; PATH@3 lets every byte of PATH count three times", "тексты и папки текстов; ПУТЬ@3 — каждый байт считается трижды"), Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--output", "-o") { Description = Say("the lexicon file", "файл лексикона"), Required = true, HelpName = "FILE.dumlex" };
        var size = new Option<int>("--size") { Description = Say("entries, the 256 bytes among them (256 to 65536)", "число единиц вместе с 256 байтами (от 256 до 65536)"), DefaultValueFactory = _ => 32768, HelpName = "N" };
        var share = new Option<double>("--superwords") { Description = Say("share of merges that may join words", "доля слияний, которые могут соединять слова"), DefaultValueFactory = _ => new LexiconTrainingOptions().SuperwordShare, HelpName = "SHARE" };
        Option<bool> force = Shared.Force();
        Option<int> threads = Shared.Threads();
        var command = new Command("train", Say(
            "Learn a vocabulary of hyperwords and the statistics of the fold coder from text. Reads each text a few times; the result does not depend on the number of threads. Ctrl-C stops it and leaves nothing behind.",
            "Выучить по тексту словарь гиперслов и статистику кодера. Каждый текст читается несколько раз; результат не зависит от числа потоков. Ctrl-C останавливает, ничего не оставляя."))
        {
            paths, output, size, share, force, threads,
        };
        command.Shows(Say(
            "dum lexicon train books/ notes/@4 -o mine.dumlex --size 32768",
            "dum lexicon train книги/ заметки/@4 -o мой.dumlex --size 32768"));
        command.Does((parsed, cancel) =>
        {
            string to = parsed.GetValue(output)!;
            if (File.Exists(to) && !parsed.GetValue(force))
                throw new DumException(Say($"{to} exists: give --force to replace it or another name with -o", $"{to} уже есть: --force заменит, или дайте другое имя через -o"));
            using var progress = new Progress(Say("training", "обучаю"));
            var steps = new Steps(progress);
            List<LexiconSource> sources = [.. parsed.GetValue(paths)!.SelectMany(Collect)];
            if (sources.Sum(s => s.Length) == 0)
                throw new DumException(Say("there is no text in what was given: give files or folders with text", "в указанном нет текста: укажите файлы или папки с текстом"));
            var clock = Stopwatch.StartNew();
            LexiconFile lexicon = LexiconMaker.Make(sources, new LexiconTrainingOptions
            {
                Size = parsed.GetValue(size),
                SuperwordShare = parsed.GetValue(share),
                Threads = parsed.GetValue(threads),
            }, steps, cancel);
            lexicon.Save(to);
            progress.Dispose();
            using var me = Process.GetCurrentProcess();
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{to}: {lexicon.Vocabulary.Count} ") + Say(
                string.Create(CultureInfo.InvariantCulture, $"hyperwords, {lexicon.Bytes / 1e6:0.0} MB with statistics, id {lexicon.Id}; {clock.Elapsed.TotalSeconds:0} s, {me.TotalProcessorTime.TotalSeconds:0} CPU seconds, {me.PeakWorkingSet64 >> 20} MiB"),
                string.Create(CultureInfo.InvariantCulture, $"гиперслов, {lexicon.Bytes / 1e6:0.0} МБ со статистикой, id {lexicon.Id}; {clock.Elapsed.TotalSeconds:0} с, {me.TotalProcessorTime.TotalSeconds:0} с процессора, {me.PeakWorkingSet64 >> 20} МиБ")));
            return Cli.Ok;
        });
        return command;
    }

    /// <summary>The sources under a path; <c>PATH@WEIGHT</c> unless a file of that very name exists.</summary>
    static IEnumerable<LexiconSource> Collect(string path)
    {
        int at = path.LastIndexOf('@');
        if (at > 0 && !Path.Exists(path))
        {
            if (!double.TryParse(path[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out double weight) || weight is not (> 0 and <= 1000))
                throw new DumException(Say($"{path}: after @ goes a weight above 0 and up to 1000, such as notes@4", $"{path}: после @ нужен вес больше 0 и до 1000, например заметки@4"));
            return LexiconFiles.Collect([path[..at]], new Notices()).Select(s => s with { Weight = weight });
        }
        return LexiconFiles.Collect([path], new Notices());
    }

    /// <summary>What is left out is said for good, not drawn over by the next step.</summary>
    sealed class Notices : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => Cli.Tell(value.Detail);
    }

    /// <summary>Called on the trainer's own thread.</summary>
    sealed class Steps(Progress progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Step(value.Phase, value.Fraction, value.Detail);
    }
}

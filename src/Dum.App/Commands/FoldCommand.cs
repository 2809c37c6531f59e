using System.CommandLine;
using System.Diagnostics;
using Dum.App.Views;
using Dum.Folding;
using Dum.Folding.Deep;
using Dum.Lexicon;
using Dum.Models;
using Dum.Scenes;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum fold</c>: text into hyperwords and scenes, kept exactly and small.</summary>
static class FoldCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("path")
        {
            Description = Say("files and folders to fold; - for standard input", "файлы и папки; - для стандартного ввода"),
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string?>("--output", "-o") { Description = Say("the folded file (default: NAME.dum here; - for standard output)", "свёрнутый файл (по умолчанию ИМЯ.dum здесь; - для стандартного вывода)"), HelpName = "OUT.dum" };
        var append = new Option<bool>("--append") { Description = Say("add the documents to a folded file that exists", "добавить документы к готовому свёрнутому файлу") };
        Option<bool> force = Shared.Force();
        Option<string?> lexicon = Shared.Lexicon();
        Option<string?> model = Shared.Model(Say("let a language model drive the coder: smaller, but slow; a folder that 'dum train' made, or 'default'", "кодером правит языковая модель: меньше, но медленно; папка от 'dum train' или 'default'"));
        var tokenizers = new Option<string[]>("--tokenizer") { Description = Say("count the same text in another tokenizer's tokens too (a file or folder; may be repeated)", "сосчитать и токены другого токенизатора (файл или папка; можно несколько раз)"), HelpName = "FILE" };
        var report = new Option<string?>("--report") { Description = Say("write a page that shows the text with its hyperwords and scenes", "записать страницу: текст с его гиперсловами и сценами"), HelpName = "OUT.html" };
        var tags = new Option<string?>("--tags") { Description = Say("write beside the archive the hypersymbols of its texts, by byte and scene of the atlas' model (OUT.dum.tags.jsonl)", "записать рядом с архивом гиперсимволы его текстов, по байтам и сценам модели атласа (ВЫХОД.dum.tags.jsonl)"), HelpName = "ATLAS" };
        var tagsModel = new Option<string?>("--tags-model") { Description = Say("the model that the atlas was made with (default: that of --model, else 'default')", "модель, с которой сделан атлас (по умолчанию из --model, иначе 'default')"), HelpName = "MODEL" };
        var fixedScenes = new Option<int?>("--fixed-scenes") { Description = Say("scenes of exactly N hyperwords instead of clauses", "сцены ровно по N гиперслов вместо клауз"), HelpName = "N" };
        var block = new Option<int?>("--block-kb") { Description = Say("KiB of text per block, the unit of random access (default: 1024, with --model 4096)", "КиБ текста в блоке, единице доступа (по умолчанию 1024, с --model 4096)"), HelpName = "N" };
        var peers = new Option<bool>("--peers") { Description = Say("compress with xz and zstd too, even when the text is large", "сжать и xz, и zstd, даже если текст велик") };
        var rhythm = new Option<bool>("--rhythm") { Description = Say("one file through the byte predictor of 'dum rhythm bytes': often smaller, slow, no scenes (OUT.dumbyte)", "один файл через предсказатель байтов 'dum rhythm bytes': часто меньше, медленно, без сцен (ВЫХОД.dumbyte)") };
        Option<int> threads = Shared.Threads();
        Option<bool> json = Shared.Json();
        var command = new Command("fold", Say(
            "Fold text (or any bytes) into hyperwords and scenes: small, exact, readable by scene. The result is unfolded and compared before dum says that it is done.",
            "Свернуть текст (или любые байты) в гиперслова и сцены: мало места, точно, доступ по сценам. Результат разворачивается и сверяется прежде, чем dum скажет «готово»."))
        {
            paths, output, append, force, lexicon, model, tokenizers, report, tags, tagsModel, fixedScenes, block, peers, rhythm, threads, json,
        };
        command.Shows(Say(
            "dum fold book.txt\ndum fold notes/ letters.txt -o archive.dum --report fold.html\ndum fold new.txt -o archive.dum --append\ndum fold book.txt --model default\ndum fold - < in.txt > out.dum",
            "dum fold книга.txt\ndum fold заметки/ письма.txt -o архив.dum --report свёртка.html\ndum fold новое.txt -o архив.dum --append\ndum fold книга.txt --model default\ndum fold - < in.txt > out.dum"));
        command.Does((parsed, cancel) =>
        {
            if (parsed.GetValue(threads) < 1)
                throw new DumException(Say("--threads must be at least 1", "--threads не меньше 1"));
            if (parsed.GetValue(rhythm))
                return RhythmFold.Fold(parsed.GetValue(paths)!, parsed.GetValue(output), parsed.GetValue(force),
                    ((Option[])[append, lexicon, model, tokenizers, report, tags, fixedScenes, block, peers, json]).Where(o => parsed.GetResult(o) is { Implicit: false }), cancel);
            using DeepModel? deep = parsed.GetValue(model) is { } chosen ? DeepModel.Open(chosen, parsed.GetValue(threads)) : null;
            var options = new FoldOptions
            {
                BlockBytes = parsed.GetValue(block) is { } kib ? BlockBytes(kib) : deep is null ? new FoldOptions().BlockBytes : FoldOptions.DeepBlockBytes,
                Threads = parsed.GetValue(threads),
                Rule = parsed.GetValue(fixedScenes) is { } n ? Fixed(n) : SceneRule.Default,
                Model = deep,
            };
            LexiconFile words = deep is null ? Shared.Load(parsed.GetValue(lexicon)) : LexiconOf(deep, parsed.GetValue(lexicon));
            string[] from = parsed.GetValue(paths)!;
            if (parsed.GetValue(tagsModel) is not null && parsed.GetValue(tags) is null)
                throw new DumException(Say("--tags-model goes with --tags ATLAS", "--tags-model нужен вместе с --tags АТЛАС"));
            string? to = parsed.GetValue(output);
            if (from is ["-"] && parsed.GetValue(report) is not null)
                throw new DumException(Say("a report is drawn from files: fold a file instead of standard input (-)", "отчёт рисуется по файлам: сверните файл вместо стандартного ввода (-)"));
            if (from is ["-"] && parsed.GetValue(tags) is not null)
                throw new DumException(Say("tags are made from files: fold a file instead of standard input (-)", "метки делаются по файлам: сверните файл вместо стандартного ввода (-)"));
            if (from is ["-"] && to is null or "-")
                return Pipe(words, options, cancel);
            if (from.Contains("-") && from.Length > 1)
                throw new DumException(Say("standard input (-) is folded alone: leave out the other paths", "стандартный ввод (-) сворачивается один: уберите другие пути"));
            using FoldTags? tagged = parsed.GetValue(tags) is { } atlas ? new FoldTags(atlas, parsed.GetValue(tagsModel) ?? parsed.GetValue(model) ?? LanguageModel.DefaultName, parsed.GetValue(threads)) : null;
            return Files(from, to, parsed.GetValue(append), parsed.GetValue(force), words, options,
                new FoldExtras([.. (parsed.GetValue(tokenizers) ?? []).Select(LexiconCompareCommand.LoadTokenizer)], parsed.GetValue(report), parsed.GetValue(peers), parsed.GetValue(json)), tagged, cancel);
        });
        return command;
    }

    static int Files(string[] paths, string? to, bool append, bool force, LexiconFile words, FoldOptions options, FoldExtras extras, FoldTags? tags, CancellationToken cancel)
    {
        bool piped = paths is [FoldInput.StandardInput];
        if (piped && extras.Tokenizers.Count > 0)
            throw new DumException(Say("--tokenizer reads the text a second time: fold a file instead of standard input (-)", "--tokenizer читает текст второй раз: сверните файл вместо стандартного ввода (-)"));
        List<FoldInput> inputs = piped ? [new FoldInput(FoldInput.StandardInput, Piped(), 0)] : FoldInput.Gather(paths, Cli.Tell);
        if (to == "-")
            throw new DumException(Say("files fold into a file: give its name with -o, or use 'dum fold - < in > out'", "файлы сворачиваются в файл: дайте имя через -o или 'dum fold - < in > out'"));
        to ??= Path.GetFileName(Path.GetFullPath(paths[0]).TrimEnd(Path.DirectorySeparatorChar)) + ".dum";
        if (File.Exists(to) && !append && !force)
            throw new DumException(Say($"{to} exists: give --force to replace it, --append to add to it, or another name with -o", $"{to} уже есть: --force заменит, --append добавит, или дайте другое имя через -o"));
        string beside = FoldTags.Beside(to);
        if (tags is not null && File.Exists(beside) && !append && !force)
            throw new DumException(Say($"{beside} exists: give --force to replace it, or another name with -o", $"{beside} уже есть: --force заменит, или дайте другое имя через -o"));
        if (Directory.Exists(beside))
            throw new DumException(Say($"{beside} is a folder: the tags would go there; give another name with -o", $"{beside} — папка, а там нужны метки: дайте другое имя через -o"));
        if (!piped && inputs.Any(i => OutputPath.Same(i.Path, to)))
            throw new DumException(Say($"{to} is among the files to fold: give another name with -o", $"{to} среди сворачиваемых: дайте другое имя через -o"));
        OutputPath.Page(extras.Report, [to, .. inputs.Select(i => i.Path)]);

        var clock = Stopwatch.StartNew();
        long all = inputs.Sum(i => i.Bytes);
        using var progress = new Progress(Say("folding", "сворачиваю"));
        (List<FoldedDocument> documents, long size, DeepScore? score) = FoldJob.Fold(inputs, to, append, words, options, bytes => progress.Bytes(bytes, all), cancel);
        double seconds = clock.Elapsed.TotalSeconds;
        progress.Dispose();
        FoldSummary summary = FoldSummary.Of(to, documents, size, append, seconds, options, words, score);
        if (!extras.Json)
            FoldView.Print(summary, Console.Out);
        if (tags is not null)
            Tag(tags, to, append, inputs, cancel);
        else if (File.Exists(beside))
            Cli.Tell(Say($"{beside} does not hold what was folded now: fold with --tags again, or delete it", $"в {beside} нет свёрнутого сейчас: сверните снова с --tags или удалите его"));
        if (!piped)
            summary = extras.Complete(summary, inputs, words, options, cancel);
        if (extras.Json)
            Console.Out.WriteLine(summary.ToJson());
        else
            FoldView.PrintBeside(summary, Console.Out);
        return Cli.Ok;
    }

    static void Tag(FoldTags tags, string to, bool append, List<FoldInput> inputs, CancellationToken cancel)
    {
        long all = inputs.Sum(i => i.Bytes);
        using var progress = new Progress(Say("tagging", "помечаю"));
        tags.Write(to, append, inputs, bytes => progress.Bytes(bytes, all), cancel);
    }

    /// <summary>Standard input to standard output; what people read goes to standard error.</summary>
    static int Pipe(LexiconFile words, FoldOptions options, CancellationToken cancel)
    {
        if (!Console.IsOutputRedirected)
            throw new DumException(Say("a folded file is no text for a terminal: redirect it (> out.dum) or give -o", "свёрнутый файл — не текст для терминала: перенаправьте (> out.dum) или дайте -o"));
        using Stream input = Console.OpenStandardInput(), output = StandardOutput.Open();
        using var progress = new Progress(Say("folding", "сворачиваю"));
        var writer = new FoldWriter(output, words, options);
        writer.Coded = bytes => progress.Bytes(bytes, 0);
        FoldedDocument done = writer.Add(Piped(), input, options.Model is null ? writer.Coded : null, cancel);
        writer.Finish(cancel);
        progress.Dispose();
        if (writer.Score is { IsStrange: true } score)
            Cli.Tell(FoldView.Strange(score));
        Cli.Tell(Say(
            $"{done.Bytes} bytes, {done.Hyperwords} hyperwords, {done.Scenes} scenes, folded to {writer.Written} bytes; every block was unfolded and compared",
            $"{done.Bytes} байт, {done.Hyperwords} гиперслов, {done.Scenes} сцен, свёрнуто в {writer.Written} байт; каждый блок развёрнут и сверен"));
        return Cli.Ok;
    }

    /// <summary>A model brings its lexicon along; another one would have other units.</summary>
    static LexiconFile LexiconOf(DeepModel model, string? path) => path is null || LexiconFile.Load(path).Id == model.Lexicon.Id ? model.Lexicon : throw new DumException(Say(
        $"{path} is not the lexicon of the model '{model.Name}': leave out --lexicon, a model brings its own", $"{path} — не лексикон модели «{model.Name}»: уберите --lexicon, у модели свой"));

    static int BlockBytes(int kib) => kib is >= 4 and <= 65536 ? kib * 1024 : throw new DumException(Say(
        $"--block-kb {kib}: give 4 to 65536 KiB", $"--block-kb {kib}: нужно от 4 до 65536 КиБ"));

    static SceneRule Fixed(int length) => length is >= 1 and <= 255 ? SceneRule.Fixed(length) : throw new DumException(Say(
        $"--fixed-scenes {length}: give 1 to 255 hyperwords", $"--fixed-scenes {length}: нужно от 1 до 255 гиперслов"));

    static FoldedDocument Piped() => new() { Name = "", Modified = DateTimeOffset.UtcNow };
}

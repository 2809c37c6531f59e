using System.CommandLine;
using System.Diagnostics;
using Dum.App.Views;
using Dum.Folding;
using Dum.Folding.Deep;
using Dum.Models;
using Dum.Rhythm.Bytes;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum unfold</c>: back to the original bytes, whole or by scene.</summary>
static class UnfoldCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = Say("a folded file; - for standard input", "свёрнутый файл; - для стандартного ввода") };
        var output = new Option<string?>("--output", "-o") { Description = Say("folder to unfold into (default: here); - for standard output", "папка для развёртки (по умолчанию текущая); - для стандартного вывода"), HelpName = "DIR" };
        var force = new Option<bool>("--force") { Description = Say("replace files that exist", "заменять существующие файлы") };
        var list = new Option<bool>("--list") { Description = Say("show what is inside, unfold nothing", "показать содержимое, ничего не разворачивать") };
        var check = new Option<bool>("--check") { Description = Say("check everything, unfold nothing", "проверить всё, ничего не разворачивать") };
        var document = new Option<string?>("--document") { Description = Say("only this document", "только этот документ"), HelpName = "NAME" };
        var scene = new Option<string?>("--scene") { Description = Say("print only scene N, or scenes N-M (from 0); reads only their blocks", "вывести сцену N или сцены N-M (с 0); читаются только их блоки"), HelpName = "N[-M]" };
        Option<string?> lexicon = Shared.Lexicon();
        Option<string?> model = Shared.Model(Say("the model that a deep file was folded with (default: the one it names, here or among those that ship with dum)", "модель, которой свёрнут файл (по умолчанию та, что в нём названа: здесь или среди поставляемых с dum)"));
        Option<int> threads = Shared.Threads();
        Option<bool> json = Shared.Json();
        var command = new Command("unfold", Say(
            "Unfold a folded file: the same bytes, names and times, or some scenes of it.",
            "Развернуть свёрнутый файл: те же байты, имена и времена, или только некоторые сцены."))
        {
            file, output, force, list, check, document, scene, lexicon, model, threads, json,
        };
        command.Shows(Say(
            "dum unfold archive.dum -o there\ndum unfold archive.dum --list\ndum unfold archive.dum --document notes/a.txt --scene 100-104\ndum unfold - < out.dum > in.txt",
            "dum unfold архив.dum -o туда\ndum unfold архив.dum --list\ndum unfold архив.dum --document заметки/a.txt --scene 100-104\ndum unfold - < out.dum > in.txt"));
        command.Does((parsed, cancel) =>
        {
            string name = parsed.GetValue(file)!;
            if (Directory.Exists(name))
                throw new DumException(Say($"{name} is a folder: give a folded file", $"{name} — папка: укажите свёрнутый файл"));
            if (parsed.GetValue(output) is { } place && place != "-" && File.Exists(place))
                throw new DumException(Say($"{place} is a file: -o takes the folder to unfold into", $"{place} — файл: для -o нужна папка, куда развернуть"));
            using FileStream stream = Open(name);
            if (parsed.GetValue(threads) < 1)
                throw new DumException(Say("--threads must be at least 1", "--threads не меньше 1"));
            if (ByteFold.Is(stream))
            {
                if (((Option[])[document, scene, lexicon, model, json]).FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } foreign)
                    throw new DumException(Say($"{name} was folded with --rhythm: leave out {foreign.Name}", $"{name} свёрнут с --rhythm: уберите {foreign.Name}"));
                return RhythmFold.Unfold(stream, name, parsed.GetValue(output), parsed.GetValue(force), parsed.GetValue(list), parsed.GetValue(check), cancel);
            }
            string shown = name == "-" ? Say("standard input", "стандартный ввод") : name;
            using DeepModel? deep = parsed.GetValue(list) ? null : ModelOf(stream, shown, parsed.GetValue(model), parsed.GetValue(threads));
            var reader = new FoldReader(stream, shown, deep?.Lexicon ?? Shared.Load(parsed.GetValue(lexicon)), parsed.GetValue(threads), deep);
            if (!parsed.GetValue(list))
                reader.RequireLexicon();
            foreach (string damage in reader.Damages)
                Cli.Tell(damage);
            IReadOnlyList<FoldedDocument> documents = Choose(reader, parsed.GetValue(document));
            string? to = parsed.GetValue(output);
            if (parsed.GetValue(list))
                FoldView.List(reader, documents, parsed.GetValue(json), Console.Out);
            else if (parsed.GetValue(check))
                return Check(reader, documents, cancel);
            else if (parsed.GetValue(scene) is { } range)
                Scenes(reader, documents, range, cancel);
            else if (to == "-" || (name == "-" && to is null))
                Print(reader, documents, cancel);
            else
                return Files(reader, documents, to ?? ".", parsed.GetValue(force), cancel);
            return reader.Damages.Count > 0 ? Cli.BadInput : Cli.Ok;
        });
        return command;
    }

    /// <summary>The model that a file needs: as it was named, else one of that name here, else the default.</summary>
    /// <returns>Null when the file needs none.</returns>
    static DeepModel? ModelOf(Stream stream, string shown, string? given, int threads)
    {
        if (FoldReader.ModelNeeded(stream, shown) is not { } needed)
            return given is null ? null : throw new DumException(Say($"{shown} was folded without a model: leave out --model", $"{shown} свёрнут без модели: уберите --model"));
        // What a file says is a name and never a way to somewhere else.
        string named = needed.Length > 0 && needed == Path.GetFileName(needed) && needed is not ("." or "..") && Directory.Exists(needed) ? needed : LanguageModel.DefaultName;
        if (given is null && needed != LanguageModel.DefaultName && named != needed)
            throw new DumException(Say(
                $"{shown} was folded with the model '{needed}', which is not here: give its folder with --model", $"{shown} свёрнут моделью «{needed}», а её здесь нет: укажите её папку через --model"))
            { ExitCode = Cli.Missing };
        return DeepModel.Open(given ?? named, threads);
    }

    static int Files(FoldReader reader, IReadOnlyList<FoldedDocument> documents, string folder, bool force, CancellationToken cancel)
    {
        if (documents.Any(d => d.Name.Length == 0))
            throw new DumException(Say("this file came from a pipe and has no name: unfold it to standard output with -o -", "этот файл из канала и без имени: разверните его в стандартный вывод через -o -"));
        long all = documents.Sum(d => d.Bytes);
        var clock = Stopwatch.StartNew();
        using var progress = new Progress(Say("unfolding", "разворачиваю"));
        List<string> faults = FoldJob.Unfold(reader, documents, folder, force, bytes => progress.Bytes(bytes, all), cancel);
        progress.Dispose();
        foreach (string fault in faults)
            Cli.Tell(fault);
        int whole = documents.Count - faults.Count;
        bool lost = faults.Count > 0 || reader.Damages.Count > 0;
        string kept = faults.Count > 0 ? "" : Say($", {all:N0} bytes", $", {all:N0} байт");
        Console.Error.WriteLine(Say(
            $"{whole} {(whole == 1 ? "document" : "documents")} unfolded into {Path.GetFullPath(folder)}{kept}, each checked by its SHA-256, {clock.Elapsed.TotalSeconds:0.0} s{(lost ? "; what is damaged is named above" : "")}",
            $"развёрнуто документов: {whole}, в {Path.GetFullPath(folder)}{kept}, каждый сверен по SHA-256, {clock.Elapsed.TotalSeconds:0.0} с{(lost ? "; повреждённое названо выше" : "")}"));
        return faults.Count > 0 || reader.Damages.Count > 0 ? Cli.BadInput : Cli.Ok;
    }

    /// <summary>Decodes everything and compares hashes, without writing.</summary>
    static int Check(FoldReader reader, IReadOnlyList<FoldedDocument> documents, CancellationToken cancel)
    {
        int faults = reader.Damages.Count;
        using var progress = new Progress(Say("checking", "проверяю"));
        long all = documents.Sum(d => d.Bytes), done = 0;
        foreach (FoldedDocument document in documents)
        {
            try
            {
                reader.Unfold(document, Stream.Null, bytes => progress.Bytes(done + bytes, all), cancel);
            }
            catch (DumException e)
            {
                progress.Dispose();
                Cli.Tell(e.Message);
                faults++;
            }
            done += document.Bytes;
        }
        progress.Dispose();
        Console.Out.WriteLine(faults == 0
            ? Say($"whole: {documents.Count} documents, {all:N0} bytes, every SHA-256 agrees", $"цело: документов {documents.Count}, байт {all:N0}, все SHA-256 сходятся")
            : Say($"damaged in {faults} places", $"повреждено в {faults} местах"));
        return faults == 0 ? Cli.Ok : Cli.BadInput;
    }

    static void Print(FoldReader reader, IReadOnlyList<FoldedDocument> documents, CancellationToken cancel)
    {
        using Stream output = StandardOutput.Open();
        foreach (FoldedDocument document in documents.Where(d => d.Kind == DocumentKind.File))
            reader.Unfold(document, output, null, cancel);
    }

    static void Scenes(FoldReader reader, IReadOnlyList<FoldedDocument> documents, string range, CancellationToken cancel)
    {
        if (documents.Count != 1)
            throw new DumException(Say($"there are {documents.Count} documents: choose one with --document", $"документов {documents.Count}: выберите один через --document"));
        string[] ends = range.Split('-');
        if (ends.Length > 2 || !long.TryParse(ends[0], out long first) || !long.TryParse(ends[^1], out long last) || last < first)
            throw new DumException(Say($"--scene '{range}': give a number such as 7, or a range such as 7-12", $"--scene «{range}»: дайте число, например 7, или промежуток, например 7-12"));
        using Stream output = StandardOutput.Open();
        reader.UnfoldScenes(documents[0], first, last - first + 1, output, cancel);
    }

    static IReadOnlyList<FoldedDocument> Choose(FoldReader reader, string? name)
    {
        if (name is null)
            return reader.Documents;
        List<FoldedDocument> found = [.. reader.Documents.Where(d => d.Name == name)];
        return found.Count > 0 ? found : throw new DumException(Say(
            $"there is no document '{name}': see 'dum unfold FILE --list'", $"документа «{name}» нет: смотрите 'dum unfold ФАЙЛ --list'"));
    }

    static FileStream Open(string name)
    {
        if (name != "-")
            return Shared.Open(name, FileShare.Read);
        // The directory is at the end: a pipe is put into a file that vanishes with this process.
        var spool = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        using Stream input = Console.OpenStandardInput();
        input.CopyTo(spool);
        return spool;
    }
}

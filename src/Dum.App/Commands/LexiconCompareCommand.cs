using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dum.Files;
using Dum.Lexicon.Foreign;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum lexicon compare FILE… [--tokenizer T]… [--lexicon L] [--json]</c>: units and bytes per unit, side by side.</summary>
static class LexiconCompareCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("file")
        {
            Description = Say("texts, or folders of texts", "тексты или папки с текстами"),
            Arity = ArgumentArity.OneOrMore,
        };
        var tokenizers = new Option<string[]>("--tokenizer", "-t")
        {
            Description = Say(
                $"a tokenizer's file or folder: tiktoken ranks, vocab.json with merges.txt, tokenizer.json, SentencePiece .model, GGUF. Where its name does not say how it cuts text, add =RULE ({PreTokenizer.Names})",
                $"файл или папка токенизатора: ранги tiktoken, vocab.json с merges.txt, tokenizer.json, SentencePiece .model, GGUF. Если из имени не ясно, как он режет текст, добавьте =ПРАВИЛО ({PreTokenizer.Names})"),
            HelpName = "T",
        };
        Option<string?> lexicon = Shared.Lexicon();
        Option<bool> json = Shared.Json();
        var command = new Command("compare", Say(
            "Count texts in units of several tokenizers, e.g. dum lexicon compare book.txt -t o200k_base.tiktoken -t gpt2/",
            "Сосчитать тексты в единицах нескольких токенизаторов, например: dum lexicon compare книга.txt -t o200k_base.tiktoken -t gpt2/"))
        {
            files, tokenizers, lexicon, json,
        };
        command.Does((parsed, cancel) => Run(parsed.GetValue(files)!, parsed.GetValue(tokenizers) ?? [], parsed.GetValue(lexicon), parsed.GetValue(json), cancel));
        return command;
    }

    static int Run(string[] paths, string[] names, string? lexicon, bool json, CancellationToken cancel)
    {
        List<string> files = TextFiles(paths);
        var tokenizers = new List<ForeignTokenizer>();
        using var progress = new Progress(Say("compare", "сравнение"));
        if (Own(lexicon, isNeeded: names.Length == 0) is { } own)
            tokenizers.Add(own);
        for (int i = 0; i < names.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            progress.Step(Say("reading", "чтение"), (double)i / names.Length, names[i]);
            tokenizers.Add(LoadTokenizer(names[i]));
        }
        var results = new List<(string File, IReadOnlyList<TokenizerResult> Rows)>();
        foreach (string file in files)
        {
            progress.Step(Say("counting", "подсчёт"), (double)results.Count / files.Count, file);
            byte[] bytes = File.ReadAllBytes(file);
            results.Add((file, TokenizerComparison.Compare(tokenizers, TokenizerComparison.Documents(bytes), cancel)));
        }
        progress.Dispose();
        if (json)
            PrintJson(results);
        else
            foreach ((string file, IReadOnlyList<TokenizerResult> rows) in results.Count > 1 ? results.Append(Total(results)) : results)
                PrintTable(file, rows);
        return Cli.Ok;
    }

    /// <summary>Our own lexicon, with which the others are compared; null where the program has none and others are named.</summary>
    static ForeignTokenizer? Own(string? lexicon, bool isNeeded)
    {
        try
        {
            string name = lexicon is null ? "dum" : Path.GetFileNameWithoutExtension(lexicon);
            return ForeignTokenizer.From(Shared.Load(lexicon).Vocabulary, name);
        }
        catch (DumException e) when (e.ExitCode == Cli.Missing && lexicon is null && !isNeeded)
        {
            return null;
        }
    }

    public static ForeignTokenizer LoadTokenizer(string name)
    {
        int equals = name.LastIndexOf('=');
        return equals < 0 || Path.Exists(name)
            ? ForeignTokenizer.Load(name)
            : ForeignTokenizer.Load(name[..equals], PreTokenizer.Find(name[(equals + 1)..]));
    }

    static List<string> TextFiles(string[] paths)
    {
        var files = new List<string>();
        foreach (string path in paths)
        {
            if (FileTree.Find(path) is DirectoryInfo)
                files.AddRange(Directory.EnumerateFiles(path, "*", new EnumerationOptions
                {
                    RecurseSubdirectories = true,
                    AttributesToSkip = FileAttributes.ReparsePoint, // a link may lead back up
                }).Order(StringComparer.Ordinal));
            else
                files.Add(path);
        }
        return files.Count > 0 ? files : throw new DumException(Say("the folder holds no files", "в папке нет файлов"));
    }

    static (string, IReadOnlyList<TokenizerResult>) Total(List<(string File, IReadOnlyList<TokenizerResult> Rows)> results)
    {
        var rows = new List<TokenizerResult>();
        for (int i = 0; i < results[0].Rows.Count; i++)
        {
            long bytes = results.Sum(r => r.Rows[i].Bytes), units = results.Sum(r => r.Rows[i].Units);
            double relative = rows.Count == 0 || rows[0].Units == 0 ? 1 : (double)units / rows[0].Units;
            rows.Add(new(results[0].Rows[i].Name, results[0].Rows[i].Entries, bytes, units, relative, results.Sum(r => r.Rows[i].Seconds)));
        }
        return (Say($"all {results.Count} texts", $"все тексты, {results.Count}"), rows);
    }

    static void PrintTable(string file, IReadOnlyList<TokenizerResult> rows)
    {
        CultureInfo plain = CultureInfo.InvariantCulture;
        string[] head = IsRussian
            ? ["токенизатор", "записей", "единиц", "байт/ед.", "к первому", "МБ/с"]
            : ["tokenizer", "entries", "units", "bytes/unit", "to first", "MB/s"];
        int width = Math.Max(head[0].Length, rows.Max(row => row.Name.Length));
        Console.Out.WriteLine($"{file}  {rows[0].Bytes.ToString(plain)} {Say("bytes", "байт")}");
        Console.Out.WriteLine(string.Create(plain, $"  {head[0].PadRight(width)} {head[1],9} {head[2],11} {head[3],10} {head[4],9} {head[5],7}"));
        foreach (TokenizerResult row in rows)
            Console.Out.WriteLine(string.Create(plain,
                $"  {row.Name.PadRight(width)} {row.Entries,9} {row.Units,11} {row.BytesPerUnit,10:F3} {row.Relative,9:F3} {row.MegabytesPerSecond,7:F1}"));
    }

    static void PrintJson(List<(string File, IReadOnlyList<TokenizerResult> Rows)> results)
    {
        using Stream output = StandardOutput.Open();
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        writer.WriteStartArray();
        foreach ((string file, IReadOnlyList<TokenizerResult> rows) in results)
        {
            writer.WriteStartObject();
            writer.WriteString("file", file);
            writer.WriteNumber("bytes", rows[0].Bytes);
            writer.WriteStartArray("tokenizers");
            foreach (TokenizerResult row in rows)
            {
                writer.WriteStartObject();
                writer.WriteString("name", row.Name);
                writer.WriteNumber("entries", row.Entries);
                writer.WriteNumber("units", row.Units);
                writer.WriteNumber("bytesPerUnit", row.BytesPerUnit);
                writer.WriteNumber("relativeToFirst", row.Relative);
                writer.WriteNumber("megabytesPerSecond", row.MegabytesPerSecond);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.Flush();
        output.WriteByte((byte)'\n');
    }
}

using System.CommandLine;
using System.Diagnostics;
using Dum.App.Views.Memory;
using Dum.Mind;
using Dum.Mind.Import;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum import</c>: chats, notes and letters into a memory.</summary>
static class ImportCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("path") { Description = Say("files, folders and zip archives", "файлы, папки и архивы zip"), Arity = ArgumentArity.OneOrMore };
        Option<string> memory = MemoryOptions.Folder();
        var gaps = new Option<bool>("--unknown") { Description = Say("list every place that was not understood", "перечислить все непонятые места") };
        Option<bool> json = Shared.Json();
        var command = new Command("import", Say(
            "Import chats, notes and letters into a memory: ChatGPT and Claude exports, Nexus notes, Markdown, text, JSONL, mbox. The same thing twice adds nothing.",
            "Импортировать беседы, заметки и письма в память: экспорты ChatGPT и Claude, заметки Nexus, Markdown, текст, JSONL, mbox. Повторный импорт ничего не добавляет."))
        {
            paths, memory, gaps, json,
        };
        command.Shows(Say("dum import conversations.json\ndum import export.zip notes/ mail.mbox --memory ~/mind", "dum import conversations.json\ndum import экспорт.zip заметки/ почта.mbox --memory ~/память"));
        command.Does((parsed, cancel) =>
        {
            string folder = parsed.GetValue(memory)!;
            string[] from = parsed.GetValue(paths)!;
            ImportJob.Find(from);
            var clock = Stopwatch.StartNew();
            using MindMemory mind = MindMemory.Open(folder, create: true);
            ImportReport report;
            using (var progress = new Progress(Say("importing", "импортирую")))
                report = mind.Import(from, bytes => progress.Bytes(bytes, 0), cancel);
            if (parsed.GetValue(json))
                Console.Out.WriteLine(MemoryJson.Of(report));
            else
                MemoryView.Print(report, clock.Elapsed.TotalSeconds, parsed.GetValue(gaps), Console.Out);
            return report.IsNothing ? Cli.Negative : Cli.Ok;
        });
        return command;
    }
}

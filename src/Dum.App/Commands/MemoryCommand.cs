using System.CommandLine;
using System.Globalization;
using System.Text;
using Dum.App.Views.Memory;
using Dum.Files;
using Dum.Mind;
using Dum.Mind.Recall;
using Dum.Mind.Store;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum memory</c>: what is in it, forgetting, exporting, compacting.</summary>
static class MemoryCommand
{
    public static Command Create() => new("memory", Say("Look into a memory, check, repair, forget, export, compact.", "Заглянуть в память, проверить, починить, забыть, выгрузить, уплотнить."))
    {
        Show(), Check(), RepairCommand.Create(), Forget(), Export(), Compact(), WordsCommand.Create(),
    };

    static Command Show()
    {
        Option<string> memory = MemoryOptions.Folder();
        var report = new Option<string?>("--report") { HelpName = "OUT.html", Description = Say("write a timeline that opens down to the words", "записать ленту времени, раскрывающуюся до слов") };
        Option<bool> json = Shared.Json();
        var command = new Command("show", Say("What is in a memory, by time.", "Что в памяти, по времени.")) { memory, report, json };
        command.Does((parsed, cancel) =>
        {
            string? page = OutputPath.Page(parsed.GetValue(report), []);
            using MindMemory mind = MindMemory.Open(parsed.GetValue(memory)!);
            if (page is { } path)
            {
                SafeFile.Write(path, stream => TimelinePage.Write(mind, stream, cancel));
                Cli.Tell(Say($"written: {path}", $"записано: {path}"));
                return Cli.Ok;
            }
            Overview look = mind.Look();
            if (parsed.GetValue(json))
                Console.Out.WriteLine(MemoryJson.Of(look));
            else
                MemoryView.Print(look, Console.Out);
            return Cli.Ok;
        });
        return command;
    }

    static Command Check()
    {
        Option<string> memory = MemoryOptions.Folder();
        var command = new Command("check", Say("Put every imported file together again and compare its SHA-256; open the words of every conversation.", "Собрать каждый импортированный файл заново и сверить его SHA-256; открыть слова каждой беседы.")) { memory };
        command.Does((parsed, cancel) =>
        {
            using MindMemory mind = MindMemory.Open(parsed.GetValue(memory)!);
            CheckReport found;
            using (var progress = new Progress(Say("checking", "проверяю")))
                found = mind.Check((step, share) => progress.Step(step, share, ""), cancel);
            MemoryView.Print(found, parsed.GetValue(memory)!, Console.Out);
            return found.IsSound ? Cli.Ok : Cli.Negative;
        });
        return command;
    }

    static Command Forget()
    {
        var ids = new Argument<string[]>("id") { Description = Say("12 a conversation, 12.34 a turn, 12.34-40 a scene or episode, 2024-06 a month", "12 беседа, 12.34 реплика, 12.34-40 сцена или эпизод, 2024-06 месяц"), Arity = ArgumentArity.OneOrMore };
        Option<string> memory = MemoryOptions.Folder();
        var sure = new Option<bool>("--yes") { Description = Say("do it: this cannot be undone", "сделать: этого не отменить") };
        var command = new Command("forget", Say("Forget for good: words, originals and index.", "Забыть навсегда: слова, подлинники и указатель.")) { ids, memory, sure };
        command.Does((parsed, cancel) =>
        {
            string[] gone = parsed.GetValue(ids)!;
            using MindMemory mind = MindMemory.Open(parsed.GetValue(memory)!);
            int count = gone.Sum(id => mind.Expand(id).Turns.Count);
            if (!parsed.GetValue(sure))
                throw new DumException(Say($"{count} turns would be gone for good: add --yes", $"навсегда пропадёт реплик: {count}; добавьте --yes"));
            long turns = mind.Forget(gone, cancel);
            Cli.Tell(Say($"forgotten: {turns} turns", $"забыто реплик: {turns}"));
            return Cli.Ok;
        });
        return command;
    }

    static Command Export()
    {
        var output = new Argument<string>("folder") { Description = Say("where to", "куда") };
        Option<string> memory = MemoryOptions.Folder();
        Option<bool> json = Shared.Json();
        var command = new Command("export", Say("Write every conversation as Markdown, or as JSON lines.", "Записать все беседы как Markdown или строки JSON.")) { output, memory, json };
        command.Does((parsed, cancel) =>
        {
            using MindMemory mind = MindMemory.Open(parsed.GetValue(memory)!);
            string folder = parsed.GetValue(output)!;
            Directory.CreateDirectory(folder);
            bool asJson = parsed.GetValue(json);
            IReadOnlyList<ConversationRow> rows = mind.Conversations();
            using var progress = new Progress(Say("exporting", "выгружаю"));
            for (int i = 0; i < rows.Count; i++)
            {
                cancel.ThrowIfCancellationRequested();
                Expanded whole = mind.Expand(rows[i].Id.ToString(CultureInfo.InvariantCulture));
                string name = $"{rows[i].Began?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "undated"}-{rows[i].Id}{(asJson ? ".json" : ".md")}";
                SafeFile.Write(Path.Combine(folder, name), stream => stream.Write(Encoding.UTF8.GetBytes(asJson ? MemoryJson.Conversation(rows[i], whole) : MemoryView.Markdown(rows[i], whole))));
                progress.Step(Say("conversation", "беседа"), (i + 1.0) / rows.Count, rows[i].Title);
            }
            progress.Dispose();
            Cli.Tell(Say($"{rows.Count} conversations written into {folder}", $"записано бесед: {rows.Count}, в {folder}"));
            return Cli.Ok;
        });
        return command;
    }

    static Command Compact()
    {
        Option<string> memory = MemoryOptions.Folder();
        var command = new Command("compact", Say("Fold the originals: slower to reach, much smaller.", "Свернуть подлинники: доступ медленнее, места намного меньше.")) { memory };
        command.Does((parsed, cancel) =>
        {
            using MindMemory mind = MindMemory.Open(parsed.GetValue(memory)!);
            using var progress = new Progress(Say("folding", "сворачиваю"));
            mind.Compact(progress.Bytes, cancel);
            return Cli.Ok;
        });
        return command;
    }
}

using System.CommandLine;
using Dum.App.Views.Memory;
using Dum.Mind;
using Dum.Mind.Upkeep;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum memory repair</c>: what can be read of a damaged memory, in a new one.</summary>
static class RepairCommand
{
    public static Command Create()
    {
        var into = new Option<string>("--output", "-o") { Description = Say("the new memory: a folder that is not there yet", "новая память: папка, которой ещё нет"), HelpName = "NEW", Required = true };
        Option<string> memory = MemoryOptions.Folder();
        var command = new Command("repair", Say("Copy what can be read of a damaged memory into a new one; the damaged one stays as it is.", "Скопировать всё, что читается в повреждённой памяти, в новую; повреждённая остаётся как есть.")) { into, memory };
        command.Shows(Say("dum memory repair --memory damaged -o mended", "dum memory repair --memory повреждённая -o починенная"));
        command.Does((parsed, cancel) =>
        {
            string to = parsed.GetValue(into)!;
            RepairReport saved;
            using (var progress = new Progress(Say("repairing", "чиню")))
                saved = MindMemory.Repair(parsed.GetValue(memory)!, to, (step, share) => progress.Step(step, share, ""), cancel);
            MemoryView.Print(saved, to, Console.Out);
            return saved.IsWhole ? Cli.Ok : Cli.Negative;
        });
        return command;
    }
}

using System.CommandLine;
using Dum.App.Views.Memory;
using Dum.Mind;
using Dum.Mind.Recall;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum expand</c>: the exact original of something recalled.</summary>
static class ExpandCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = Say("12 a conversation, 12.34 a turn, 12.34-40 turns", "12 беседа, 12.34 реплика, 12.34-40 реплики") };
        Option<string> memory = MemoryOptions.Folder();
        var raw = new Option<bool>("--raw") { Description = Say("the original bytes of the file, unchanged", "подлинные байты файла без изменений") };
        Option<bool> json = Shared.Json();
        var command = new Command("expand", Say("Print the exact original of something recalled; it is checked by SHA-256.", "Вывести точный подлинник найденного; он сверяется по SHA-256."))
        {
            id, memory, raw, json,
        };
        command.Shows("dum expand 12.34\ndum expand 12 --raw > original.json");
        command.Does((parsed, _) =>
        {
            using MindMemory mind = MindMemory.Open(parsed.GetValue(memory)!);
            Expanded found = mind.Expand(parsed.GetValue(id)!);
            if (parsed.GetValue(raw))
            {
                using Stream output = StandardOutput.Open();
                output.Write(found.Original);
                if (found.Original.Length == 0 || found.ForgottenBytes > 0)
                    Cli.Tell(MemoryView.Origin(found));
            }
            else if (parsed.GetValue(json))
                Console.Out.WriteLine(MemoryJson.Of(found));
            else
                MemoryView.Print(found, Console.Out);
            return found.Turns.Count > 0 && found.ForgottenTurns == found.Turns.Count ? Cli.Negative : Cli.Ok;
        });
        return command;
    }
}

using System.CommandLine;
using Dum.Host;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum check</c>: what this machine can run, what is wrong with it, and the exact fix.</summary>
static class CheckCommand
{
    public static Command Create()
    {
        var host = new Option<string?>("--host") { Description = Say("judge a recorded host instead of this machine", "судить о записанной машине, а не об этой"), HelpName = "FILE" };
        var record = new Option<string?>("--record") { Description = Say("save what was read, without serial numbers, and stop", "сохранить прочитанное без серийных номеров и остановиться"), HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = Say("print JSON", "вывести JSON") };
        var fix = new Option<bool>("--fix") { Description = Say("print a script of the fixes; it is never run", "вывести скрипт исправлений; сам он не запускается") };
        var deep = new Option<bool>("--deep") { Description = Say("also import PyTorch (slow)", "заодно импортировать PyTorch (долго)") };
        var docker = new Option<bool>("--docker") { Description = Say("also start a test container", "заодно запустить пробный контейнер") };
        var command = new Command("check", Say(
            "What this machine can run, what is wrong with it, and the exact fix",
            "Что умеет эта машина, что с ней не так и чем именно это исправить")) { host, record, json, fix, deep, docker };
        command.Does((parsed, cancel) =>
        {
            HostRecording recording = parsed.GetValue(host) is { } file ? HostRecording.Read(file)
                : HostCollector.Collect(parsed.GetValue(deep), parsed.GetValue(docker), cancel);
            if (parsed.GetValue(record) is { } target)
            {
                Save(target, recording.ToText());
                return Cli.Ok;
            }
            var check = new HostCheck(recording);
            if (parsed.GetValue(fix))
                Console.Out.Write(HostReportText.FixScript(check));
            else if (parsed.GetValue(json))
                Console.Out.WriteLine(HostReportJson.Render(check));
            else
                Console.Out.Write(HostReportText.Render(check));
            return check.IsReady ? Cli.Ok : Cli.Negative;
        });
        return command;
    }

    static void Save(string path, string text)
    {
        string beside = path + ".tmp";
        File.WriteAllText(beside, text);
        File.Move(beside, path, overwrite: true);
    }
}

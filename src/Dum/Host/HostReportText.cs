using System.Text;
using static Dum.Tongue;

namespace Dum.Host;

/// <summary>The check as plain text: verdicts first, then each problem with its reason, its fix and its verification.</summary>
public static class HostReportText
{
    /// <summary>The whole report; nothing in it depends on a terminal.</summary>
    public static string Render(HostCheck check)
    {
        var text = new StringBuilder();
        text.Append(check.System.OsName.Length > 0 ? check.System.OsName : Say("unknown system", "неизвестная система"));
        if (check.System.Kernel.Length > 0)
            text.Append(", Linux ").Append(check.System.Kernel);
        if (check.System.Wsl > 0)
            text.Append(", WSL ").Append(check.System.Wsl);
        if (check.System.Container is { } container)
            text.Append(Say(", in a container: ", ", в контейнере: ")).Append(container);
        text.Append("\n\n");
        int width = check.Capabilities.Max(c => c.Title.Length);
        int state = check.Capabilities.Max(c => Name(c.State).Length);
        foreach (Capability capability in check.Capabilities)
            text.Append("  ").Append(Name(capability.State).PadRight(state)).Append("  ").Append(capability.Title.PadRight(width)).Append("  ").Append(capability.Detail).Append('\n');
        foreach (string line in Extras(check))
            text.Append("  ").Append(line).Append('\n');
        if (check.Problems.Count > 0)
            text.Append('\n');
        string why = Say("why", "почему"), fix = Say("fix", "исправить"), verify = Say("verify", "проверить");
        int label = Math.Max(why.Length, Math.Max(fix.Length, verify.Length));
        foreach (HostProblem problem in check.Problems)
        {
            text.Append(Name(problem.Severity)).Append("  ").Append(problem.Id).Append("  ").Append(problem.What).Append('\n');
            Append(why, problem.Why);
            Append(fix, problem.Fix);
            Append(verify, problem.Verify);
        }
        return text.ToString();

        void Append(string name, string value) => text.Append("    ").Append(name.PadRight(label)).Append("  ").Append(value).Append('\n');
    }

    internal static IEnumerable<string> Extras(HostCheck check)
    {
        if (check.Torch is { } torch)
            yield return $"PyTorch {torch.Version} ({torch.Python})";
        foreach ((string place, DottedVersion version) in NvidiaProbe.Toolkits(check.Recording))
            yield return $"CUDA toolkit {version.Major}.{version.Minor} ({place})";
        string[] silent = [.. check.Recording.Ids.Where(id => check.Recording[id].State == SourceState.TimedOut)];
        if (silent.Length > 0)
            yield return Say("did not answer in time: ", "не ответили вовремя: ") + string.Join(", ", silent);
        foreach (ServerFacts server in check.Servers)
            yield return Say($"{server.Name} answers on port {server.Port}: {server.Answer}", $"{server.Name} отвечает на порту {server.Port}: {server.Answer}");
    }

    /// <summary>A verdict in one word.</summary>
    public static string Name(Readiness state) => state switch
    {
        Readiness.Ready => Say("ready", "готово"),
        Readiness.Limited => Say("limited", "с оговорками"),
        Readiness.Blocked => Say("blocked", "не работает"),
        Readiness.Unknown => Say("unknown", "неизвестно"),
        _ => Say("absent", "нет"),
    };

    /// <summary>A problem's weight in one word.</summary>
    public static string Name(Severity severity) => severity switch
    {
        Severity.Block => Say("BLOCK", "СТОП"),
        Severity.Unknown => Say("UNKNOWN", "НЕЯСНО"),
        Severity.Limit => Say("LIMIT", "ПРЕДЕЛ"),
        _ => Say("NOTE", "ЗАМЕТКА"),
    };

    /// <summary>A script of every fix, worst first. It is printed for a person to read, and never run from here.</summary>
    public static string FixScript(HostCheck check)
    {
        var text = new StringBuilder("#!/bin/sh\n# ").Append(Say(
            "Read every line before you run this. One fix may make the next one needless: stop and check after each.",
            "Прочтите каждую строку, прежде чем запускать. Одно исправление может отменить следующее: проверяйте после каждого.")).Append('\n');
        foreach (HostProblem problem in check.Problems)
        {
            text.Append("\n# ").Append(problem.Id).Append(": ").Append(problem.What).Append('\n')
                .Append(problem.Fix).Append('\n')
                .Append("# ").Append(Say("verify: ", "проверить: ")).Append(problem.Verify).Append('\n');
        }
        if (check.Problems.Count == 0)
            text.Append("\n# ").Append(Say("nothing to mend", "чинить нечего")).Append('\n');
        return text.ToString();
    }
}

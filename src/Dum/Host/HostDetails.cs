using System.Globalization;
using static Dum.Tongue;

namespace Dum.Host;

/// <summary>The short facts that stand beside a verdict.</summary>
static class HostDetails
{
    public static string Processor(ComputeFacts c)
    {
        var parts = new List<string>();
        if (c.Model.Length > 0)
            parts.Add(c.Model);
        if (c.Threads > 0)
            parts.Add(Say($"{c.Cores} cores", $"ядер: {c.Cores}"));
        if (c.Vectors.Count > 0)
            parts.Add(string.Join(' ', c.Vectors));
        if (c.Channels is { } channels)
            parts.Add(Say($"{channels} memory channels", $"каналов памяти: {channels}"));
        return parts.Count > 0 ? string.Join(", ", parts) : Say("the processor could not be read", "сведений о процессоре нет");
    }

    public static string Memory(ComputeFacts c) => c.Usable is { } usable
        ? Say($"{Gib(usable)} of {Gib(c.Total ?? usable)} GiB free", $"свободно {Gib(usable)} из {Gib(c.Total ?? usable)} ГиБ")
        : Say("memory could not be read", "сведений о памяти нет");

    public static string Nvidia(NvidiaFacts n)
    {
        if (n.Gpus.Count == 0)
            return n.Seen ? Say("a card is here, and the driver does not answer", "карта есть, драйвер не отвечает") : Say("no card", "карты нет");
        var cards = new List<string>();
        foreach (NvidiaGpu g in n.Gpus)
        {
            string memory = g is { Total: { } total, Free: { } free } ? Say($", {Gib(free)} of {Gib(total)} GiB free", $", свободно {Gib(free)} из {Gib(total)} ГиБ")
                : g.MemoryFault.Length > 0 ? "" : Say(", memory shared with the system", ", память общая с системой");
            cards.Add(g.Name + (g.Capability is { } c ? $" ({c.Major}.{c.Minor})" : "") + memory);
        }
        string kind = n.OpenModule switch { true => Say(" open", " открытый"), false => Say(" proprietary", " закрытый"), _ => "" };
        string cuda = n.BannerCuda.Length > 0 ? Say($", runs CUDA up to {n.BannerCuda}", $", CUDA до {n.BannerCuda}") : "";
        return string.Join("; ", cards) + Say($"; driver {n.Gpus[0].Driver}{kind}{cuda}", $"; драйвер {n.Gpus[0].Driver}{kind}{cuda}");
    }

    public static string Amd(AmdFacts a, RuleTables tables)
    {
        AmdGpu[] gpus = a.Gpus.Count == 0 && !AmdRules.Present(a, tables) && AmdRules.BuiltIn(a, tables) is { } own ? [own] : [.. a.Gpus];
        if (gpus.Length == 0)
            return a.Cards.Count > 0 ? Say("a card is here, and it offers no compute node", "карта есть, вычислительного узла нет") : Say("no card", "карты нет");
        var cards = new List<string>();
        foreach (AmdGpu g in gpus)
        {
            string name = tables.Find("gfx", g.Gfx)?[1] ?? "AMD";
            cards.Add($"{name} ({g.Gfx})" + (g.Memory is { } bytes ? ", " + Gib(bytes >> 20) + Say(" GiB", " ГиБ") : ""));
        }
        return string.Join("; ", cards) + (a.Rocm is { } r ? $"; ROCm {r.Major}.{r.Minor}.{r.Patch}" : Say("; no ROCm", "; ROCm нет"))
            + (a.OpenCl == true ? "; OpenCL" : "");
    }

    public static string Docker(DockerFacts d) => d.State switch
    {
        DockerState.Absent => Say("Docker is not installed", "Docker не установлен"),
        DockerState.Working => "Docker " + d.Version + (d.Toolkit.Length > 0 ? ", NVIDIA Container Toolkit " + d.Toolkit : "")
            + (d.NvidiaRuntime ? Say(", nvidia runtime", ", среда nvidia") : "") + (d.Cdi is not null ? ", CDI" : ""),
        DockerState.NoPermission => Say("installed, closed to this user", "установлен, закрыт для этого пользователя"),
        DockerState.NoDaemon => Say("installed, not running", "установлен, не запущен"),
        _ => Say("installed, gave no readable answer", "установлен, ответ не разобрать"),
    };

    public static string Gib(long mebibytes) => (mebibytes / 1024.0).ToString("0.0", CultureInfo.InvariantCulture);
}

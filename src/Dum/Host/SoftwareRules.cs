using System.Globalization;

namespace Dum.Host;

/// <summary>PyTorch against the cards and drivers; Docker against the NVIDIA container tools; processor, memory, disk.</summary>
static class SoftwareRules
{
    public static void Torch(TorchFacts? torch, NvidiaFacts nvidia, AmdFacts amd, SystemFacts system, ProblemBook book)
    {
        if (torch is null)
            return;
        AmdGpu? card = AmdRules.Card(amd, book.Tables);
        bool hasNvidia = nvidia.Gpus.Count > 0, hasAmd = card is not null;
        // A display-only pre-release of either maker decides nothing; without a GPU every build is right.
        if (!hasNvidia && !hasAmd)
            return;
        bool cuda = torch.Cuda.Length > 0, hip = torch.Hip.Length > 0;
        (string Recipe, string Wheel) right = hasNvidia ? ("torch.cuda-wheel", Wheel(nvidia, book.Tables)) : ("torch.rocm-wheel", RocmWheel(card, book.Tables));
        // A system's own Python refuses pip (PEP 668): there PyTorch goes into an environment of its own.
        bool owned = torch.Python == "python3" || torch.Python.StartsWith("/usr/", StringComparison.Ordinal) || torch.Python.StartsWith("/bin/", StringComparison.Ordinal);
        string own = owned ? "~/torch-env/bin/python" : torch.Python;
        string pip = owned ? $"{torch.Python} -m venv ~/torch-env && {own} -m pip" : $"{own} -m pip";
        (string, string)[] common = [("have", torch.Version), ("pip", pip), ("own", own), ("wheel", right.Wheel)];
        if (!cuda && !hip)
            book.Add("torch.cpu-build", right.Recipe, common);
        else if ((hip && !hasAmd) || (cuda && !hip && !hasNvidia))
            book.Add("torch.wrong-vendor", right.Recipe, common);
        else if (cuda && !hip)
            Cuda(torch, nvidia, right.Recipe, common, book);
        else if (Architectures(torch, book.Tables) is { Length: > 0 } targets && card is not null
            && AmdRules.Target(card, system, book.Tables) is { } target && !targets.Contains(target))
            book.Add("torch.gfx", right.Recipe, [.. common, ("need", target)]);
    }

    // ROCm 6.4 runs on the most kernel drivers; a target that its wheel lacks gets the newest wheel that holds it.
    static string RocmWheel(AmdGpu? gpu, RuleTables tables)
    {
        const string Usual = "rocm6.4";
        string[] holding = [.. tables.Rows("wheel").Where(r => r[0].StartsWith("rocm", StringComparison.Ordinal) && r[1].Split(' ').Contains(gpu?.Gfx)).Select(r => r[0])];
        return holding.Length == 0 || holding.Contains(Usual) ? Usual : holding[^1];
    }

    static void Cuda(TorchFacts torch, NvidiaFacts nvidia, string recipe, (string, string)[] common, ProblemBook book)
    {
        if (DottedVersion.From(torch.Cuda) is { } version && book.Tables.Cuda(version) is { } row && nvidia.Driver is { } driver)
        {
            if (driver < DottedVersion.From(row[2]))
                book.Add("torch.driver-old", NvidiaRules.Installer(nvidia, book.Tables), [.. common, ("need", row[2])]);
            else if (driver < DottedVersion.From(row[1]))
                book.Add("torch.driver-likely", NvidiaRules.Installer(nvidia, book.Tables), [.. common, ("need", row[1])]);
        }
        string[] built = Architectures(torch, book.Tables);
        if (built.Length == 0)
            return;
        foreach (NvidiaGpu gpu in nvidia.Gpus)
        {
            if (gpu.Capability is { } capability && !Runs(capability, built))
            {
                book.Add("torch.arch", recipe, [.. common, ("gpu", gpu.Name), ("need", $"sm_{capability.Major}{capability.Minor}")]);
                break;
            }
        }
    }

    // Machine code runs on the same major version from its own minor on; 'compute_' is source that newer cards translate.
    static bool Runs(DottedVersion capability, string[] built)
    {
        foreach (string target in built)
        {
            int at = target.IndexOf('_', StringComparison.Ordinal);
            string digits = new([.. target.AsSpan(at + 1).ToArray().TakeWhile(char.IsAsciiDigit)]);
            if (at < 0 || digits.Length < 2)
                continue;
            int number = int.Parse(digits, CultureInfo.InvariantCulture);
            var own = new DottedVersion(number / 10, number % 10, 0);
            if (target.StartsWith("compute_", StringComparison.Ordinal) ? own <= capability : own.Major == capability.Major && own.Minor <= capability.Minor)
                return true;
        }
        return false;
    }

    // What torch says itself, or what wheels of its tag are known to hold.
    static string[] Architectures(TorchFacts torch, RuleTables tables) =>
        torch.Architectures.Count > 0 ? [.. torch.Architectures] : (DottedVersion.From(torch.Version) is { } v ? tables.Find("wheel", $"{torch.Tag}-{v.Major}.{v.Minor}") : null)?[1].Split(' ')
            ?? tables.Find("wheel", torch.Tag)?[1].Split(' ') ?? [];

    // cu126 is the last wheel with kernels for cards older than Turing; Blackwell needs cu128.
    static string Wheel(NvidiaFacts nvidia, RuleTables tables) =>
        NvidiaRules.Installer(nvidia, tables) == "install.closed" ? "cu126"
        : nvidia.Driver >= new DottedVersion(580, 65, 6) ? "cu130" : "cu128";

    public static void Docker(DockerFacts docker, NvidiaFacts nvidia, ProblemBook book)
    {
        if (!nvidia.Present && nvidia.Gpus.Count == 0)
            return;
        switch (docker.State)
        {
            case DockerState.Absent:
                return;
            case DockerState.NoPermission:
                book.Add("docker.permission");
                return;
            case DockerState.NoDaemon:
                book.Add("docker.daemon-down");
                return;
            case DockerState.Unreadable:
                book.Add("docker.unreadable");
                return;
        }
        if (docker.Live is { } live && !live.Contains("GPU 0:", StringComparison.Ordinal))
            book.Add("docker.live-failed", null, ("have", live.Split('\n')[0]));
        else if (docker is { NvidiaRuntime: false, Cdi: null, Toolkit: "" })
            book.Add("docker.no-toolkit");
        else if (docker is { NvidiaRuntime: false, Cdi: null })
            book.Add("docker.no-runtime");
        else if (docker.Cdi is { Length: > 0 } described && nvidia.Driver is { } running && DottedVersion.From(described) is { } version && version != running)
            book.Add("docker.cdi-stale", null, ("have", described), ("need", nvidia.Gpus.Count > 0 ? nvidia.Gpus[0].Driver : nvidia.ModuleVersion));
        else if (docker is { NvidiaRuntime: true, Cdi: null, SystemdCgroup: true })
            book.Add("docker.cgroup-lost");
    }

    /// <summary>MiB under which a machine is called short of memory or of disk.</summary>
    const long LittleMemory = 4096, LittleDisk = 8192;

    public static void Compute(ComputeFacts facts, ProblemBook book)
    {
        if (facts.X86 && !facts.Vectors.Contains("avx2"))
            book.Add("cpu.no-avx2");
        if (facts.Usable is not { } usable)
            book.Add("cpu.memory-unknown");
        else if (usable < LittleMemory)
            book.Add("cpu.ram-low", null, ("have", usable.ToString(CultureInfo.InvariantCulture)));
        if (facts is { Limit: { } limit, Total: { } total })
            book.Add("cpu.container-limit", null, ("have", limit.ToString(CultureInfo.InvariantCulture)), ("need", total.ToString(CultureInfo.InvariantCulture)));
        if (facts.DiskFree is { } free and < LittleDisk)
            book.Add("disk.low", null, ("have", free.ToString(CultureInfo.InvariantCulture)));
    }
}

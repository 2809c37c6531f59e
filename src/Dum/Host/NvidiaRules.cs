using System.Globalization;

namespace Dum.Host;

/// <summary>From NVIDIA facts to problems. check_gpu.sh holds the same decisions in awk; a test compares the two on every recorded host.</summary>
static class NvidiaRules
{
    static readonly DottedVersion s_turing = new(7, 5, 0), s_maxwell = new(5, 0, 0), s_blackwell = new(10, 0, 0);
    const int LastBranchBeforeTuring = 580;

    public static void Apply(NvidiaFacts facts, SystemFacts system, HostRecording host, ProblemBook book)
    {
        string card = CardName(facts, book.Tables);
        if (system.Wsl == 0 && system.Container is null && IsMixed(facts, book.Tables))
            Mixed(facts, book);
        if (system.Wsl > 0)
        {
            if (!Wsl(facts, system, host, book))
                return;
        }
        else if (!facts.Seen)
        {
            // nvidia-smi without a card in sight: only what it says itself can be reported.
            if (facts.Present)
                Answer(facts, system, card, book);
            return;
        }
        else if (system.Container is not null)
        {
            if (facts.Gpus.Count == 0 && !facts.Nodes.Any(n => n.Path.StartsWith("/dev/nvidia0", StringComparison.Ordinal) || n.Path == "/dev/nvidiactl"))
            {
                book.Add("nvidia.container-no-gpu");
                return;
            }
        }
        else if (!HostDriver(facts, system, card, book))
        {
            return;
        }
        Answer(facts, system, card, book);
        if (system.Wsl == 0)
            Nodes(facts, book);
        Silent(facts, system, book);
        if (facts.LibCuda == false && facts.Smi is not (SmiState.Missing or SmiState.NoLibrary))
            book.Add("nvidia.libcuda-missing", null, ("branch", Branch(facts)));
        Variables(facts, system, book);
        if (facts.QueryExit != 0 && !book.Has("nvidia.fell-off"))
            book.Add("nvidia.answer-odd", null, ("gpu", card), ("have", $"exit = {facts.QueryExit}"));
        foreach (NvidiaGpu gpu in facts.Gpus)
            NvidiaGpuRules.Apply(gpu, facts, system, book);
        Software(facts, book);
    }

    /// <summary>Which package a card wants: the open modules from Turing on, the proprietary ones before.</summary>
    public static string Installer(NvidiaFacts facts, RuleTables tables) =>
        Oldest(facts, tables) is { } capability && capability < s_turing && !IsMixed(facts, tables) ? "install.closed" : "install.open";

    // Pascal beside Blackwell: the one wants the proprietary modules, the other the open ones. The newer card is the one worth driving.
    static bool IsMixed(NvidiaFacts facts, RuleTables tables) =>
        facts.Cards.Any(c => tables.CapabilityOf(c.Device) < s_turing) && facts.Cards.Any(c => tables.Arch(tables.CapabilityOf(c.Device))[3] == "must");

    static void Mixed(NvidiaFacts facts, ProblemBook book)
    {
        string Name(PciCard c) => $"NVIDIA {book.Tables.Arch(book.Tables.CapabilityOf(c.Device))[1]} (10de:{c.Device:x4})";
        book.Add("nvidia.mixed", null, ("have", Name(facts.Cards.First(c => book.Tables.CapabilityOf(c.Device) < s_turing))),
            ("need", Name(facts.Cards.First(c => book.Tables.Arch(book.Tables.CapabilityOf(c.Device))[3] == "must"))));
    }

    static DottedVersion? Oldest(NvidiaFacts facts, RuleTables tables)
    {
        DottedVersion? oldest = null;
        foreach (DottedVersion? c in facts.Gpus.Select(g => g.Capability).Concat(facts.Cards.Select(c => (DottedVersion?)tables.CapabilityOf(c.Device))))
            oldest = c is { } value && (oldest is null || value < oldest) ? value : oldest;
        return oldest;
    }

    static string CardName(NvidiaFacts facts, RuleTables tables) =>
        facts.Gpus.Count > 0 ? facts.Gpus[0].Name
        : facts.Cards.Count > 0 ? $"NVIDIA {tables.Arch(tables.CapabilityOf(facts.Cards[0].Device))[1]} (10de:{facts.Cards[0].Device:x4})"
        : "NVIDIA";

    static string Branch(NvidiaFacts facts) => facts.Driver is { } d ? d.Major.ToString(CultureInfo.InvariantCulture) : "580";

    // True when it makes sense to look further.
    static bool Wsl(NvidiaFacts facts, SystemFacts system, HostRecording host, ProblemBook book)
    {
        Dictionary<string, string> wsl = SystemFacts.Pairs(host["wsl"]);
        if (system.Wsl == 1)
            book.Add("wsl.version1");
        else if (wsl.TryGetValue("linux-driver", out string? driver))
            book.Add("wsl.linux-driver", null, ("have", driver));
        else if (!wsl.ContainsKey("dxg"))
            book.Add("wsl.no-driver", null, ("have", "/dev/dxg"));
        else if (!wsl.ContainsKey("lib"))
            book.Add("wsl.no-driver", null, ("have", "/usr/lib/wsl/lib/libcuda.so.1"));
        else
            return true;
        return false;
    }

    // Before the driver can answer it must be there, fit the kernel, and be loaded.
    static bool HostDriver(NvidiaFacts facts, SystemFacts system, string card, ProblemBook book)
    {
        if (facts.Loaded)
            return true;
        if (facts.Cards.Count > 0 && facts.Cards.All(c => c.Driver == "vfio-pci"))
        {
            book.Add("nvidia.vfio", null, ("gpu", card), ("bus", facts.Cards[0].Bus));
            return false;
        }
        if (facts.Cards.Count > 0 && facts.Cards.All(c => IsTooOld(book.Tables.CapabilityOf(c.Device))))
        {
            book.Add("nvidia.too-old", null, ("gpu", card), ("arch", book.Tables.Arch(default)[1]));
            return false;
        }
        bool nouveau = facts.Cards.Any(c => c.Driver == "nouveau") || facts.Modules.Contains("nouveau");
        if (nouveau)
            book.Add("nvidia.nouveau", null, ("gpu", card));
        if (facts.SecureBoot == true && (facts.KeyRejected || (facts.ModuleOnDisk && !nouveau)))
            book.Add("nvidia.secure-boot", facts.Akmods ? "secure-boot.akmods" : null);
        else if (!facts.ModuleOnDisk && facts.DkmsHoldsSources)
            book.Add("nvidia.dkms", null, ("have", system.Kernel));
        else if (!facts.ModuleOnDisk)
            book.Add("nvidia.driver-missing", Installer(facts, book.Tables), ("gpu", card));
        else if (!nouveau)
            book.Add("nvidia.module-not-loaded");
        return false;
    }

    static void Answer(NvidiaFacts facts, SystemFacts system, string card, ProblemBook book)
    {
        switch (facts.Smi)
        {
            case SmiState.Missing:
                book.Add("nvidia.smi-missing", null, ("have", facts.ModuleVersion), ("branch", Branch(facts)));
                break;
            case SmiState.Hung:
                book.Add("nvidia.smi-hang");
                break;
            case SmiState.Mismatch:
                book.Add("nvidia.mismatch", null, ("have", facts.ModuleVersion));
                break;
            case SmiState.NoLibrary:
                book.Add("nvidia.nvml-missing", null, ("have", facts.ModuleVersion), ("branch", Branch(facts)));
                break;
            case SmiState.Lost:
            case SmiState.Working when facts.SmiLine.Length > 0:
                book.Add("nvidia.fell-off", null, ("have", facts.SmiLine));
                break;
            case SmiState.NoPermission:
                book.Add("nvidia.node-permission", null, ("have", "/dev/nvidia*"), ("nodes", "/dev/nvidia[0-9]* /dev/nvidiactl /dev/nvidia-uvm"));
                break;
            case SmiState.UnknownError when system.Container is not null:
                book.Add("nvidia.container-lost");
                break;
            case SmiState.NoDevices when facts.LogWantsOpen || (facts.OpenModule == false && facts.Cards.Any(c => book.Tables.CapabilityOf(c.Device) >= s_blackwell)):
                book.Add("nvidia.open-needed", null, ("gpu", card));
                break;
            case SmiState.NoDevices when facts.LogRefusesOpen || (facts.OpenModule == true && facts.Cards.Count > 0 && facts.Cards.All(c => book.Tables.CapabilityOf(c.Device) < s_turing)):
                book.Add("nvidia.open-unsupported", null, ("gpu", card));
                break;
            case SmiState.NoDevices when facts.Driver?.Major > LastBranchBeforeTuring && facts.Cards.Count > 0 && facts.Cards.All(c => book.Tables.CapabilityOf(c.Device) < s_turing):
                book.Add("nvidia.driver-new", null, ("gpu", card), ("have", facts.ModuleVersion));
                break;
            case SmiState.NoDevices when facts.Xids.Contains(79):
                book.Add("nvidia.fell-off", null, ("have", "Xid 79"));
                break;
            // Without its control node nvidia-smi says the same as without a driver; the node's own rule names the cause.
            case SmiState.NoDriver or SmiState.Failed or SmiState.NoDevices or SmiState.UnknownError
                when facts.Nodes.Any(n => n.Path == "/dev/nvidiactl") || system.Wsl > 0 || !facts.Seen:
                book.Add("nvidia.smi-failed", null, ("have", facts.SmiLine));
                break;
            case SmiState.NoDriver or SmiState.Failed or SmiState.NoDevices or SmiState.UnknownError:
                break;
            case SmiState.Crashed:
                book.Add("nvidia.smi-crashed", null, ("have", facts.SmiLine));
                break;
            case SmiState.Unreadable:
                book.Add("nvidia.smi-unreadable");
                break;
        }
    }

    // A container is given some of the host's cards, and WSL has no PCI bus; a card lent to a virtual machine need not answer.
    static void Silent(NvidiaFacts facts, SystemFacts system, ProblemBook book)
    {
        int cards = facts.Cards.Count(c => c.Driver != "vfio-pci");
        if (system.Wsl == 0 && system.Container is null && facts.Gpus.Count > 0 && facts.Gpus.Count < cards && !book.Has("nvidia.fell-off"))
            book.Add("nvidia.card-silent", null, ("have", Number(facts.Gpus.Count)), ("need", Number(cards)));
    }

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    static void Nodes(NvidiaFacts facts, ProblemBook book)
    {
        DeviceNode? Node(string path) => facts.Nodes.FirstOrDefault(n => n.Path == path);
        int cards = facts.Nodes.Count(n => n.Path.Length > 11 && char.IsAsciiDigit(n.Path[11]));
        bool anyCard = cards > 0;
        if (!anyCard)
            book.Add("nvidia.node-missing", null, ("have", "/dev/nvidia0"), ("minor", "0"));
        else if (Node("/dev/nvidiactl") is null)
            book.Add("nvidia.node-missing", null, ("have", "/dev/nvidiactl"), ("minor", "0"));
        else if (cards < facts.Gpus.Count)
        {
            int minor = Enumerable.Range(0, facts.Gpus.Count).First(i => Node($"/dev/nvidia{i}") is null);
            book.Add("nvidia.node-missing", null, ("have", $"/dev/nvidia{minor}"), ("minor", Number(minor)));
        }
        if (anyCard && Node("/dev/nvidia-uvm") is null)
            book.Add("nvidia.uvm-missing");
        // They become part of a command, so a node with anything behind its number is none.
        string[] closed = [.. facts.Nodes.Where(n => !n.Usable && (n.Path is "/dev/nvidiactl" or "/dev/nvidia-uvm" || (n.Path.Length > 11 && n.Path.AsSpan(11).IndexOfAnyExceptInRange('0', '9') < 0))).Select(n => n.Path)];
        if (closed.Length > 0 && !book.Has("nvidia.node-permission"))
            book.Add("nvidia.node-permission", null, ("have", closed[0]), ("nodes", string.Join(' ', closed)));
    }

    static void Variables(NvidiaFacts facts, SystemFacts system, ProblemBook book)
    {
        foreach (string name in (ReadOnlySpan<string>)["CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES"])
        {
            if (system.Variables.TryGetValue(name, out string? value) && (value is "" or "-1" or "none" or "void" or "NoDevFiles"
                || (name == "CUDA_VISIBLE_DEVICES" && HidesAll(value, facts.Gpus.Any(g => g.Mig) ? 0 : facts.Gpus.Count))))
                book.Add("nvidia.visible-devices", null, ("have", $"{name}={value}"), ("var", name));
        }
    }

    /// <summary>True when a list of devices begins with one that does not exist: what stands behind it is not read.</summary>
    internal static bool HidesAll(string value, int devices)
    {
        string first = value.Split(',')[0].Trim();
        return first is "" or "-1" || (devices > 0 && first.Length < 10 && first.All(char.IsAsciiDigit) && int.Parse(first, System.Globalization.CultureInfo.InvariantCulture) >= devices);
    }

    static void Software(NvidiaFacts facts, ProblemBook book)
    {
        if (facts.Driver is not { } driver)
            return;
        string[]? branch = book.Tables.Find("branch", driver.Major.ToString(CultureInfo.InvariantCulture));
        if (branch is not null && branch[1] != "-" && !book.Has("nvidia.driver-old") && !book.Has("nvidia.too-old"))
            book.Add("nvidia.branch-ended", Installer(facts, book.Tables), ("have", branch[0]), ("need", branch[1]));
        if (facts.Toolkit is { } toolkit && book.Tables.Cuda(toolkit) is { } row && driver < DottedVersion.From(row[2]))
            book.Add("nvidia.toolkit-newer", Installer(facts, book.Tables), ("have", $"{toolkit.Major}.{toolkit.Minor}"), ("need", $"{driver.Major}.{driver.Minor:00}"));
        if (facts is { Toolkit: { } cuda, CudnnMajor: { } cudnn }
            && book.Tables.Find("cudnn", cudnn.ToString(CultureInfo.InvariantCulture)) is { } served
            && !served[1].Split(' ').Contains(cuda.Major.ToString(CultureInfo.InvariantCulture)))
            book.Add("nvidia.cudnn-mismatch", null, ("have", served[0]), ("need", cuda.Major.ToString(CultureInfo.InvariantCulture)));
    }

    public static bool IsTooOld(DottedVersion capability) => capability < s_maxwell;
    public static bool NeedsTuring(DottedVersion capability) => capability < s_turing;
}

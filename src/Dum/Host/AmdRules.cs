using System.Globalization;

namespace Dum.Host;

/// <summary>From AMD facts to problems.</summary>
static class AmdRules
{
    /// <summary>True when there is an AMD card meant for computing: graphics built into a processor do not count.</summary>
    public static bool Present(AmdFacts facts, RuleTables tables) => Card(facts, tables) is not null || Cards(facts, tables).Any();

    /// <summary>The GPU that decides: of the cards the first one of the best support, because an old one beside it takes nothing away.</summary>
    public static AmdGpu? Card(AmdFacts facts, RuleTables tables) => facts.Gpus.Where(g => !Integrated(g, tables)).MinBy(g => Array.IndexOf(s_best, Support(g, tables)));

    static readonly string[] s_best = ["official", "maintenance", "override", "unknown", "none"];

    /// <summary>The graphics built into the processor; by their PCI id where the kernel lists no compute node.</summary>
    public static AmdGpu? BuiltIn(AmdFacts facts, RuleTables tables) => facts.Gpus.FirstOrDefault(g => Integrated(g, tables))
        ?? facts.Cards.Select(c => Apu(c, tables) is { } row && row[1] != "-" ? new AmdGpu(row[1], c.Device, null) : null).FirstOrDefault(g => g is not null);

    /// <summary>True for graphics built into a processor.</summary>
    public static bool Integrated(AmdGpu gpu, RuleTables tables) => Support(gpu, tables) == "integrated";

    static string[]? Apu(PciCard card, RuleTables tables)
    {
        string id = card.Device.ToString("x4", CultureInfo.InvariantCulture);
        return tables.Find("apu", id) ?? tables.Find("apu", id[..3] + "?");
    }

    // What the bus lists, less what is built into the processor.
    static IEnumerable<PciCard> Cards(AmdFacts facts, RuleTables tables) =>
        facts.Cards.Where(c => Apu(c, tables) is null && !facts.Gpus.Any(g => g.Device == c.Device && Integrated(g, tables)));

    static string Support(AmdGpu gpu, RuleTables tables) => tables.Find("gfx", gpu.Gfx)?[2] ?? "unknown";

    public static void Apply(AmdFacts facts, SystemFacts system, ProblemBook book)
    {
        // WSL shows AMD cards through Windows too, and ROCm there is a matter of its own.
        if (system.Wsl > 0)
            return;
        if (!Present(facts, book.Tables))
        {
            // Nobody has to set up ROCm for graphics that drive a screen: one line says what they can do, and nothing is blocked.
            if (BuiltIn(facts, book.Tables) is { } own)
                book.Add(Used(facts) ? "amd.integrated" : "amd.integrated-idle", null, ("gpu", "AMD " + book.Tables.Find("gfx", own.Gfx)![1]), ("have", own.Gfx));
            return;
        }
        AmdGpu? gpu = Card(facts, book.Tables);
        PciCard[] cards = [.. Cards(facts, book.Tables)];
        string[]? row = gpu is null ? null : book.Tables.Find("gfx", gpu.Gfx);
        string name = row is not null ? "AMD " + row[1] : cards.Length > 0 ? $"AMD (1002:{cards[0].Device:x4})" : "AMD";
        if (!Driver(facts, cards, system, name, book))
            return;
        foreach (DeviceNode node in facts.Nodes.Where(n => !n.Usable && (n.Path == "/dev/kfd" || n.Path.StartsWith("/dev/dri/renderD", StringComparison.Ordinal))))
        {
            if (!book.Has("amd.permission"))
                book.Add("amd.permission", null, ("have", node.Path), ("need", GroupName(node)), ("gid", node.Gid.ToString(CultureInfo.InvariantCulture)));
        }
        foreach (string variable in (ReadOnlySpan<string>)["HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES"])
        {
            if (system.Variables.TryGetValue(variable, out string? value) && NvidiaRules.HidesAll(value, facts.Gpus.Count))
                book.Add("amd.visible-devices", null, ("have", $"{variable}={value}"), ("var", variable));
        }
        if (gpu is null)
        {
            if (facts.TopologyRead)
                book.Add("amd.no-node", null, ("gpu", name));
            return;
        }
        Target(gpu, row, facts, system, name, book);
    }

    // A driver holds a built-in GPU, and its node is here: that is all Vulkan asks for.
    static bool Used(AmdFacts facts) => (facts.Cards.Count == 0 || facts.Cards.Any(c => c.Driver == "amdgpu"))
        && facts.Nodes.Any(n => n.Path.StartsWith("/dev/dri/renderD", StringComparison.Ordinal));

    // The kernel's side: a bound driver and the compute device.
    static bool Driver(AmdFacts facts, PciCard[] cards, SystemFacts system, string name, ProblemBook book)
    {
        bool kfd = facts.Nodes.Any(n => n.Path == "/dev/kfd");
        if (system.Container is not null)
        {
            if (!kfd)
                book.Add("amd.container-no-gpu");
            return kfd;
        }
        if (cards.Length > 0 && cards.All(c => c.Driver == "vfio-pci"))
            book.Add("amd.vfio", null, ("gpu", name), ("bus", cards[0].Bus));
        else if (cards.Length > 0 && !cards.Any(c => c.Driver == "amdgpu"))
            book.Add(cards.Any(c => c.Driver == "radeon") ? "amd.old-radeon"
                : system.CommandLine.Split(' ', '\n').Contains("nomodeset") ? "amd.nomodeset" : "amd.driver-missing", null, ("gpu", name));
        else if (!kfd)
            book.Add("amd.kfd-missing");
        else
            return true;
        return false;
    }

    static void Target(AmdGpu gpu, string[]? row, AmdFacts facts, SystemFacts system, string name, ProblemBook book)
    {
        switch (row?[2])
        {
            case null:
                book.Add("amd.gfx-unknown", null, ("have", gpu.Gfx));
                break;
            case "none":
                book.Add("amd.gfx-dropped", null, ("gpu", name), ("have", gpu.Gfx));
                return;
            case "maintenance":
                book.Add("amd.gfx-maintenance", null, ("gpu", name), ("have", gpu.Gfx), ("need", row[4]));
                break;
            case "override" when !system.Variables.ContainsKey("HSA_OVERRIDE_GFX_VERSION"):
                book.Add("amd.gfx-override", null, ("gpu", name), ("have", gpu.Gfx), ("need", row[4]));
                break;
        }
        if (row?[2] is "official" or "maintenance" && system.Variables.TryGetValue("HSA_OVERRIDE_GFX_VERSION", out string? set))
            book.Add("amd.override-set", null, ("have", set));
        if (facts.Rocm is not { } rocm)
        {
            if (facts.Hip == false)
                book.Add("amd.rocm-missing");
            return;
        }
        string version = $"{rocm.Major}.{rocm.Minor}";
        if (row is not null && DottedVersion.From(row[3]) is { } first && rocm < first)
            book.Add("amd.rocm-old", null, ("have", version), ("need", row[3]), ("gpu", name));
        if (rocm.Major >= 7 && facts.KernelDriver is { } kernel && kernel < new DottedVersion(6, 14, 0))
            book.Add("amd.kernel-old", null, ("have", version), ("need", $"{kernel.Major}.{kernel.Minor}"));
    }

    /// <summary>The target whose kernels a program loads: that of the sister card where one is lent by HSA_OVERRIDE_GFX_VERSION; null while none is, or where no program has any.</summary>
    public static string? Target(AmdGpu gpu, SystemFacts system, RuleTables tables) => Support(gpu, tables) == "none" ? null
        : Support(gpu, tables) != "override" ? gpu.Gfx
        : !system.Variables.TryGetValue("HSA_OVERRIDE_GFX_VERSION", out string? value) ? null
        : DottedVersion.From(value) is { } v ? $"gfx{v.Major}{v.Minor:x}{v.Patch:x}" : gpu.Gfx;

    // A numeric group is what a container sees; on a host the two usual names are more use.
    static string GroupName(DeviceNode node) => node.Path == "/dev/kfd" ? "render" : "render/video";
}

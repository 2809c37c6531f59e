using System.Globalization;

namespace Dum.Host;

/// <summary>From AMD facts to problems.</summary>
static class AmdRules
{
    /// <summary>True when there is an AMD card meant for computing: graphics built into a processor do not count.</summary>
    public static bool Present(AmdFacts facts, RuleTables tables) =>
        facts.Gpus.Count > 0 ? facts.Gpus.Any(g => Support(g, tables) != "integrated") : facts.Cards.Count > 0;

    static string Support(AmdGpu gpu, RuleTables tables) => tables.Find("gfx", gpu.Gfx)?[2] ?? "unknown";

    public static void Apply(AmdFacts facts, SystemFacts system, ProblemBook book)
    {
        // WSL shows AMD cards through Windows too, and ROCm there is a matter of its own.
        if (system.Wsl > 0 || !Present(facts, book.Tables))
            return;
        AmdGpu? gpu = facts.Gpus.FirstOrDefault(g => Support(g, book.Tables) != "integrated");
        string[]? row = gpu is null ? null : book.Tables.Find("gfx", gpu.Gfx);
        string name = row is not null ? "AMD " + row[1] : facts.Cards.Count > 0 ? $"AMD (1002:{facts.Cards[0].Device:x4})" : "AMD";
        if (!Driver(facts, system, name, book))
            return;
        foreach (DeviceNode node in facts.Nodes.Where(n => !n.Usable && (n.Path == "/dev/kfd" || n.Path.StartsWith("/dev/dri/renderD", StringComparison.Ordinal))))
        {
            if (!book.Has("amd.permission"))
                book.Add("amd.permission", null, ("have", node.Path), ("need", GroupName(node)), ("gid", node.Gid.ToString(CultureInfo.InvariantCulture)));
        }
        foreach (string variable in (ReadOnlySpan<string>)["HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES"])
        {
            if (system.Variables.TryGetValue(variable, out string? value) && value is "" or "-1")
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

    // The kernel's side: a bound driver and the compute device.
    static bool Driver(AmdFacts facts, SystemFacts system, string name, ProblemBook book)
    {
        bool kfd = facts.Nodes.Any(n => n.Path == "/dev/kfd");
        if (system.Container is not null)
        {
            if (!kfd)
                book.Add("amd.container-no-gpu");
            return kfd;
        }
        if (facts.Cards.Count > 0 && facts.Cards.All(c => c.Driver == "vfio-pci"))
            book.Add("amd.vfio", null, ("gpu", name), ("bus", facts.Cards[0].Bus));
        else if (facts.Cards.Count > 0 && !facts.Cards.Any(c => c.Driver == "amdgpu"))
            book.Add(facts.Cards.Any(c => c.Driver == "radeon") ? "amd.old-radeon"
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
            case "override" when !system.Variables.ContainsKey("HSA_OVERRIDE_GFX_VERSION"):
                book.Add("amd.gfx-override", null, ("gpu", name), ("have", gpu.Gfx), ("need", row[4]));
                break;
            case "official" when system.Variables.TryGetValue("HSA_OVERRIDE_GFX_VERSION", out string? set):
                book.Add("amd.override-set", null, ("have", set));
                break;
        }
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

    // A numeric group is what a container sees; on a host the two usual names are more use.
    static string GroupName(DeviceNode node) => node.Path == "/dev/kfd" ? "render" : "render/video";
}

using System.Globalization;

namespace Dum.Host;

/// <summary>What can be wrong with one NVIDIA card that answers.</summary>
static class NvidiaGpuRules
{
    const long Heat = 0x20 | 0x40, Brake = 0x80, HardwareSlowdown = 0x8;

    // Taken for a card whose capability nobody tells: the least that today's programs ask of any card still in common use.
    static readonly DottedVersion s_least = new(7, 5, 0);

    public static void Apply(NvidiaGpu gpu, NvidiaFacts facts, SystemFacts system, ProblemBook book)
    {
        string name = gpu.Name, index = Number(gpu.Index);
        // What is said with a command for one card must not be taken for its twin.
        string one = facts.Gpus.Count > 1 ? $"{name} (GPU {index})" : name;
        Driver(gpu, gpu.Capability ?? FromBus(gpu, facts, book.Tables) ?? s_least, facts, system, book);
        if (gpu.MemoryFault.Length > 0)
            book.Add("nvidia.memory-unknown", null, ("gpu", name), ("have", gpu.MemoryFault));
        if (gpu.Odd.Length > 0)
            book.Add("nvidia.answer-odd", null, ("gpu", name), ("have", gpu.Odd));
        if (gpu.Fabric is "In Progress" or "Not Started")
            book.Add("nvidia.fabric", null, ("gpu", name), ("have", gpu.Fabric), ("branch", Number(DottedVersion.From(gpu.Driver)!.Value.Major)));
        if (gpu.ComputeMode == "Prohibited")
            book.Add("nvidia.compute-prohibited", null, ("gpu", one), ("index", index));
        if (gpu.Mig)
        {
            int slices = gpu.Index < facts.MigSlices.Count ? facts.MigSlices[gpu.Index] : 0;
            book.Add(slices > 0 ? "nvidia.mig" : "nvidia.mig-empty", null, ("gpu", one), ("index", index), ("have", Number(slices)));
        }
        if (gpu.PagesPending)
            book.Add("nvidia.pages-pending", null, ("gpu", name));
        if (gpu.Uncorrected is > 0 and var errors)
            book.Add("nvidia.ecc-errors", null, ("gpu", name), ("have", Number(errors)));
        if (gpu.Index == 0 && facts.Xids.Count > 0 && !book.Has("nvidia.fell-off"))
            book.Add("nvidia.xid", null, ("have", string.Join(", ", facts.Xids)));
        Clocks(gpu, one, book);
        Link(gpu, book);
        if (gpu is { Total: > 0 and var total, Used: { } used } && used * 4 > total && !gpu.Mig)
            book.Add("nvidia.memory-held", null, ("gpu", name), ("have", Number(used)), ("list", facts.Holders.Count > 0 ? string.Join(", ", facts.Holders) : "nvidia-smi"));
    }

    // Drivers before 510 do not tell the compute capability; the card's PCI id does. sysfs writes a four-digit domain, nvidia-smi eight.
    static DottedVersion? FromBus(NvidiaGpu gpu, NvidiaFacts facts, RuleTables tables) =>
        gpu.Bus.Length > 0 && facts.Cards.FirstOrDefault(c => gpu.Bus.EndsWith(c.Bus.ToLowerInvariant(), StringComparison.Ordinal)) is { } card
            ? tables.CapabilityOf(card.Device) : null;

    static void Driver(NvidiaGpu gpu, DottedVersion capability, NvidiaFacts facts, SystemFacts system, ProblemBook book)
    {
        string[] arch = book.Tables.Arch(capability);
        string family = $"{arch[1]}, {capability.Major}.{capability.Minor}";
        if (NvidiaRules.IsTooOld(capability))
            book.Add("nvidia.too-old", null, ("gpu", gpu.Name), ("arch", family));
        else if (DottedVersion.From(gpu.Driver) < DottedVersion.From(arch[2]))
            book.Add("nvidia.driver-old", NvidiaRules.NeedsTuring(capability) ? "install.closed" : "install.open",
                ("gpu", gpu.Name), ("arch", family), ("need", arch[2]), ("have", gpu.Driver));
        if (arch[3] == "must" && facts.OpenModule == false && system.Wsl == 0)
            book.Add("nvidia.open-needed", null, ("gpu", gpu.Name));
    }

    static void Clocks(NvidiaGpu gpu, string one, ProblemBook book)
    {
        string index = Number(gpu.Index);
        string watts = gpu.PowerDefault is { } full ? Number((long)(full * 0.8)) : "WATTS";
        if ((gpu.Throttle & Heat) != 0 || ((gpu.Throttle & HardwareSlowdown) != 0 && (gpu.Throttle & Brake) == 0))
            book.Add("nvidia.throttle-heat", null, ("gpu", one), ("index", index), ("have", gpu.Temperature is { } t ? Number(t) + " °C" : "?"), ("watts", watts));
        if ((gpu.Throttle & Brake) != 0)
            book.Add("nvidia.throttle-power", null, ("gpu", one), ("index", index), ("watts", watts));
        if (gpu is { PowerLimit: { } limit, PowerDefault: { } normal } && limit < normal * 0.9)
            book.Add("nvidia.power-capped", null, ("gpu", one), ("index", index), ("have", Number((long)limit)), ("need", Number((long)normal)));
    }

    static void Link(NvidiaGpu gpu, ProblemBook book)
    {
        if (!gpu.Busy)
            return;
        if (gpu is { Width: > 0 and var width, WidthMax: { } widest } && width < widest)
            book.Add("nvidia.pcie-width", null, ("gpu", gpu.Name), ("have", Number(width)), ("need", Number(widest)));
        if (gpu is { Generation: > 0 and var generation, GenerationMax: { } newest } && generation < newest)
            book.Add("nvidia.pcie-gen", null, ("gpu", gpu.Name), ("have", Number(generation)), ("need", Number(newest)));
    }

    static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

namespace Dum.Host;

/// <summary>One GPU node of the kernel's compute topology.</summary>
/// <param name="Gfx">Target as ROCm writes it: gfx1100, gfx90a.</param>
/// <param name="Device">PCI device id.</param>
/// <param name="Memory">Bytes of video memory, or null.</param>
sealed record AmdGpu(string Gfx, int Device, long? Memory);

/// <summary>Everything known about the AMD side of a machine.</summary>
sealed record AmdFacts
{
    public required IReadOnlyList<PciCard> Cards { get; init; }
    public required IReadOnlyList<AmdGpu> Gpus { get; init; }
    public required IReadOnlyList<DeviceNode> Nodes { get; init; }
    public required IReadOnlyList<string> Modules { get; init; }
    /// <summary>True when the topology could be read at all.</summary>
    public required bool TopologyRead { get; init; }
    public required DottedVersion? Rocm { get; init; }
    /// <summary>Version of amdgpu from AMD's own packages; the kernel's built-in one has none.</summary>
    public required DottedVersion? KernelDriver { get; init; }
    public required bool? Hip { get; init; }
    public required bool? OpenCl { get; init; }

    public static AmdFacts Read(HostRecording host)
    {
        var memory = new List<long>();
        foreach (string line in host["amd-memory"].Lines)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && words[1].StartsWith("total=", StringComparison.Ordinal) && SystemFacts.Whole(words[1][6..]) is > 0 and var bytes)
                memory.Add(bytes);
        }
        var gpus = new List<AmdGpu>();
        foreach (string line in host["kfd"].Lines)
        {
            Dictionary<string, string> node = SystemFacts.Pairs(new Recorded(line.Replace(' ', '\n')));
            if (SystemFacts.Whole(node.GetValueOrDefault("gfx")) is > 0 and < 1_000_000 and var gfx)
                gpus.Add(new AmdGpu(Name(gfx), (int)(SystemFacts.Whole(node.GetValueOrDefault("device")) ?? 0), gpus.Count < memory.Count ? memory[gpus.Count] : null));
        }
        Recorded libraries = host["libraries"];
        bool cache = libraries.State == SourceState.Present && libraries.Text.Contains(".so", StringComparison.Ordinal);
        return new AmdFacts
        {
            Cards = PciCard.Read(host).FindAll(c => c.Vendor == PciCard.Amd),
            Gpus = gpus,
            Nodes = DeviceNode.Read(host).FindAll(n => n.Path == "/dev/kfd" || n.Path.StartsWith("/dev/dri/", StringComparison.Ordinal)),
            Modules = host["modules"].Text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries),
            TopologyRead = host["kfd"].State == SourceState.Present,
            Rocm = DottedVersion.From(host["rocm"].Text),
            KernelDriver = DottedVersion.From(host["amdgpu-version"].Text),
            Hip = cache ? libraries.Text.Contains("libamdhip64", StringComparison.Ordinal) : null,
            OpenCl = cache ? libraries.Text.Contains("libOpenCL", StringComparison.Ordinal) : null,
        };
    }

    // The kernel writes 110000 for gfx1100 and 90010 for gfx90a: two digits each of major, minor and stepping, the last two as hexadecimal digits.
    static string Name(long version) => $"gfx{version / 10000}{version / 100 % 100:x}{version % 100:x}";
}

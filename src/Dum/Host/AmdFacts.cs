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
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (Digits(words, "gfx=") is > 0 and < 1_000_000 and var gfx)
                gpus.Add(new AmdGpu(Name(gfx), Digits(words, "device=") is < 0x10000 and var device ? device : 0, null));
        }
        Recorded libraries = host["libraries"];
        bool cache = libraries.State == SourceState.Present && libraries.Text.Contains(".so", StringComparison.Ordinal);
        return new AmdFacts
        {
            Cards = PciCard.Read(host).FindAll(c => c.Vendor == PciCard.Amd),
            Gpus = WithMemory(gpus, memory),
            Nodes = DeviceNode.Read(host).FindAll(n => n.Path == "/dev/kfd" || n.Path.StartsWith("/dev/dri/", StringComparison.Ordinal)),
            Modules = host["modules"].Text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries),
            TopologyRead = host["kfd"].State == SourceState.Present,
            Rocm = DottedVersion.From(host["rocm"].Text),
            KernelDriver = DottedVersion.From(host["amdgpu-version"].Text),
            Hip = cache ? libraries.Text.Contains("libamdhip64", StringComparison.Ordinal) : null,
            OpenCl = cache ? libraries.Text.Contains("libOpenCL", StringComparison.Ordinal) : null,
        };
    }

    // The bus tells memory card by card and the topology node by node; neither names the other. Graphics inside a processor
    // have a small window of it, and may have no node: the cards get the largest ones, in the order told.
    static List<AmdGpu> WithMemory(List<AmdGpu> gpus, List<long> memory)
    {
        bool[] cards = [.. gpus.Select(g => !AmdRules.Integrated(g, RuleTables.Standard))];
        HashSet<int> large = [.. Enumerable.Range(0, memory.Count).OrderByDescending(i => memory[i]).Take(cards.Count(c => c))];
        var ofCards = new Queue<long>(memory.Where((_, i) => large.Contains(i)));
        var others = new Queue<long>(memory.Where((_, i) => !large.Contains(i)));
        return [.. gpus.Select((g, i) => (cards[i] ? ofCards : others).TryDequeue(out long bytes) ? g with { Memory = bytes } : g)];
    }

    // Only digits, and the last of two: what the other tool reads.
    static int? Digits(string[] words, string key) => words.LastOrDefault(w => w.StartsWith(key, StringComparison.Ordinal))?[key.Length..] is { Length: > 0 and < 10 } text
        && text.All(char.IsAsciiDigit) ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null;

    // The kernel writes 110000 for gfx1100 and 90010 for gfx90a: two digits each of major, minor and stepping, the last two as hexadecimal digits.
    static string Name(int version) => $"gfx{version / 10000}{version / 100 % 100:x}{version % 100:x}";
}

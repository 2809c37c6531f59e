namespace Dum.Host;

/// <summary>Processor, memory and disk.</summary>
sealed record ComputeFacts
{
    public required string Model { get; init; }
    /// <summary>Physical cores where the kernel tells them, else logical processors.</summary>
    public required int Cores { get; init; }
    public required int Threads { get; init; }
    /// <summary>Vector instructions worth naming: avx2, avx512f, amx_tile, asimd, sve…</summary>
    public required IReadOnlyList<string> Vectors { get; init; }
    /// <summary>Memory channels, where dmidecode could be read; else null.</summary>
    public required int? Channels { get; init; }
    /// <summary>MiB; null when /proc/meminfo could not be read.</summary>
    public required long? Total { get; init; }
    public required long? Available { get; init; }
    /// <summary>A container's own memory limit in MiB, or null.</summary>
    public required long? Limit { get; init; }
    public required long? DiskFree { get; init; }
    public required bool X86 { get; init; }

    /// <summary>MiB that a model may take here: what is free, or the container's limit when that is less.</summary>
    public long? Usable => Available is { } free ? Math.Min(free, Limit ?? long.MaxValue) : null;

    static readonly string[] s_vectors = ["avx2", "fma", "f16c", "avx512f", "avx512_vnni", "avx512_bf16", "avx_vnni", "amx_tile", "amx_bf16", "asimd", "asimddp", "i8mm", "sve", "sve2", "bf16"];

    public static ComputeFacts Read(HostRecording host)
    {
        string model = "", flags = "";
        int threads = 0;
        var cores = new HashSet<string>();
        string package = "0";
        bool x86 = false;
        foreach (string line in host["cpuinfo"].Lines)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
                continue;
            string key = line[..colon].Trim(), value = line[(colon + 1)..].Trim();
            if (key == "processor")
                threads++;
            else if (key == "model name")
                model = value;
            else if (key is "flags" or "Features" && flags.Length == 0)
                (flags, x86) = (value, key == "flags");
            else if (key == "physical id")
                package = value;
            else if (key == "core id")
                cores.Add(package + "/" + value);
        }
        string[] known = flags.Split(' ');
        Dictionary<string, string> memory = SystemFacts.Pairs(new Recorded(host["meminfo"].Text.Replace(':', '=')));
        long? Kilobytes(string key) => memory.TryGetValue(key, out string? text) && text.EndsWith(" kB", StringComparison.Ordinal)
            && SystemFacts.Whole(text[..^3].Trim()) is >= 0 and < 1L << 42 and var kb ? kb / 1024 : null;
        long? limit = SystemFacts.Whole(host["cgroup-memory"].Text.Trim()) is > 0 and < 1L << 50 and var bytes ? bytes >> 20 : null;
        long? total = Kilobytes("MemTotal");
        return new ComputeFacts
        {
            Model = model,
            Cores = cores.Count > 0 ? cores.Count : threads,
            Threads = threads,
            Vectors = [.. s_vectors.Where(known.Contains)],
            Channels = ChannelCount(host["memory-modules"].Text),
            Total = total,
            Available = Kilobytes("MemAvailable"),
            Limit = limit < total ? limit : null,
            DiskFree = SystemFacts.Whole(host["disk"].Text.Trim()) is >= 0 and var kb ? kb / 1024 : null,
            X86 = x86,
        };
    }

    // 'Locator: DIMM_A1', 'Locator: P0 CHANNEL A': modules whose size is known, one channel a letter.
    static int? ChannelCount(string modules)
    {
        var letters = new HashSet<char>();
        bool filled = false;
        foreach (string raw in modules.Split('\n'))
        {
            string line = raw.Trim();
            if (line.StartsWith("Size:", StringComparison.Ordinal))
                filled = line.Length > 6 && char.IsAsciiDigit(line[6]);
            else if (filled && line.StartsWith("Bank Locator:", StringComparison.Ordinal))
            {
                int at = line.IndexOf("CHANNEL ", StringComparison.OrdinalIgnoreCase);
                if (at >= 0 && at + 8 < line.Length)
                    letters.Add(char.ToUpperInvariant(line[at + 8]));
            }
        }
        return letters.Count > 0 ? letters.Count : null;
    }
}

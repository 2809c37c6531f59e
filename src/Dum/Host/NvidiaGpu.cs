using System.Globalization;
using System.Text.RegularExpressions;

namespace Dum.Host;

/// <summary>One row of <c>nvidia-smi --query-gpu</c>. A field that the card or the driver does not know is null.</summary>
sealed partial record NvidiaGpu
{
    public required int Index { get; init; }
    public required string Name { get; init; }
    public required string Driver { get; init; }
    /// <summary>PCI address, '00000000:01:00.0'; empty when not told.</summary>
    public string Bus { get; init; } = "";
    public DottedVersion? Capability { get; init; }
    /// <summary>MiB. Null on cards with unified memory, which answer [N/A], and when what was told cannot be right.</summary>
    public long? Total { get; init; }
    public long? Used { get; init; }
    public long? Free { get; init; }
    /// <summary>What was told of the memory when it cannot be right, heading and number; else empty.</summary>
    public string MemoryFault { get; init; } = "";
    /// <summary>Fields whose text no healthy driver gives, 'compute_cap = 0.0'; else empty.</summary>
    public string Odd { get; init; } = "";
    public int? Generation { get; init; }
    public int? GenerationMax { get; init; }
    public int? Width { get; init; }
    public int? WidthMax { get; init; }
    /// <summary>True in performance states P0 to P2. An idle link saves power, and its width and speed prove nothing.</summary>
    public bool Busy { get; init; }
    public bool Mig { get; init; }
    public long? Uncorrected { get; init; }
    public bool PagesPending { get; init; }
    /// <summary>Bits of clocks_event_reasons.active: 0x20 and 0x40 heat, 0x80 power brake.</summary>
    public long Throttle { get; init; }
    public double? PowerLimit { get; init; }
    public double? PowerDefault { get; init; }
    public int? Temperature { get; init; }
    public string ComputeMode { get; init; } = "";
    public string Fabric { get; init; } = "";

    // The architectures of our table end at 12; a number far above them is no card to come, but a broken answer.
    const int NewestCapability = 20;

    /// <summary>Rows under the header of the query. A row of another width, or with an absurd number, is left out.</summary>
    public static List<NvidiaGpu> Read(string text)
    {
        var gpus = new List<NvidiaGpu>();
        string[]? header = null;
        foreach (string line in text.Split('\n'))
        {
            string[] cells = Array.ConvertAll(line.Split(','), c => c.Trim());
            if (cells[0] == "index" && cells.Length > 3)
                header = cells;
            else if (header is not null && cells.Length == header.Length && FromRow(header, cells) is { } gpu)
                gpus.Add(gpu);
        }
        return gpus;
    }

    static NvidiaGpu? FromRow(string[] header, string[] cells)
    {
        string name = Cell("name"), driver = Cell("driver_version");
        if (Int("index") is not (>= 0 and < 1024) || name.Length == 0 || !DottedVersion.TryParse(driver, out _))
            return null;
        long? total = Mebibytes("memory.total"), used = Mebibytes("memory.used"), free = Mebibytes("memory.free");
        // Only these share the system's memory and have none of their own to tell.
        bool unified = Cell("memory.total") == "[N/A]" && (name.Contains("GB10", StringComparison.Ordinal) || name.Contains("Orin", StringComparison.Ordinal) || name.Contains("Thor", StringComparison.Ordinal));
        bool sound = total > 0 && used <= total && free <= total;
        return new NvidiaGpu
        {
            Index = Int("index")!.Value,
            Name = name,
            Driver = driver,
            Bus = Cell("pci.bus_id").ToLowerInvariant(),
            Capability = DottedVersion.From(Cell("compute_cap")) is { Major: > 0 and <= NewestCapability } c ? c : null,
            Odd = string.Join(", ", OddFields()),
            Total = sound ? total : null,
            Used = sound ? used : null,
            Free = sound ? free : null,
            MemoryFault = sound || unified ? "" : $"{Told("memory.total")}, {Told("memory.used")}, {Told("memory.free")}",
            Generation = Int("pcie.link.gen.gpucurrent") ?? Int("pcie.link.gen.current"),
            // The card's own most, held back by what the board offers.
            GenerationMax = Least(Int("pcie.link.gen.gpumax"), Int("pcie.link.gen.hostmax")) ?? Int("pcie.link.gen.max"),
            Width = Int("pcie.link.width.current"),
            WidthMax = Int("pcie.link.width.max"),
            Busy = Cell("pstate") is "P0" or "P1" or "P2",
            Mig = Cell("mig.mode.current") == "Enabled",
            Uncorrected = Int("ecc.errors.uncorrected.volatile.total"),
            PagesPending = Cell("retired_pages.pending") == "Yes",
            Throttle = Bits(Cell("clocks_event_reasons.active")) | Bits(Cell("clocks_throttle_reasons.active")),
            PowerLimit = Number("power.limit"),
            PowerDefault = Number("power.default_limit"),
            Temperature = Int("temperature.gpu"),
            ComputeMode = Cell("compute_mode"),
            Fabric = Cell("fabric.state"),
        };

        // A heading may carry its unit: 'memory.total [MiB]'.
        int Column(string field) => Array.FindIndex(header, h => h == field || h.StartsWith(field + " [", StringComparison.Ordinal));
        string Cell(string field) => Column(field) is >= 0 and var i ? cells[i] : "";
        int? Int(string field) => SystemFacts.Whole(Cell(field)) is >= 0 and <= int.MaxValue and var v ? (int)v : null;
        double? Number(string field) =>
            double.TryParse(Cell(field).Split(' ')[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double v) && v is > 0 and < 1e5 ? v : null;

        IEnumerable<string> OddFields()
        {
            if (!Version().IsMatch(driver))
                yield return Told("driver_version");
            if (Column("compute_cap") >= 0 && DottedVersion.From(Cell("compute_cap")) is not { Major: > 0 and <= NewestCapability })
                yield return Told("compute_cap");
            foreach (string mask in (string[])["clocks_event_reasons.active", "clocks_throttle_reasons.active"])
            {
                if (Cell(mask) is not ("" or "[N/A]" or "N/A" or "[Not Supported]") && !Mask().IsMatch(Cell(mask)))
                    yield return Told(mask);
            }
        }

        string Told(string field) => Column(field) is >= 0 and var i ? $"{header[i]} = {cells[i]}" : field + " = ?";

        long? Mebibytes(string field)
        {
            int i = Column(field);
            if (i < 0)
                return null;
            // A unit other than MiB, in the heading or behind the number, is a format that we do not know.
            string unit = header[i].Length > field.Length ? header[i][(field.Length + 1)..] : "[MiB]";
            string[] words = cells[i].Split(' ');
            bool known = unit == "[MiB]" && (words.Length == 1 || words[1] == "MiB");
            return known && SystemFacts.Whole(words[0]) is >= 0 and <= 16L << 20 and var v ? v : null;
        }
    }

    [GeneratedRegex(@"^\d+\.\d+(\.\d+)?$")]
    private static partial Regex Version();

    [GeneratedRegex("^0x[0-9a-fA-F]{1,16}$")]
    private static partial Regex Mask();

    static int? Least(int? a, int? b) => a is { } x && b is { } y ? Math.Min(x, y) : null;

    static long Bits(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal) && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long bits) ? bits : 0;
}

namespace Dum.Host;

/// <summary>A display or compute card on the PCI bus, as sysfs shows it.</summary>
sealed record PciCard(string Bus, int Vendor, int Device, string Driver)
{
    public const int Nvidia = 0x10de, Amd = 0x1002;

    /// <summary>Lines of <c>BUS vendor=0x… device=0x… class=0x… driver=…</c>.</summary>
    public static List<PciCard> Read(HostRecording host)
    {
        var cards = new List<PciCard>();
        foreach (string line in host["pci"].Lines)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 4 || !words[0].Contains(':', StringComparison.Ordinal) || !words[0].All(c => char.IsAsciiHexDigit(c) || c is ':' or '.'))
                continue;
            string Value(string key) => words.FirstOrDefault(w => w.StartsWith(key, StringComparison.Ordinal))?[key.Length..] ?? "";
            if (Hex(Value("vendor=")) is { } vendor && Hex(Value("device=")) is { } device)
                cards.Add(new PciCard(words[0], vendor, device, Value("driver=")));
            // No machine has so many.
            if (cards.Count == 512)
                break;
        }
        return cards;
    }

    static int? Hex(string text) =>
        text.Length < 7 && text.StartsWith("0x", StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(2), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out int value)
            ? value : null;
}

/// <summary>A device file: who may open it, and whether we may.</summary>
sealed record DeviceNode(string Path, string Mode, int Gid, bool Usable)
{
    /// <summary>Lines of <c>PATH MODE UID GID ACCESS</c>, where ACCESS is <c>rw</c> when this user may open it.</summary>
    public static List<DeviceNode> Read(HostRecording host)
    {
        var nodes = new List<DeviceNode>();
        foreach (string line in host["dev"].Lines)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 5 && words[0].StartsWith("/dev/", StringComparison.Ordinal) && int.TryParse(words[3], out int gid))
                nodes.Add(new DeviceNode(words[0], words[1], gid, words[4] == "rw"));
        }
        return nodes;
    }
}

/// <summary>How <c>nvidia-smi</c> answered.</summary>
enum SmiState { Working, Missing, Hung, Mismatch, NoDriver, NoDevices, NoLibrary, Lost, UnknownError, NoPermission, Failed, Crashed, Unreadable }

/// <summary>Everything known about the NVIDIA side of a machine.</summary>
sealed record NvidiaFacts
{
    public required IReadOnlyList<PciCard> Cards { get; init; }
    public required IReadOnlyList<NvidiaGpu> Gpus { get; init; }
    public required IReadOnlyList<DeviceNode> Nodes { get; init; }
    public required IReadOnlyList<string> Modules { get; init; }
    /// <summary>Version in /proc/driver/nvidia/version: the module that runs, which may not be the one on disk.</summary>
    public required string ModuleVersion { get; init; }
    /// <summary>True for the open modules, false for the proprietary ones, null when nothing says.</summary>
    public required bool? OpenModule { get; init; }
    public required bool ModuleOnDisk { get; init; }
    public required bool? SecureBoot { get; init; }
    /// <summary>The kernel log says that a module's key was refused.</summary>
    public required bool KeyRejected { get; init; }
    public required bool DkmsHoldsSources { get; init; }
    /// <summary>The module lies where akmods puts it: it is signed with the key of akmods, not of DKMS.</summary>
    public required bool Akmods { get; init; }
    public required SmiState Smi { get; init; }
    /// <summary>First line of what nvidia-smi said when it failed, or what it said of a dead card beside working ones.</summary>
    public required string SmiLine { get; init; }
    /// <summary>Exit status of the query, which gave rows although it failed; else 0.</summary>
    public required int QueryExit { get; init; }
    /// <summary>'CUDA Version' of the banner: the most that the driver runs, not an installed toolkit.</summary>
    public required string BannerCuda { get; init; }
    /// <summary>Numbers of the hardware Xids in the kernel log.</summary>
    public required IReadOnlyList<int> Xids { get; init; }
    /// <summary>True when the kernel log says that a card wants the open modules.</summary>
    public required bool LogWantsOpen { get; init; }
    public required bool LogRefusesOpen { get; init; }
    /// <summary>True or false when the library cache could be read, else null.</summary>
    public required bool? LibCuda { get; init; }
    public required IReadOnlyList<int> MigSlices { get; init; }
    public required IReadOnlyList<string> Holders { get; init; }
    /// <summary>Newest CUDA toolkit on disk, or null.</summary>
    public required DottedVersion? Toolkit { get; init; }
    public required int? CudnnMajor { get; init; }

    public bool Loaded => ModuleVersion.Length > 0 || Modules.Contains("nvidia");

    /// <summary>Version of the running driver: what nvidia-smi says, else the module's own word.</summary>
    public DottedVersion? Driver => DottedVersion.From(Gpus.FirstOrDefault(g => g.Driver.Length > 0)?.Driver) ?? DottedVersion.From(ModuleVersion);

    /// <summary>Whether a card, a module or a device file of NVIDIA's was seen.</summary>
    public bool Seen => Cards.Count > 0 || Gpus.Count > 0 || Loaded || Nodes.Any(n => n.Path == "/dev/nvidia0");

    /// <summary>Whether there is anything to speak about: a card was seen, or nvidia-smi is there and gave no answer that would deny one.</summary>
    public bool Present => Seen || Smi is SmiState.Hung or SmiState.Unreadable or SmiState.Crashed or SmiState.Mismatch or SmiState.Lost or SmiState.UnknownError;
}

using System.Text.RegularExpressions;

namespace Dum.Host;

/// <summary>Recorded texts in, NVIDIA facts out. Pure, and silent about what it cannot read.</summary>
static partial class NvidiaProbe
{
    // Xids that NVIDIA's catalogue files under hardware, memory, link or power; 13 and 31 are mostly the program's own fault.
    static readonly int[] s_hardwareXids = [48, 62, 63, 64, 74, 79, 92, 94, 95, 119, 120];

    public static NvidiaFacts Read(HostRecording host)
    {
        string query = host["nvidia-query"].Text, banner = host["nvidia-smi"].Text, log = host["kernel-log"].Text;
        string version = host["nvidia-version"].Text, info = host["modinfo-nvidia"].Text;
        List<NvidiaGpu> gpus = NvidiaGpu.Read(query);
        (SmiState smi, string line) = Smi(host["nvidia-smi"], host["nvidia-query"], gpus.Count);
        return new NvidiaFacts
        {
            Cards = PciCard.Read(host).FindAll(c => c.Vendor == PciCard.Nvidia),
            Gpus = gpus,
            Nodes = DeviceNode.Read(host).FindAll(n => n.Path.StartsWith("/dev/nvidia", StringComparison.Ordinal)),
            Modules = host["modules"].Text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries),
            ModuleVersion = ModuleVersion().Match(version) is { Success: true } m ? m.Groups[1].Value : "",
            OpenModule = version.Contains("Open Kernel Module", StringComparison.Ordinal) ? true
                : info.Contains("Dual MIT/GPL", StringComparison.Ordinal) ? true
                : version.Contains("NVRM version", StringComparison.Ordinal) || License().IsMatch(info) ? false : null,
            ModuleOnDisk = host["modinfo-nvidia"] is { State: SourceState.Present, Exit: 0 or null } && info.Contains("filename", StringComparison.Ordinal),
            SecureBoot = SecureBoot(host["secure-boot"]),
            KeyRejected = log.Contains("Key was rejected by service", StringComparison.Ordinal)
                || log.Contains("Required key not available", StringComparison.Ordinal)
                || log.Contains("unavailable key is rejected", StringComparison.Ordinal)
                || log.Contains("unsigned module is rejected", StringComparison.Ordinal)
                || log.Contains("Lockdown: modprobe: unsigned module", StringComparison.Ordinal),
            DkmsHoldsSources = DkmsNvidia().IsMatch(host["dkms"].Text),
            Akmods = info.Contains("/extra/nvidia/", StringComparison.Ordinal) && !DkmsNvidia().IsMatch(host["dkms"].Text),
            Smi = smi,
            SmiLine = line,
            QueryExit = gpus.Count > 0 ? host["nvidia-query"].Exit ?? 0 : 0,
            BannerCuda = CudaVersion().Match(banner) is { Success: true } c ? c.Groups[1].Value : "",
            Xids = [.. Xid().Matches(log).Select(x => int.Parse(x.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)).Where(s_hardwareXids.Contains).Distinct()],
            LogWantsOpen = log.Contains("requires use of the NVIDIA open kernel modules", StringComparison.Ordinal),
            LogRefusesOpen = log.Contains("not supported by open", StringComparison.Ordinal),
            LibCuda = host["libraries"] is { State: SourceState.Present, Exit: 0 or null } libraries && libraries.Text.Contains(".so", StringComparison.Ordinal)
                ? libraries.Text.Contains("libcuda.so.1", StringComparison.Ordinal) : null,
            MigSlices = Slices(host["nvidia-list"].Text),
            Holders = Holders(host["nvidia-apps"].Text),
            Toolkit = Toolkits(host).Select(t => t.Version).DefaultIfEmpty().Max() is { Major: > 0 } newest ? newest : null,
            CudnnMajor = Cudnn().Match(host["libraries"].Text) is { Success: true } d ? d.Groups[1].Value[0] - '0' : null,
        };
    }

    static (SmiState, string) Smi(Recorded plain, Recorded query, int rows)
    {
        // One card may be dead while its neighbours answer: the line about it stands between their rows.
        if (rows > 0)
            return (SmiState.Working, query.Lines.Select(l => l.Trim()).FirstOrDefault(IsLost) is { } lost ? lost[..Math.Min(lost.Length, 160)] : "");
        if (plain.State == SourceState.Absent && query.State == SourceState.Absent)
            return (SmiState.Missing, "");
        if (plain.State == SourceState.TimedOut || query.State == SourceState.TimedOut)
            return (SmiState.Hung, "");
        string text = plain.Text + "\n" + query.Text;
        string line = text.Split('\n').FirstOrDefault(l => l.Trim().Length > 0)?.Trim() ?? "";
        int? exit = plain.Exit ?? query.Exit;
        if (line.Length > 160)
            line = line[..160];
        bool Says(string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);
        SmiState state =
            Says("Driver/library version mismatch") ? SmiState.Mismatch
            : Says("couldn't find libnvidia-ml") || exit == 12 ? SmiState.NoLibrary
            : IsLost(text) || exit == 15 ? SmiState.Lost
            : Says("Insufficient Permissions") ? SmiState.NoPermission
            : Says("Failed to initialize NVML: Unknown Error") ? SmiState.UnknownError
            : Says("couldn't communicate with the NVIDIA driver") || exit == 9 ? SmiState.NoDriver
            : Says("No devices were found") ? SmiState.NoDevices
            // A shell and .NET add 128 to the number of the signal that killed it; 255 is a program that gave up without a reason.
            : exit is >= 128 && !Says("NVML") ? SmiState.Crashed
            : Says("NVML") || exit is > 0 ? SmiState.Failed
            : SmiState.Unreadable;
        return (state, state == SmiState.Crashed ? exit!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture) : line);
    }

    static bool IsLost(string text) =>
        text.Contains("GPU is lost", StringComparison.OrdinalIgnoreCase)
        || text.Contains("Unable to determine the device handle", StringComparison.OrdinalIgnoreCase)
        || text.Contains("GPU requires reset", StringComparison.OrdinalIgnoreCase);

    static bool? SecureBoot(Recorded source) =>
        source.Text.Contains("SecureBoot enabled", StringComparison.Ordinal) || SecureBootByte().Match(source.Text) is { Success: true, Groups: var g } && g[1].Value == "1" ? true
        : source.Text.Contains("SecureBoot disabled", StringComparison.Ordinal) || SecureBootByte().IsMatch(source.Text) ? false
        : null;

    // 'GPU 0: …' opens a card, '  MIG 1g.10gb Device 0: …' belongs to it.
    static List<int> Slices(string list)
    {
        var slices = new List<int>();
        foreach (string line in list.Split('\n'))
        {
            if (line.StartsWith("GPU ", StringComparison.Ordinal))
                slices.Add(0);
            else if (slices.Count > 0 && line.TrimStart().StartsWith("MIG ", StringComparison.Ordinal))
                slices[^1]++;
        }
        return slices;
    }

    // Header 'pid, process_name, used_gpu_memory [MiB]', then rows; the path of a program is cut to its name.
    static List<string> Holders(string apps)
    {
        var holders = new List<string>();
        foreach (string line in apps.Split('\n'))
        {
            string[] cells = line.Split(", ");
            if (cells.Length == 3 && SystemFacts.Whole(cells[0].Trim()) is not null && holders.Count < 8)
                holders.Add(cells[1].Split('/')[^1].Split(' ')[0] + " " + cells[2].Trim());
        }
        return holders;
    }

    /// <summary>Lines of <c>PLACE VERSION</c>.</summary>
    public static List<(string Place, DottedVersion Version)> Toolkits(HostRecording host)
    {
        var toolkits = new List<(string, DottedVersion)>();
        foreach (string line in host["toolkits"].Lines)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 2 && DottedVersion.TryParse(words[1], out DottedVersion version) && version.Major is > 0 and < 100)
                toolkits.Add((words[0], version));
        }
        return toolkits;
    }

    // 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 …' or '… Open Kernel Module for x86_64  580.65.06  Release Build …'
    [GeneratedRegex(@"NVRM version:.*?Module(?: for \S+)?\s+(\d+\.\d+(?:\.\d+)?)")]
    private static partial Regex ModuleVersion();

    [GeneratedRegex(@"license:\s+NVIDIA")]
    private static partial Regex License();

    [GeneratedRegex(@"CUDA (?:UMD )?Version:\s+(\d{1,2}\.\d{1,2})")]
    private static partial Regex CudaVersion();

    [GeneratedRegex(@"NVRM: Xid \([^)]*\): (\d{1,3})\b")]
    private static partial Regex Xid();

    [GeneratedRegex(@"^nvidia[^\n]*(?:added|installed|built)", RegexOptions.Multiline)]
    private static partial Regex DkmsNvidia();

    // The variable's four attribute bytes and its value, as 'od -An -tu1' prints them.
    [GeneratedRegex(@"^\s*\d+\s+\d+\s+\d+\s+\d+\s+([01])\s*$")]
    private static partial Regex SecureBootByte();

    [GeneratedRegex(@"libcudnn\.so\.(8|9)\b")]
    private static partial Regex Cudnn();
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Dum.Host;

/// <summary>Listings out of /proc, /sys and /dev. check_gpu.sh prints the same lines.</summary>
static partial class HostFiles
{
    /// <summary>A file's text, cleaned; Absent or Denied when it cannot be read.</summary>
    public static Recorded Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var buffer = new byte[Scrub.LongestText];
            int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return new Recorded(Scrub.Clean(Encoding.UTF8.GetString(buffer, 0, length)).TrimEnd('\n'), Cut: length == buffer.Length);
        }
        catch (UnauthorizedAccessException)
        {
            return Recorded.Missing with { State = SourceState.Denied };
        }
        catch (IOException)
        {
            return Recorded.Missing;
        }
    }

    public static IEnumerable<string> List(string folder, string pattern)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder, pattern).Order(StringComparer.Ordinal).Take(512) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    static string Line(string path) => Read(path).Text.Trim().Split('\n')[0];

    public static Recorded Cards()
    {
        // A kernel without PCI has no such folder, and no card; without /sys/bus nothing is known.
        if (!Directory.Exists("/sys/bus"))
            return Recorded.Missing;
        var lines = new List<string>();
        foreach (string device in List("/sys/bus/pci/devices", "*"))
        {
            string kind = Line(device + "/class");
            // 03: display; 12: processing accelerators, as AMD's Instinct cards call themselves.
            if (!kind.StartsWith("0x03", StringComparison.Ordinal) && !kind.StartsWith("0x12", StringComparison.Ordinal))
                continue;
            string driver = Directory.ResolveLinkTarget(device + "/driver", false) is { } link ? link.Name : "";
            lines.Add($"{Path.GetFileName(device)} vendor={Line(device + "/vendor")} device={Line(device + "/device")} class={kind} driver={driver}");
        }
        return new Recorded(string.Join('\n', lines));
    }

    public static Recorded Modules()
    {
        Recorded loaded = Read("/proc/modules");
        string[] wanted = ["nvidia", "nvidia_uvm", "nvidia_drm", "nvidia_modeset", "nouveau", "amdgpu", "radeon", "vfio_pci"];
        return loaded with { Text = string.Join(' ', loaded.Lines.Select(l => l.Split(' ')[0]).Where(wanted.Contains)) };
    }

    public static Recorded Devices()
    {
        if (!OperatingSystem.IsLinux())
            return Recorded.Missing;
        string[] nodes = [.. List("/dev", "nvidia*").Where(n => !Directory.Exists(n)), .. List("/dev", "kfd"), .. List("/dev/dri", "renderD*"), .. List("/dev", "dxg")];
        if (nodes.Length == 0)
            return new Recorded("");
        Recorded told = ForeignCommand.Run("stat", ["-c", "%n %A %u %g", .. nodes], TimeSpan.FromSeconds(2));
        const int ReadWrite = 6;
        return told with
        {
            Exit = null,
            Text = string.Join('\n', told.Lines.Select(l => l + (access(l.Split(' ')[0], ReadWrite) == 0 ? " rw" : " --"))),
        };
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int access(string path, int mode);

    public static Recorded ComputeNodes()
    {
        const string Nodes = "/sys/class/kfd/kfd/topology/nodes";
        if (!Directory.Exists(Nodes))
            return Recorded.Missing;
        var lines = new List<string>();
        foreach (string node in List(Nodes, "*"))
        {
            var values = new Dictionary<string, string>();
            foreach (string line in Read(node + "/properties").Lines)
            {
                if (line.Split(' ') is [var key, var value])
                    values[key] = value;
            }
            lines.Add($"node={Path.GetFileName(node)} gfx={values.GetValueOrDefault("gfx_target_version", "0")} vendor={values.GetValueOrDefault("vendor_id", "0")} device={values.GetValueOrDefault("device_id", "0")}");
        }
        return new Recorded(string.Join('\n', lines));
    }

    public static Recorded AmdMemory() => new(string.Join('\n', List("/sys/class/drm", "card?")
        .Where(c => File.Exists(c + "/device/mem_info_vram_total"))
        .Select(c => $"{Path.GetFileName(c)} total={Line(c + "/device/mem_info_vram_total")} used={Line(c + "/device/mem_info_vram_used")}")));

    public static Recorded Wsl()
    {
        var lines = new List<string>();
        if (File.Exists("/dev/dxg"))
            lines.Add("dxg=yes");
        if (List("/usr/lib/wsl/lib", "libcuda.so*").Any())
            lines.Add("lib=yes");
        foreach (string folder in (ReadOnlySpan<string>)["/usr/lib/x86_64-linux-gnu", "/usr/lib64"])
        {
            if (List(folder, "libnvidia-ml.so.[0-9]*").Concat(List(folder, "libnvidia-ml.so.*")).LastOrDefault() is { } driver)
                lines.Add("linux-driver=" + driver);
        }
        return new Recorded(string.Join('\n', lines));
    }

    public static Recorded Toolkits()
    {
        var lines = new List<string>();
        foreach (string folder in List("/usr/local", "cuda*"))
        {
            // version.json: { "cuda" : { "name" : "CUDA SDK", "version" : "12.8.1" }, … }
            string text = Read(folder + "/version.json").Text;
            int at = text.IndexOf("\"cuda\"", StringComparison.Ordinal);
            at = at < 0 ? -1 : text.IndexOf("\"version\"", at, StringComparison.Ordinal);
            if (at >= 0 && text[at..].Split('"') is [_, _, _, var version, ..])
                lines.Add($"{folder} {version}");
        }
        return new Recorded(string.Join('\n', lines));
    }

    // 'Linux version 6.8.0-45-generic': what follows names the builder's machine.
    public static Recorded Kernel()
    {
        Recorded version = Read("/proc/version");
        return version with { Text = string.Join(' ', version.Text.Split(' ').Take(3)) };
    }

    // Only what decides something: the rest of a command line can name disks and keys.
    public static Recorded CommandLine()
    {
        Recorded line = Read("/proc/cmdline");
        return line with { Text = string.Join(' ', line.Text.Split(' ', '\n').Where(w => w is "nomodeset" || w.StartsWith("vfio-pci.ids", StringComparison.Ordinal) || w.StartsWith("modprobe.blacklist", StringComparison.Ordinal))) };
    }

    public static Recorded Processors()
    {
        if (!File.Exists("/proc/cpuinfo"))
            return Recorded.Missing;
        string[] keys = ["processor", "model name", "physical id", "core id", "Features"];
        bool flags = false;
        // Line by line: with 200 processors the whole file is larger than one source may be.
        return new Recorded(Scrub.Clean(string.Join('\n', File.ReadLines("/proc/cpuinfo").Where(l =>
        {
            string key = l.Split(':')[0].Trim();
            return keys.Contains(key) || (key == "flags" && !flags && (flags = true));
        }))));
    }

    public static Recorded Memory()
    {
        Recorded info = Read("/proc/meminfo");
        if (info.State == SourceState.Present)
            return info with { Text = string.Join('\n', info.Lines.Where(l => l.StartsWith("Mem", StringComparison.Ordinal))) };
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return OperatingSystem.IsLinux() ? info : new Recorded(
            $"MemTotal: {memory.TotalAvailableMemoryBytes >> 10} kB\nMemAvailable: {Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes) >> 10} kB");
    }

    public static Recorded Disk()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return new Recorded((new DriveInfo(home.Length > 0 ? home : "/").AvailableFreeSpace >> 10).ToString(CultureInfo.InvariantCulture));
    }

    public static Recorded Container()
    {
        string kind = File.Exists("/.dockerenv") ? "docker"
            : File.Exists("/run/.containerenv") ? "podman"
            : Environment.GetEnvironmentVariable("container") is { Length: > 0 } named ? Scrub.Clean(named)
            : Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is not null ? "kubernetes" : "";
        return new Recorded(kind);
    }
}

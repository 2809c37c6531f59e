using System.Globalization;

namespace Dum.Host;

/// <summary>Operating system, kernel, WSL and container: what decides which fix is the right one here.</summary>
sealed record SystemFacts
{
    public required string OsId { get; init; }
    public required string OsName { get; init; }
    public required string OsVersion { get; init; }
    public required string Kernel { get; init; }
    /// <summary>0 outside WSL, else 1 or 2.</summary>
    public required int Wsl { get; init; }
    /// <summary>The mark that gave the container away, or null.</summary>
    public required string? Container { get; init; }
    public required string CommandLine { get; init; }
    public required IReadOnlyDictionary<string, string> Variables { get; init; }
    /// <summary>Keys under which a fix may stand, the most particular first: container, ubuntu24, ubuntu, debian, any.</summary>
    public required IReadOnlyList<string> FixKeys { get; init; }

    /// <summary>Digits only, because it becomes part of a command; empty for a system without versions.</summary>
    public string OsMajor => Digits(OsVersion.Split('.')[0]);

    static string Digits(string text) => text.All(char.IsAsciiDigit) ? text : "";

    public static SystemFacts Read(HostRecording host)
    {
        Dictionary<string, string> os = Pairs(host["os-release"]);
        string id = os.GetValueOrDefault("ID", "").ToLowerInvariant();
        string version = os.GetValueOrDefault("VERSION_ID", "");
        string kernel = host["kernel"].Text;
        // 'microsoft-standard-WSL2' is WSL 2 (or a self-built kernel of it); 'Microsoft' alone is WSL 1's imitation.
        int wsl = !kernel.Contains("microsoft", StringComparison.OrdinalIgnoreCase) ? 0
            : kernel.Contains("WSL2", StringComparison.Ordinal) || kernel.Contains("microsoft-standard", StringComparison.Ordinal) ? 2 : 1;
        string container = host["container"].Lines.Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0) ?? "";
        string[] words = kernel.Split(' ');
        return new SystemFacts
        {
            OsId = id,
            OsName = os.GetValueOrDefault("PRETTY_NAME", os.GetValueOrDefault("NAME", "")),
            OsVersion = version,
            Kernel = words.Length > 2 && words[0] == "Linux" ? words[2] : "",
            Wsl = wsl,
            Container = container.Length > 0 ? container : null,
            CommandLine = host["cmdline"].Text,
            Variables = Pairs(host["env"]),
            FixKeys = Keys(id, os.GetValueOrDefault("ID_LIKE", ""), Digits(version.Split('.')[0]), wsl > 0, container.Length > 0,
                image: os.GetValueOrDefault("VARIANT_ID", "") is "silverblue" or "kinoite" or "sericea" or "onyx" or "coreos" or "iot" || os.ContainsKey("OSTREE_VERSION"),
                arm: host["machine"].Text.Trim() is "aarch64" or "arm64"),
        };
    }

    static List<string> Keys(string id, string like, string major, bool wsl, bool container, bool image, bool arm)
    {
        var keys = new List<string>();
        if (container)
            keys.Add("container");
        if (wsl)
            keys.Add("wsl");
        // An image-based system has no package command of its family's.
        if (image)
        {
            keys.Add("any");
            return keys;
        }
        foreach (string name in (ReadOnlySpan<string>)[id, .. like.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries)])
        {
            string family = name switch
            {
                "centos" or "rocky" or "almalinux" or "ol" => "rhel",
                "opensuse" or "opensuse-leap" or "opensuse-tumbleweed" or "sles" or "sled" => "suse",
                "manjaro" or "endeavouros" => "arch",
                _ => name,
            };
            if (name == "manjaro")
                Add(name);
            // A version is that of the system itself, not of what it is like; repositories differ by version, by processor, and for SLES.
            if (name == id && !arm && name is not ("sles" or "sled"))
                Add(family + major);
            Add(family);
            // What says nothing of its own about an upstream follows it: Ubuntu packages as Debian does, RHEL as Fedora.
            if (family == "ubuntu")
                Add("debian");
            else if (family == "rhel")
                Add("fedora");
        }
        Add("any");
        return keys;

        void Add(string key)
        {
            if (key.Length > 0 && !keys.Contains(key))
                keys.Add(key);
        }
    }

    /// <summary>Lines of NAME=value, quotes taken off; other lines are skipped.</summary>
    public static Dictionary<string, string> Pairs(Recorded source)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in source.Lines)
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                pairs[line[..equals].Trim()] = line[(equals + 1)..].Trim().Trim('"', '\'');
        }
        return pairs;
    }

    /// <summary>A whole number out of foreign text; null for anything else, '[N/A]' included.</summary>
    public static long? Whole(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null;
}

namespace Dum.Host;

/// <summary>A PyTorch that some Python has.</summary>
sealed record TorchFacts(string Python, string Version, string Cuda, string Hip, IReadOnlyList<string> Architectures)
{
    /// <summary>The build's tag after the plus sign: cu128, rocm6.4, cpu; empty for wheels from the plain index.</summary>
    public string Tag => Version.Split('+') is [_, var tag, ..] ? tag : Cuda.Length > 0 ? "cu" + Cuda.Replace(".", "", StringComparison.Ordinal) : "";

    public static TorchFacts? Read(HostRecording host)
    {
        Dictionary<string, string> pairs = SystemFacts.Pairs(host["torch"]);
        string version = pairs.GetValueOrDefault("torch", "");
        return DottedVersion.TryParse(version, out _) && version.Length < 60
            ? new TorchFacts(
                // It becomes part of a command, and a recording may come from a stranger.
                pairs.GetValueOrDefault("python", "") is { Length: > 0 } python && python.All(c => char.IsAsciiLetterOrDigit(c) || "_./~+-".Contains(c, StringComparison.Ordinal)) ? python : "python3",
                version,
                NotNone(pairs.GetValueOrDefault("cuda", "")),
                NotNone(pairs.GetValueOrDefault("hip", "")),
                pairs.GetValueOrDefault("arch", "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            : null;
    }

    static string NotNone(string text) => text is "None" ? "" : text;
}

/// <summary>How Docker answered.</summary>
enum DockerState { Absent, Working, NoPermission, NoDaemon, Unreadable }

/// <summary>Docker and what it knows of GPUs.</summary>
sealed record DockerFacts
{
    public required DockerState State { get; init; }
    public required string Version { get; init; }
    public required bool SystemdCgroup { get; init; }
    public required bool NvidiaRuntime { get; init; }
    public required string Toolkit { get; init; }
    /// <summary>Driver version named in a CDI file; empty when there is a file without one, null when there is no file.</summary>
    public required string? Cdi { get; init; }
    /// <summary>Output of the live container test; null when it was not asked for.</summary>
    public required string? Live { get; init; }

    public static DockerFacts Read(HostRecording host)
    {
        Recorded info = host["docker"];
        string[] cells = info.Lines.LastOrDefault(l => l.Count(c => c == '|') == 2)?.Split('|') ?? [];
        Dictionary<string, string> kit = SystemFacts.Pairs(host["container-toolkit"]);
        bool Says(string words) => info.Text.Contains(words, StringComparison.OrdinalIgnoreCase);
        bool working = info.Exit is 0 or null && cells.Length == 3 && DottedVersion.TryParse(cells[0], out _);
        return new DockerFacts
        {
            State = info.State == SourceState.Absent ? DockerState.Absent
                : working ? DockerState.Working
                : Says("permission denied") ? DockerState.NoPermission
                : Says("Is the docker daemon running") || Says("Cannot connect to the Docker daemon") || Says("failed to connect to the docker API") ? DockerState.NoDaemon
                : DockerState.Unreadable,
            Version = working ? cells[0] : "",
            SystemdCgroup = working && cells[1] == "systemd" && kit.GetValueOrDefault("cgroup", "") != "cgroupfs",
            NvidiaRuntime = working && cells[2].Split(' ').Contains("nvidia"),
            Toolkit = kit.GetValueOrDefault("nvidia-ctk", ""),
            Cdi = kit.GetValueOrDefault("cdi"),
            Live = host["docker-live"].State == SourceState.Present ? host["docker-live"].Text : null,
        };
    }
}

/// <summary>A local model server that listens on its usual port.</summary>
sealed record ServerFacts(string Name, int Port, string Answer)
{
    public static List<ServerFacts> Read(HostRecording host)
    {
        var servers = new List<ServerFacts>();
        foreach (string line in host["servers"].Lines)
        {
            string[] words = line.Split(' ', 3);
            if (words.Length == 3 && int.TryParse(words[1], out int port) && port is > 0 and < 65536)
                servers.Add(new ServerFacts(words[0], port, words[2]));
        }
        return servers;
    }
}

namespace Dum.Host;

/// <summary>Whether a capability can be used.</summary>
public enum Readiness
{
    /// <summary>This machine has no such hardware or program; nothing is wrong.</summary>
    Absent,
    /// <summary>It works.</summary>
    Ready,
    /// <summary>It works with limits.</summary>
    Limited,
    /// <summary>It is here, and nothing can be promised; a problem says why.</summary>
    Unknown,
    /// <summary>It does not work; a problem says why and what to do.</summary>
    Blocked,
}

/// <summary>A capability and its verdict.</summary>
/// <param name="Id"><c>cpu-infer</c>, <c>cpu-train</c>, <c>nvidia</c>, <c>amd</c> or <c>docker</c>.</param>
/// <param name="State">The verdict.</param>
/// <param name="Detail">What it rests on, in the user's language.</param>
public sealed record Capability(string Id, Readiness State, string Detail)
{
    /// <summary>The capability's name for a reader.</summary>
    public string Title => Id switch
    {
        "cpu-infer" => Tongue.Say("Inference on the processor", "Вывод на процессоре"),
        "cpu-train" => Tongue.Say("Training on the processor", "Обучение на процессоре"),
        "nvidia" => Tongue.Say("NVIDIA GPU", "Видеокарта NVIDIA"),
        "amd" => Tongue.Say("AMD GPU", "Видеокарта AMD"),
        _ => Tongue.Say("Docker with a GPU", "Docker с видеокартой"),
    };
}

/// <summary>A recorded machine, judged: its facts, a verdict for each capability, and the problems, worst first.</summary>
public sealed class HostCheck
{
    internal SystemFacts System { get; }
    internal ComputeFacts Compute { get; }
    internal NvidiaFacts Nvidia { get; }
    internal AmdFacts Amd { get; }
    internal TorchFacts? Torch { get; }
    internal DockerFacts Docker { get; }
    internal IReadOnlyList<ServerFacts> Servers { get; }
    internal HostRecording Recording { get; }

    /// <summary>The verdicts, always the same five in the same order.</summary>
    public IReadOnlyList<Capability> Capabilities { get; }

    /// <summary>What is wrong, worst first.</summary>
    public IReadOnlyList<HostProblem> Problems { get; }

    /// <summary>True when nothing is blocked and nothing present is unknown.</summary>
    public bool IsReady => !Capabilities.Any(c => c.State >= Readiness.Unknown);

    /// <summary>Judges a recording. Never throws on its content.</summary>
    public HostCheck(HostRecording recording)
    {
        Recording = recording;
        System = SystemFacts.Read(recording);
        Compute = ComputeFacts.Read(recording);
        Nvidia = NvidiaProbe.Read(recording);
        Amd = AmdFacts.Read(recording);
        Torch = TorchFacts.Read(recording);
        Docker = DockerFacts.Read(recording);
        Servers = ServerFacts.Read(recording);
        RuleTables tables = RuleTables.Standard;
        var book = new ProblemBook(tables, System);
        NvidiaRules.Apply(Nvidia, System, recording, book);
        AmdRules.Apply(Amd, System, book);
        bool wslGpu = System.Wsl > 0;
        bool nvidia = wslGpu || Nvidia.Present, builtIn = book.Has("amd.integrated"), amd = !wslGpu && (builtIn || AmdRules.Present(Amd, tables));
        // A bus that cannot be seen is no proof of an empty one.
        bool dark = !wslGpu && !nvidia && !amd && recording["pci"].State != SourceState.Present;
        if (dark)
            book.Add("gpu.unseen", null, ("have", "/sys/bus/pci"));
        SoftwareRules.Torch(Torch, Nvidia, Amd, System, book);
        SoftwareRules.Docker(Docker, Nvidia, book);
        SoftwareRules.Compute(Compute, book);
        Problems = book.Ordered();
        Capabilities =
        [
            new("cpu-infer", Verdict("cpu-infer", true), HostDetails.Processor(Compute)),
            new("cpu-train", Verdict("cpu-train", true), HostDetails.Memory(Compute)),
            // 'Ready' rests on a card that answered, never on the mere absence of a complaint.
            new("nvidia", Verdict("nvidia", nvidia || dark, Nvidia.Gpus.Count > 0), HostDetails.Nvidia(Nvidia)),
            new("amd", Verdict("amd", amd || dark, builtIn || Amd.Gpus.Count > 0), HostDetails.Amd(Amd, tables)),
            new("docker", Verdict("docker", nvidia && Docker.State != DockerState.Absent, Nvidia.Gpus.Count > 0), HostDetails.Docker(Docker)),
        ];
    }

    Readiness Verdict(string capability, bool present, bool proven = true)
    {
        if (!present)
            return Readiness.Absent;
        Severity worst = Severity.Note;
        foreach (HostProblem problem in Problems)
        {
            if (problem.Severity > worst && problem.Capabilities.Contains(capability))
                worst = problem.Severity;
        }
        return worst switch
        {
            Severity.Block => Readiness.Blocked,
            Severity.Unknown => Readiness.Unknown,
            _ when !proven => Readiness.Unknown,
            Severity.Limit => Readiness.Limited,
            _ => Readiness.Ready,
        };
    }
}

using System.Globalization;

namespace Dum.Host;

/// <summary>
/// Reads a live Linux machine into a <see cref="HostRecording"/>: the only part of the check that touches the world.
/// It writes nothing, asks for no privileges, and every command has a time limit.
/// </summary>
public static class HostCollector
{
    static readonly TimeSpan s_quick = TimeSpan.FromSeconds(2), s_driver = TimeSpan.FromSeconds(10), s_slow = TimeSpan.FromSeconds(60);

    /// <summary>Variables that hide devices or change what a runtime loads.</summary>
    static readonly string[] s_variables =
    [
        "CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL",
        "GGML_VK_VISIBLE_DEVICES", "HSA_OVERRIDE_GFX_VERSION", "WSL_DISTRO_NAME",
    ];

    /// <summary>Reads the machine.</summary>
    /// <param name="deep">Also imports PyTorch, which can take ten seconds.</param>
    /// <param name="docker">Also runs a test container.</param>
    /// <param name="cancel">Ends the wait between sources.</param>
    public static HostRecording Collect(bool deep = false, bool docker = false, CancellationToken cancel = default)
    {
        var sources = new Dictionary<string, Func<Recorded>>
        {
            ["date"] = () => new Recorded(DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ["os-release"] = () => HostFiles.Read("/etc/os-release"),
            ["kernel"] = HostFiles.Kernel,
            ["machine"] = () => Run("uname", s_quick, "-m"),
            ["cmdline"] = () => HostFiles.CommandLine(),
            ["cpuinfo"] = () => HostFiles.Processors(),
            ["meminfo"] = () => HostFiles.Memory(),
            ["cgroup-memory"] = () => HostFiles.Read("/sys/fs/cgroup/memory.max"),
            ["disk"] = () => HostFiles.Disk(),
            ["container"] = () => HostFiles.Container(),
            ["env"] = () => new Recorded(string.Join('\n', s_variables.Where(v => Environment.GetEnvironmentVariable(v) is not null).Select(v => $"{v}={Scrub.Clean(Environment.GetEnvironmentVariable(v)!)}"))),
            ["pci"] = HostFiles.Cards,
            ["modules"] = HostFiles.Modules,
            ["dev"] = HostFiles.Devices,
            ["kfd"] = HostFiles.ComputeNodes,
            ["amd-memory"] = HostFiles.AmdMemory,
            ["amdgpu-version"] = () => HostFiles.Read("/sys/module/amdgpu/version"),
            ["rocm"] = () => HostFiles.Read("/opt/rocm/.info/version"),
            ["wsl"] = HostFiles.Wsl,
            ["toolkits"] = HostFiles.Toolkits,
            ["nvidia-version"] = () => HostFiles.Read("/proc/driver/nvidia/version"),
            ["secure-boot"] = SecureBoot,
            ["modinfo-nvidia"] = () => Keep(Run("modinfo", s_quick, "nvidia"), l => l.StartsWith("filename", StringComparison.Ordinal) || l.StartsWith("version", StringComparison.Ordinal) || l.StartsWith("license", StringComparison.Ordinal) || l.StartsWith("signer", StringComparison.Ordinal) || l.Contains("ERROR", StringComparison.Ordinal)),
            ["kernel-log"] = () => Keep(Run("dmesg", s_quick), l => s_logWords.Any(w => l.Contains(w, StringComparison.OrdinalIgnoreCase))),
            ["dkms"] = () => Run("dkms", s_quick, "status"),
            ["libraries"] = () => Keep(Run("ldconfig", s_quick, "-p"), l => s_libraries.Any(w => l.Contains(w, StringComparison.Ordinal))),
            ["memory-modules"] = () => Keep(Run("dmidecode", s_quick, "-t", "memory"), l => l.Contains("Locator:", StringComparison.Ordinal) || l.Contains("Size:", StringComparison.Ordinal) || l.Contains("Speed:", StringComparison.Ordinal)),
            ["nvidia-smi"] = () => Run("nvidia-smi", s_driver),
            ["nvidia-query"] = NvidiaQuery.Run,
            ["nvidia-list"] = () => Run("nvidia-smi", s_driver, "-L"),
            ["nvidia-apps"] = () => Run("nvidia-smi", s_driver, "--query-compute-apps=pid,process_name,used_gpu_memory", "--format=csv"),
            ["torch"] = () => Python(deep),
            ["docker"] = () => Run("docker", s_quick, "info", "--format", "{{.ServerVersion}}|{{.CgroupDriver}}|{{range $k, $v := .Runtimes}}{{$k}} {{end}}"),
            ["container-toolkit"] = ContainerToolkit,
            ["servers"] = () => LocalServers.Look(cancel),
        };
        if (docker)
            sources["docker-live"] = () => Run("docker", s_slow, "run", "--rm", "--gpus", "all", "ubuntu", "nvidia-smi", "-L");
        var recording = new HostRecording();
        // Nearly all of the time is other programs starting: at once they cost as much as the slowest of them.
        Task<(string Id, Recorded Answer)>[] running =
            [.. sources.Select(s => Task.Factory.StartNew(() => (s.Key, Guard(s.Value)), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Task.WaitAll(running, cancel);
        foreach (Task<(string Id, Recorded Answer)> done in running)
            recording[done.Result.Id] = done.Result.Answer;
        return recording;
    }

    static readonly string[] s_logWords = ["nvrm", "nvidia", "nouveau", "key was rejected", "required key not available", "is rejected", "lockdown:", "amdgpu", "kfd"];

    static readonly string[] s_libraries = ["libcuda.so", "libnvidia-ml.so", "libcudnn.so", "libnvrtc.so", "libcublas.so", "libamdhip64.so", "libhsa-runtime64.so", "librocblas.so", "libOpenCL.so",
        // The heading of the list: with it, a library that is not named is known to be missing.
        "found in cache"];

    static Recorded Run(string program, TimeSpan limit, params string[] arguments) => ForeignCommand.Run(program, arguments, limit);

    static Recorded Keep(Recorded source, Func<string, bool> wanted)
    {
        const int MostLines = 400;
        return source.Exit is 0 ? source with { Text = string.Join('\n', source.Lines.Where(wanted).TakeLast(MostLines)) } : source;
    }

    static Recorded Guard(Func<Recorded> source)
    {
        try
        {
            return source();
        }
        catch (UnauthorizedAccessException)
        {
            return Recorded.Missing with { State = SourceState.Denied };
        }
        catch (Exception e) when (e is IOException or NotSupportedException or System.Security.SecurityException)
        {
            return Recorded.Missing;
        }
    }

    static Recorded SecureBoot()
    {
        Recorded told = Run("mokutil", s_quick, "--sb-state");
        if (told.State == SourceState.Present && told.Text.Contains("SecureBoot", StringComparison.Ordinal))
            return told;
        const string Variable = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";
        return File.Exists(Variable) ? new Recorded(string.Join(' ', File.ReadAllBytes(Variable).Take(5))) : Recorded.Missing;
    }

    static Recorded Python(bool deep)
    {
        // Reading version.py costs milliseconds; importing torch costs seconds, so that only happens when asked for.
        const string Look = """
            import importlib.util,os,re,sys
            s=importlib.util.find_spec('torch')
            h=os.path.expanduser('~')
            print('python='+('~'+sys.executable[len(h):] if sys.executable.startswith(h+'/') else sys.executable))
            if s and s.origin:
                t=open(os.path.join(os.path.dirname(s.origin),'version.py')).read()
                for k,n in (('__version__','torch'),('cuda','cuda'),('hip','hip')):
                    m=re.search(r"^"+k+r"[^=\n]*=\s*'?([^'\n]*)'?",t,re.M)
                    print(n+'='+(m.group(1) if m else 'None'))
            """;
        const string Import = """
            if s:
                import torch
                print('arch='+' '.join(torch.cuda.get_arch_list()))
                print('available='+str(torch.cuda.is_available()))
                print('cudnn='+str(torch.backends.cudnn.version()))
            """;
        return Run("python3", deep ? s_slow : s_quick, "-c", deep ? Look + "\n" + Import : Look);
    }

    static Recorded ContainerToolkit()
    {
        var lines = new List<string>();
        Recorded version = Run("nvidia-ctk", s_quick, "--version");
        if (version.Text.Split("version ") is [_, var number, ..])
            lines.Add("nvidia-ctk=" + number.Split([' ', '\n', ','])[0]);
        foreach (string folder in (ReadOnlySpan<string>)["/etc/cdi", "/var/run/cdi"])
        {
            foreach (string file in HostFiles.List(folder, "*nvidia*"))
            {
                string text = HostFiles.Read(file).Text;
                int at = text.IndexOf("libcuda.so.", StringComparison.Ordinal);
                lines.Add("cdi=" + (at < 0 ? "" : new string([.. text.Skip(at + 11).TakeWhile(c => char.IsAsciiDigit(c) || c == '.')])));
            }
        }
        if (HostFiles.Read("/etc/docker/daemon.json").Text.Contains("native.cgroupdriver=cgroupfs", StringComparison.Ordinal))
            lines.Add("cgroup=cgroupfs");
        return new Recorded(string.Join('\n', lines));
    }
}

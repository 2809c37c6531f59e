using System.Diagnostics;
using Dum.Host;
using Xunit;

namespace Dum.Tests.Host;

/// <summary>The collector against tools that hang, flood, lie or are missing; and both tools on the very same machine.</summary>
[Collection(nameof(Tongue))]
public sealed class CollectorTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("dum-check-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    void Tool(string name, string body)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    Recorded Run(string name, double seconds = 5)
    {
        string before = Environment.GetEnvironmentVariable("PATH")!;
        Environment.SetEnvironmentVariable("PATH", _folder + ":" + before);
        try
        {
            return ForeignCommand.Run(name, [], TimeSpan.FromSeconds(seconds));
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", before);
        }
    }

    [Fact]
    public void A_tool_that_hangs_is_cut_off_at_its_limit()
    {
        Tool("hanging", "echo partial; sleep 30");
        var clock = Stopwatch.StartNew();
        Recorded answer = Run("hanging", 0.5);
        Assert.Equal(SourceState.TimedOut, answer.State);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), clock.Elapsed.ToString());
    }

    [Fact]
    public void A_tool_that_leaves_a_child_holding_the_pipe_does_not_hold_us()
    {
        Tool("forking", "sleep 30 & echo started");
        var clock = Stopwatch.StartNew();
        Assert.Equal(SourceState.TimedOut, Run("forking", 0.5).State);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), clock.Elapsed.ToString());
    }

    [Fact]
    public void A_tool_that_floods_is_cut_and_ended()
    {
        Tool("flooding", "while :; do echo 0123456789012345678901234567890123456789; done");
        Recorded answer = Run("flooding");
        Assert.True(answer.Cut);
        Assert.True(answer.Text.Length <= Scrub.LongestText);
    }

    [Fact]
    public void A_missing_tool_is_absent_and_a_failing_one_keeps_its_words()
    {
        Assert.Equal(SourceState.Absent, Run("no-such-tool-anywhere").State);
        Tool("failing", "echo out; echo err >&2; exit 9");
        Recorded answer = Run("failing");
        Assert.Equal(9, answer.Exit);
        Assert.Equal("out\nerr", answer.Text);
    }

    [Fact]
    public void A_driver_that_does_not_know_a_field_is_asked_again_without_it()
    {
        // As drivers before 510 do: one unknown field refuses the whole query.
        Tool("nvidia-smi", """
            case $1 in
              *compute_cap*) echo 'Field "compute_cap" is not a valid field to query.'; exit 2 ;;
              *clocks_event_reasons*) echo 'Field "clocks_event_reasons.active" is not a valid field to query.'; exit 2 ;;
              *fabric.state*) echo 'Field "fabric.state" is not a valid field to query.'; exit 2 ;;
              --query-gpu*clocks_throttle_reasons.active*) echo 'index, name, driver_version, memory.total [MiB]'; echo '0, NVIDIA GeForce RTX 3080, 470.256.02, 10240' ;;
              *) exit 2 ;;
            esac
            """);
        string before = Environment.GetEnvironmentVariable("PATH")!;
        Environment.SetEnvironmentVariable("PATH", _folder + ":" + before);
        Recorded answer;
        try
        {
            answer = NvidiaQuery.Run();
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", before);
        }
        Assert.Equal("NVIDIA GeForce RTX 3080", Assert.Single(NvidiaGpu.Read(answer.Text)).Name);
    }

    [Fact]
    public void Both_tools_see_the_same_machine_here()
    {
        if (!OperatingSystem.IsLinux())
            return;
        // A fake driver that prints rubbish, and one that finds nothing.
        foreach (string smi in (string[])["printf '\\033[31mhello\\n'", "echo 'No devices were found'; exit 6"])
        {
            Tool("nvidia-smi", smi);
            string recording = Path.Combine(_folder, "recording");
            var start = new ProcessStartInfo("sh", [Path.Combine(RecordedHosts.Root, "check_gpu.sh"), "--record"]) { RedirectStandardOutput = true };
            start.Environment["PATH"] = _folder + ":" + start.Environment["PATH"];
            var clock = Stopwatch.StartNew();
            using Process script = Process.Start(start)!;
            File.WriteAllText(recording, script.StandardOutput.ReadToEnd());
            script.WaitForExit();
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(40), clock.Elapsed.ToString());
            HostRecording theirs = HostRecording.Read(recording);
            string before = Environment.GetEnvironmentVariable("PATH")!;
            Environment.SetEnvironmentVariable("PATH", _folder + ":" + before);
            HostRecording ours;
            try
            {
                ours = HostCollector.Collect();
            }
            finally
            {
                Environment.SetEnvironmentVariable("PATH", before);
            }
            Assert.Equal(RecordedHosts.Verdicts(new HostCheck(ours)), RecordedHosts.Verdicts(new HostCheck(theirs)));
            foreach (string id in (string[])["os-release", "kernel", "container", "pci", "modules", "dev", "nvidia-query", "libraries"])
                Assert.True(ours[id].State == theirs[id].State && ours[id].Text.Trim() == theirs[id].Text.Trim(), $"{id}: «{ours[id].Text}» against «{theirs[id].Text}»");
        }
    }
}

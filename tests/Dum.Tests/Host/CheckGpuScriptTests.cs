using System.Diagnostics;
using System.Text;
using Dum.Host;
using Xunit;

namespace Dum.Tests.Host;

/// <summary>Tests that switch the product's language run alone: it is one setting of the whole process.</summary>
[CollectionDefinition(nameof(Tongue), DisableParallelization = true)]
public class TongueAlone;

/// <summary>check_gpu.sh says what 'dum check' says, under every shell that this machine has.</summary>
[Collection(nameof(Tongue))]
public class CheckGpuScriptTests
{
    static readonly string s_script = Path.Combine(RecordedHosts.Root, "check_gpu.sh");

    static (int Exit, string Output, string Errors) Run(string[] shell, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(shell[0], [.. shell[1..], s_script, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["DUM_LANG"] = "en";
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    static bool Here(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    // A shell that is not installed is passed over; on every machine with one of them something is still tested.
    [Theory]
    [InlineData("sh", 1)]
    [InlineData("dash", 3)]
    [InlineData("busybox sh", 3)]
    [InlineData("bash", 3)]
    public void It_agrees_with_dum_check_on_every_recorded_host(string name, int step)
    {
        string[] shell = name.Split(' ');
        if (!Here(shell[0]))
            return;
        Parallel.ForEach(RecordedHosts.All.Where((_, i) => i % step == 0), new ParallelOptions { MaxDegreeOfParallelism = 2 }, host =>
        {
            var check = new HostCheck(HostRecording.Parse(host.Text));
            (int exit, string output, string errors) = Run(shell, ["--ids", "--host", host.Path]);
            string[] lines = output.TrimEnd('\n').Split('\n');
            Assert.Equal("", errors);
            Assert.Equal(string.Join(' ', RecordedHosts.Verdicts(check).Split(' ')[2..]), lines[0]);
            Assert.Equal(check.Problems.Where(IsGpu).Select(p => $"{p.Id}:{p.FixId}"), lines[1..]);
            Assert.Equal(check.Capabilities.Skip(2).Any(c => c.State >= Readiness.Unknown) ? 1 : 0, exit);
        });
    }

    static bool IsGpu(HostProblem p) => !p.Id.StartsWith("cpu.", StringComparison.Ordinal) && !p.Id.StartsWith("disk.", StringComparison.Ordinal);

    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    public void It_prints_the_same_sentences_and_commands(string tongue)
    {
        foreach (RecordedHost host in RecordedHosts.All.Where((_, i) => i % 4 == 0))
        {
            string output = Run(["sh"], ["--host", host.Path], ("DUM_LANG", tongue)).Output;
            bool before = Tongue.IsRussian;
            Tongue.IsRussian = tongue == "ru";
            IReadOnlyList<HostProblem> problems = new HostCheck(HostRecording.Parse(host.Text)).Problems;
            Tongue.IsRussian = before;
            foreach (HostProblem problem in problems.Where(IsGpu))
            {
                Assert.Contains(problem.What, output, StringComparison.Ordinal);
                Assert.Contains(problem.Why, output, StringComparison.Ordinal);
                Assert.Contains(problem.Fix, output, StringComparison.Ordinal);
                Assert.Contains(problem.Verify, output, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Its_copy_of_the_rules_is_up_to_date()
    {
        string script = File.ReadAllText(s_script);
        const string Opening = "rules() {\n  printf '%s\\n' '\n";
        int from = script.IndexOf(Opening, StringComparison.Ordinal) + Opening.Length;
        string copy = script[from..script.IndexOf("\n'\n", from, StringComparison.Ordinal)].Replace(@"'\''", "'", StringComparison.Ordinal);
        string rows = string.Join('\n', (RuleTables.Resource("host-rules.txt") + RuleTables.Resource("host-problems.txt")).Split('\n')
            .Where(l => l.Length > 0 && l[0] != '#' && !l.StartsWith("bandwidth ", StringComparison.Ordinal)));
        Assert.True(rows == copy, "run: sh scripts/embed-rules.sh");
    }

    [Theory]
    [InlineData("--hots")]
    [InlineData("--host")]
    [InlineData("--host", "/etc/passwd")]
    public void Bad_arguments_get_one_line_and_exit_code_2(params string[] arguments)
    {
        (int exit, string output, string errors) = Run(["sh"], arguments);
        Assert.Equal(2, exit);
        Assert.Equal("", output);
        Assert.Single(errors.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void A_flood_of_cards_does_not_hold_it()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "dum-host 1\n== pci\n" + string.Concat(Enumerable.Repeat("0000:01:00.0 vendor=0x10de device=0x2204 class=0x030000 driver=\n", 50_000)));
        var watch = Stopwatch.StartNew();
        string output = Run(["sh"], ["--ids", "--host", path]).Output;
        File.Delete(path);
        Assert.Contains("nvidia.driver-missing", output, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
    }

    [Fact]
    public void Its_fix_script_is_valid_shell_on_every_host()
    {
        foreach (RecordedHost host in RecordedHosts.All.Where((_, i) => i % 3 == 0))
        {
            string fixes = Run(["sh"], ["--fix", "--host", host.Path]).Output;
            using Process check = Process.Start(new ProcessStartInfo("sh", ["-n"]) { RedirectStandardInput = true, RedirectStandardError = true })!;
            check.StandardInput.Write(fixes);
            check.StandardInput.Close();
            string errors = check.StandardError.ReadToEnd();
            check.WaitForExit();
            Assert.True(check.ExitCode == 0, host.Name + ": " + errors);
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using Dum.Sigma.Battery;
using Dum.Sigma.Controls;
using Dum.Tests.App;
using Xunit;

namespace Dum.Sigma.Tests.Battery;

/// <summary>Other people's programs on the same bytes; skipped where they are not installed.</summary>
public class IndependentToolTests
{
    /// <summary>ent's χ² over bytes is our own: the same statistic gives the same probability.</summary>
    [ToolFact("ent")]
    public void Ent_counts_the_same_bytes()
    {
        using var folder = new ScratchFolder();
        foreach (string name in (string[])["chacha20", "lcg32", "drift"])
        {
            byte[] bytes = new byte[1 << 20];
            Source.Of(name).Open(4)(bytes);
            File.WriteAllBytes(folder["bytes"], bytes);
            double statistic = double.Parse(Run("ent", "-t", folder["bytes"]).Split('\n')[1].Split(',')[3], CultureInfo.InvariantCulture);
            var results = new List<PartResult>();
            var test = new Dum.Sigma.Battery.Stream.ByteTest();
            test.Add(bytes);
            test.Finish(results.Add);
            double expected = Dum.Sigma.Statistics.Special.ChiSquareTail(statistic, 255), found = results.Single(r => r is { Test: TestNames.Bytes, Part: "all" }).P;
            Assert.Equal(expected, found, Math.Max(1e-12, expected * 1e-3));
        }
    }

    /// <summary>rngtest (FIPS 140-2) passes nearly all blocks of a good stream and none of a counter, as the battery does.</summary>
    [ToolFact("rngtest")]
    public void Rngtest_agrees()
    {
        using var folder = new ScratchFolder();
        foreach ((string name, bool good) in ((string, bool)[])[("chacha20", true), ("counter", false)])
        {
            byte[] bytes = new byte[1 << 20];
            Source.Of(name).Open(4)(bytes);
            File.WriteAllBytes(folder["bytes"], bytes);
            var start = new ProcessStartInfo("rngtest") { RedirectStandardInput = true, RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            Task<string> said = process.StandardError.ReadToEndAsync();
            process.StandardInput.BaseStream.Write(bytes);
            process.StandardInput.Close();
            process.WaitForExit();
            string failures = said.Result.Split('\n').Single(l => l.Contains("FIPS 140-2 failures", StringComparison.Ordinal)).Split(':')[^1];
            int failed = int.Parse(failures, CultureInfo.InvariantCulture);
            Assert.True(good ? failed <= 5 : failed > 100, $"{name}: {failed}");
        }
    }

    /// <summary>dieharder's frequency of ones passes a good stream and fails a biased one, as the battery does.</summary>
    [ToolFact("dieharder")]
    public void Dieharder_agrees()
    {
        using var folder = new ScratchFolder();
        foreach ((string name, bool good) in ((string, bool)[])[("chacha20", true), ("bias-505", false)])
        {
            byte[] bytes = new byte[1 << 20];
            Source.Of(name).Open(4)(bytes);
            File.WriteAllBytes(folder["bytes"], bytes);
            // Generator 201 reads a file, test 100 counts ones: 20 times 10,000 words of 32 bits, less than the file has.
            string last = Run("dieharder", "-g", "201", "-f", folder["bytes"], "-d", "100", "-t", "10000", "-p", "20").TrimEnd().Split('\n')[^1];
            Assert.Contains("sts_monobit", last, StringComparison.Ordinal);
            Assert.Equal(!good, last.Contains("FAILED", StringComparison.Ordinal));
            var battery = new RandomnessBattery(new BatteryOptions { EntropyBytes = 0 });
            battery.Add(bytes);
            Assert.Equal(good ? BatteryVerdict.Random : BatteryVerdict.Structured, battery.Finish().Verdict);
        }
    }

    static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}

/// <summary>A test that needs a program on the PATH.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(string program) =>
        Skip = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, program))) ? null : $"{program} is not installed";
}

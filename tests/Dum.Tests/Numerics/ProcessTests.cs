using System.Diagnostics;
using Dum.Numerics.Kernels;
using Xunit;

namespace Dum.Tests.Numerics;

/// <summary>The same bits in processes that see other processors.</summary>
public class ProcessTests
{
    static readonly Lazy<string> s_here = new(SmallTraining.Hash);

    [Theory]
    [InlineData("", "")]
    [InlineData("DOTNET_EnableAVX2", "0")]
    [InlineData("DOTNET_EnableHWIntrinsic", "0")]
    [InlineData("DOTNET_TieredCompilation", "0")]
    [InlineData("DUM_PATH", "plain")]
    [InlineData("DUM_PATH", "avx2")]
    [InlineData("DUM_PATH", "avx512")]
    public void Training_and_inference_give_the_same_bits(string setting, string value)
    {
        (string path, string hash) = Child(setting, value);
        Assert.Equal(s_here.Value, hash);
        // The setting must have arrived, or the test would compare a thing with itself.
        if (setting == "DUM_PATH")
            Assert.Equal(value, path);
        else if (value == "0" && setting != "DOTNET_TieredCompilation")
            Assert.Equal("plain", path);
        else
            Assert.Equal(InstructionPath.Choose(null).Name, path);
    }

    static (string Path, string Hash) Child(string setting, string value)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ProcessTests).Assembly.Location, Program.HashCommand])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (setting.Length > 0)
            start.Environment[setting] = value;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string[] words = process.StandardOutput.ReadToEnd().Trim().Split(' ');
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 && words.Length == 2, error.Result);
        return (words[0], words[1]);
    }
}

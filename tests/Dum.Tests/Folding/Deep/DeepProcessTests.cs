using System.Diagnostics;
using System.Security.Cryptography;
using Dum.Folding.Deep;
using Xunit;

namespace Dum.Tests.Folding.Deep;

/// <summary>What one processor folds, another unfolds: the same bits in processes that see other processors.</summary>
public class DeepProcessTests
{
    [Theory]
    [InlineData("DUM_PATH", "plain")]
    [InlineData("DUM_PATH", "avx2")]
    [InlineData("DOTNET_EnableHWIntrinsic", "0")]
    public void Folding_gives_the_same_bits(string setting, string value)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(DeepProcessTests).Assembly.Location, Numerics.Program.DeepFoldCommand, TinyModel.Folder]) { RedirectStandardOutput = true };
        start.Environment[setting] = value;
        using Process process = Process.Start(start)!;
        string hash = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        Assert.Equal(Hash(TinyModel.Folder), hash);
    }

    /// <summary>The hash of a folded file.</summary>
    /// <param name="folder">A model's.</param>
    public static string Hash(string folder)
    {
        using DeepModel model = DeepModel.Open(folder, 2);
        using MemoryStream folded = DeepFoldTests.Fold(model, [TinyModel.Text(7000, 400), Samples.Fuzzed(23)]);
        return Convert.ToHexStringLower(SHA256.HashData(folded.ToArray()));
    }
}

using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Dum.Tests.App;

/// <summary><c>dum train</c>, <c>generate</c> and <c>export</c> as a person uses them.</summary>
public class TrainCommandTests
{
    static readonly string s_text = string.Concat(Enumerable.Range(0, 4000).Select(i => $"{(i % 3 == 0 ? "Дождь шёл" : "The rain fell")} for {i * i % 11} days. "));

    [Fact]
    public void Trains_generates_and_exports()
    {
        using ScratchFolder folder = Text();
        DumProcess.Result trained = Dum(folder, "train", "text.txt", "-o", "m", "--preset", "tiny", "--steps", "6", "--batch", "512", "--test", "text.txt", "--report", "r.html", "--json");
        Assert.Equal(0, trained.Code);
        using JsonDocument json = JsonDocument.Parse(trained.Text);
        Assert.Equal(6, json.RootElement.GetProperty("steps").GetInt32());
        Assert.InRange(json.RootElement.GetProperty("tests")[0].GetProperty("bits_per_byte").GetDouble(), 0.1, 8);
        Assert.Contains("<svg", File.ReadAllText(folder["r.html"]), StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", File.ReadAllText(folder["r.html"]), StringComparison.Ordinal);

        string[] greedy = ["--prompt", "The rain", "--temperature", "0", "--max-tokens", "12"];
        DumProcess.Result said = Dum(folder, ["generate", "m", .. greedy]);
        Assert.Equal(0, said.Code);
        Assert.NotEmpty(said.Output);
        Assert.Equal(said.Output, Dum(folder, ["generate", "m", "--threads", "1", .. greedy]).Output);
        foreach (string to in new[] { "m.gguf", "copy" })
        {
            Assert.Equal(0, Dum(folder, "export", "m", "-o", to).Code);
            Assert.Equal(said.Output, Dum(folder, ["generate", to, .. greedy]).Output);
            Assert.Equal(2, Dum(folder, "export", "m", "-o", to).Code);
        }
        // What stands there already is the finished run: nothing more is trained.
        byte[] before = File.ReadAllBytes(folder["m/model.safetensors"]);
        Assert.Equal(0, Dum(folder, "train", "text.txt", "-o", "m", "--preset", "tiny", "--steps", "6", "--batch", "512").Code);
        Assert.Equal(before, File.ReadAllBytes(folder["m/model.safetensors"]));
    }

    [Fact]
    public void Killed_at_any_moment_it_goes_on_to_the_same_bits()
    {
        using ScratchFolder folder = Text();
        string[] run = ["--preset", "tiny", "--steps", "60", "--batch", "256", "--context", "32", "--lexicon", "whole/lexicon.dumlex", "--checkpoint-seconds", "0"];
        Assert.Equal(0, Dum(folder, "train", "text.txt", "-o", "whole", "--preset", "tiny", "--steps", "60", "--batch", "256", "--context", "32").Code);
        var random = new Random(4);
        int kills = 0;
        for (; kills < 6; kills++)
        {
            using Process process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "dum.dll"), "train", "text.txt", "-o", "cut", .. run]) { WorkingDirectory = folder.Path, RedirectStandardError = true, RedirectStandardOutput = true })!;
            if (process.WaitForExit(random.Next(200, 1500)))
                break;
            process.Kill();
            process.WaitForExit();
        }
        Assert.Equal(0, Dum(folder, ["train", "text.txt", "-o", "cut", .. run]).Code);
        Assert.Equal(File.ReadAllBytes(folder["whole/model.safetensors"]), File.ReadAllBytes(folder["cut/model.safetensors"]));
    }

    [Theory]
    [InlineData("train", "nothing.txt", "-o", "m")]
    [InlineData("train", "empty.txt", "-o", "m")]
    [InlineData("train", "text.txt")]
    [InlineData("train", "text.txt", "-o", "text.txt")]
    [InlineData("train", "text.txt", "-o", "m", "--preset", "huge")]
    [InlineData("train", "text.txt", "-o", "m", "--rate", "7")]
    [InlineData("train", "text.txt", "-o", "m", "--steps", "-1")]
    [InlineData("train", "text.txt", "-o", "m", "--minutes", "0")]
    [InlineData("train", "text.txt", "-o", "m", "--optimiser", "sgd")]
    [InlineData("train", "text.txt", "-o", "m", "--lexicon", "text.txt")]
    [InlineData("generate", "nothing")]
    [InlineData("generate", "text.txt")]
    [InlineData("generate", "empty.txt")]
    [InlineData("export", "text.txt", "-o", "x.gguf")]
    public void Bad_input_is_one_line_and_leaves_nothing(params string[] arguments)
    {
        using ScratchFolder folder = Text();
        File.WriteAllText(folder["empty.txt"], "");
        DumProcess.Result result = Dum(folder, arguments);
        Assert.InRange(result.Code, 2, 3);
        Assert.Single(result.Error.Trim().Split('\n'));
        Assert.Equal(["empty.txt", "text.txt"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());
    }

    static ScratchFolder Text()
    {
        var folder = new ScratchFolder();
        File.WriteAllText(folder["text.txt"], s_text, new UTF8Encoding(false));
        return folder;
    }

    static DumProcess.Result Dum(ScratchFolder folder, params string[] arguments) => DumProcess.Run(folder.Path, arguments);
}

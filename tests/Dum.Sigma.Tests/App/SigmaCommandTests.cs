using System.Text;
using System.Text.Json;
using Dum.Sigma.Controls;
using Dum.Tests.App;
using Xunit;

namespace Dum.Sigma.Tests.App;

/// <summary>The commands as a stranger meets them, with good and with bad input.</summary>
public class SigmaCommandTests
{
    [Fact]
    public void Battery_answers_by_text_json_and_exit_code()
    {
        using var folder = new ScratchFolder();
        File.WriteAllBytes(folder["good"], Bytes("chacha20", 300_000));
        DumProcess.Result good = DumProcess.Run(folder.Path, ["sigma", "battery", "good", "--entropy", "0", "--report", "good.html"]);
        Assert.Equal(0, good.Code);
        Assert.StartsWith("RANDOM", good.Text, StringComparison.Ordinal);
        string page = File.ReadAllText(folder["good.html"]);
        Assert.Contains("СЛУЧАЙНО", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
        DumProcess.Result weak = DumProcess.Run(folder.Path, ["sigma", "battery", "-", "--entropy", "0", "--json"], Bytes("mt19937", 600_000));
        Assert.Equal(1, weak.Code);
        JsonElement json = JsonDocument.Parse(weak.Text).RootElement;
        Assert.Equal("STRUCTURED", json.GetProperty("verdict").GetString());
        Assert.Contains(json.GetProperty("tests").EnumerateArray(), t => t.GetProperty("test").GetString() == "planes" && t.GetProperty("found").GetBoolean());
    }

    public static TheoryData<string, int, string> Bad { get; } = new()
    {
        { "", 2, "empty" },
        { "ab", 2, "INSUFFICIENT" },
        { "a", 2, "INSUFFICIENT" },
        { "aa", 2, "INSUFFICIENT" },
        { new string('x', 5000), 1, "constant" },
        { string.Concat(Enumerable.Repeat("0110100110010110\n", 50)), 2, "--ascii" },
        { string.Concat(Enumerable.Repeat("The rain fell, and nobody minded. ", 50)), 1, "text" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_no_stream_gets_one_line(string input, int code, string word)
    {
        using var folder = new ScratchFolder();
        DumProcess.Result r = DumProcess.Run(folder.Path, ["sigma", "battery", "-"], Encoding.UTF8.GetBytes(input));
        Assert.Equal(code, r.Code);
        Assert.Contains(word, r.Text + r.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", r.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sigma", "battery", "nowhere")]
    [InlineData("sigma", "battery", "-", "--alpha", "2")]
    [InlineData("sigma", "battery", "-", "--effect", "-1")]
    [InlineData("sigma", "source", "nothing")]
    [InlineData("sigma", "source", "chacha20", "--bytes", "-5")]
    [InlineData("sigma", "quantise", "default", "text", "--draw", "-1")]
    [InlineData("sigma", "quantise", "default", "text", "-o", "text")]
    [InlineData("sigma", "record", "default", "text", "--sequences", "1", "--prompt", "2", "--steps", "1", "--fault", "ulp:nosuch:1", "-o", "new")]
    [InlineData("sigma", "record", "default", "text", "--sequences", "1", "--prompt", "2", "--steps", "1", "--fault", "ulp:head:9999", "-o", "new")]
    [InlineData("sigma", "tap", "default", "nowhere")]
    [InlineData("sigma", "tap", "default", "text", "--format", "fp7")]
    [InlineData("sigma", "tap", "default", "text", "--share", "0")]
    [InlineData("sigma", "tap", "default", "text", "--dump", "x")]
    [InlineData("sigma", "tap", "default", "empty")]
    [InlineData("sigma", "report", "default", "text", "-o", "r.html")]
    [InlineData("sigma", "report", "default", "text", "-o", "r.html", "--tokens", "0")]
    public void What_cannot_be_done_is_said_in_one_line(params string[] arguments)
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["text"], "A short text.");
        File.WriteAllText(folder["empty"], "");
        DumProcess.Result r = DumProcess.Run(folder.Path, arguments, [1, 2, 3]);
        Assert.Equal(2, r.Code);
        Assert.NotEmpty(r.Error);
        Assert.DoesNotContain("   at ", r.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["r.html"]));
    }

    [Fact]
    public void Sources_stream_what_they_promise()
    {
        using var folder = new ScratchFolder();
        Assert.Equal(Bytes("xorwow", 1000), DumProcess.Run(folder.Path, ["sigma", "source", "xorwow", "--bytes", "1000"]).Output);
        Assert.Contains("mt19937", DumProcess.Run(folder.Path, ["sigma", "source"]).Text, StringComparison.Ordinal);
    }

    /// <summary>Every draw of a text and of a training run is in its log once, and the log holds no value.</summary>
    [Fact]
    public void Draws_of_the_product_are_made_again()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["text"], string.Concat(Enumerable.Range(0, 3000).Select(i => $"It rained for {i * i % 97} days, and the {i % 31}th was the last. ")));
        string[] drawn = ["generate", "default", "--prompt", "It was", "--max-tokens", "12", "--threads", "1"];
        string plain = DumProcess.Run(folder.Path, drawn).Text;
        Assert.Equal(plain, DumProcess.Run(folder.Path, [.. drawn, "--draws", "told"]).Text);
        DumProcess.Result told = DumProcess.Run(folder.Path, ["sigma", "replay", "told"]);
        Assert.Equal(0, told.Code);
        Assert.Contains("all 12 made again", told.Text, StringComparison.Ordinal);
        Assert.Equal(0, DumProcess.Run(folder.Path, ["train", "text", "-o", "model", "--preset", "tiny", "--lexicon", "default", "--batch", "256", "--steps", "3", "--threads", "1", "--draws", "learned"]).Code);
        DumProcess.Result learned = DumProcess.Run(folder.Path, ["sigma", "replay", "learned"]);
        Assert.Equal(0, learned.Code);
        foreach (string what in (string[])["first weights", "order of the text", "candidates", "THE SAME", "; 0 used twice"])
            Assert.Contains(what, learned.Text, StringComparison.Ordinal);
        Assert.Equal(2, DumProcess.Run(folder.Path, ["sigma", "replay", "nowhere"]).Code);
        Assert.Equal(2, DumProcess.Run(folder.Path, ["sigma", "replay", "text"]).Code);
    }

    static byte[] Bytes(string source, int count)
    {
        byte[] bytes = new byte[count];
        Source.Of(source).Open(1)(bytes);
        return bytes;
    }

    /// <summary>Whatever reads only the beginning ends the stream, as with other programs.</summary>
    [Fact]
    public void A_source_ends_with_its_reader()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh", ["-c", $"dotnet {Path.Combine(AppContext.BaseDirectory, "dum.dll")} sigma source chacha20 --bytes 1000000000000 | head -c 5 | wc -c"]) { RedirectStandardOutput = true })!;
        bool ended = shell.WaitForExit(60_000);
        if (!ended)
            shell.Kill(entireProcessTree: true);
        Assert.True(ended);
        Assert.Equal("5", shell.StandardOutput.ReadToEnd().Trim());
    }

    /// <summary>Few residuals get no numbers; beside the others stands a cipher in their place.</summary>
    [Fact]
    public void The_tap_says_insufficient_and_shows_its_placebo()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["one"], "a");
        string few = DumProcess.Run(folder.Path, ["sigma", "tap", "default", "one"]).Text;
        Assert.All(few.TrimEnd().Split('\n')[1..], line => Assert.Contains("INSUFFICIENT", line, StringComparison.Ordinal));
        File.WriteAllText(folder["more"], string.Concat(Enumerable.Range(0, 120).Select(i => $"The rain fell for {i} days, and nobody minded. ")));
        string enough = DumProcess.Run(folder.Path, ["sigma", "tap", "default", "more", "--share", "0.5"]).Text;
        Assert.Contains("PLACEBO", enough.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    /// <summary>Two texts, or one cut otherwise, are no fault of arithmetic.</summary>
    [Fact]
    public void Recordings_of_two_texts_are_not_compared()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["a"], string.Concat(Enumerable.Range(0, 60).Select(i => $"The rain fell for {i} days. ")));
        File.WriteAllText(folder["b"], string.Concat(Enumerable.Range(0, 60).Select(i => $"Дождь шёл {i} дней. ")));
        string[] script = ["--sequences", "3", "--prompt", "5", "--steps", "2", "--threads", "1"];
        foreach (string name in (string[])["a", "b"])
            Assert.Equal(0, DumProcess.Run(folder.Path, ["sigma", "record", "default", name, .. script, "-o", name + ".run"]).Code);
        Assert.Equal(0, DumProcess.Run(folder.Path, ["sigma", "record", "default", "a", "--sequences", "1", .. script[2..], "-o", "short.run"]).Code);
        DumProcess.Result two = DumProcess.Run(folder.Path, ["sigma", "compare", "a.run", "b.run"]), part = DumProcess.Run(folder.Path, ["sigma", "compare", "a.run", "short.run"]);
        Assert.Equal(2, two.Code);
        Assert.Contains("two texts", two.Error, StringComparison.Ordinal);
        Assert.Equal(0, part.Code);
        Assert.Contains("% were compared", part.Text, StringComparison.Ordinal);
    }

    /// <summary>Nothing that a run reads is written over, however much it is forced.</summary>
    [Fact]
    public void A_recording_never_lands_on_its_model()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["text"], "The rain fell, and nobody minded.");
        string model = Path.Combine(AppContext.BaseDirectory, "models", "default", "model.safetensors");
        foreach (string[] command in (string[][])[["record", "default", "text", "--force", "-o", model], ["tap", "default", "text", "--force", "--operation", "x", "--dump", model]])
        {
            DumProcess.Result result = DumProcess.Run(folder.Path, ["sigma", .. command]);
            Assert.Equal(2, result.Code);
            Assert.Contains("written over", result.Error, StringComparison.Ordinal);
        }
    }
}

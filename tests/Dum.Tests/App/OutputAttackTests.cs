using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dum.Files;
using Dum.Tests.Hypersymbols;
using Xunit;

namespace Dum.Tests.App;

/// <summary>What commands write never takes the place of what they read, nor of what stands there unasked.</summary>
public class OutputAttackTests
{
    [Theory]
    [InlineData("atlas", "MODEL", "t.txt", "-o", "t.txt", "--codes", "20")]
    [InlineData("atlas", "MODEL", "t.txt", "-o", "t.txt", "--codes", "20", "--force")]
    [InlineData("atlas", "MODEL", "t.txt", "-o", "a.dumatlas", "--codes", "20", "--report", "t.txt")]
    [InlineData("atlas", "MODEL", "t.txt", "-o", "a.dumatlas", "--codes", "20", "--report", "a.dumatlas")]
    [InlineData("atlas", "MODEL", "t.txt", "-o", "other", "--codes", "20")]
    [InlineData("train", "t.txt", "-o", "new", "--preset", "scene-tiny", "--steps", "1", "--report", "t.txt")]
    [InlineData("train", "t.txt", "-o", "new", "--preset", "scene-tiny", "--steps", "1", "--report", "other")]
    [InlineData("train", "t.txt", "-o", "new", "--preset", "scene-tiny", "--steps", "0")]
    [InlineData("train", "t.txt", "-o", "new", "--preset", "scene-tiny", "--steps", "2", "--minutes", "NaN")]
    [InlineData("ledger", "--text", "t.txt", "--minutes", "0", "--report", "t.txt")]
    [InlineData("ledger", "--text", "t.txt", "--minutes", "NaN")]
    [InlineData("fold", "t.txt", "-o", "link", "--force")]
    [InlineData("fold", "t.txt", "--model", "")]
    [InlineData("adapt", "MODEL", "t.txt", "-o", "MODEL", "--steps", "1")]
    [InlineData("unfold", "t.dum", "-o", "other")]
    [InlineData("fold", "t.txt", "-o", "new.dum", "--report", "link")]
    [InlineData("fold", "t.txt", "--rhythm", "-o", "link", "--force")]
    [InlineData("fold", "t.txt", "--rhythm", "-o", "other")]
    [InlineData("rhythm", "bytes", "t.txt", "--fold", "link", "--force")]
    [InlineData("rhythm", "bytes", "t.txt", "--fold", "other")]
    [InlineData("rhythm", "forecast", "t.txt", "--report", "t.txt")]
    [InlineData("rhythm", "forecast", "t.txt", "--report", "other")]
    [InlineData("rhythm", "anomaly", "t.txt", "--report", "link")]
    [InlineData("rhythm", "recall", "t.txt", "--teach", "t.txt", "--report", "t.txt")]
    [InlineData("rhythm", "map", "--quick", "--only", "memory", "--report", "other")]
    [InlineData("sigma", "battery", "t.txt", "--report", "t.txt")]
    [InlineData("sigma", "battery", "t.txt", "--report", "other")]
    [InlineData("sigma", "report", "MODEL", "t.txt", "-o", "t.txt")]
    [InlineData("sigma", "record", "MODEL", "t.txt", "-o", "t.txt", "--force")]
    [InlineData("sigma", "record", "MODEL", "t.txt", "-o", "other")]
    [InlineData("sigma", "tap", "MODEL", "t.txt", "--operation", "x", "--dump", "other")]
    [InlineData("sigma", "replay", "nowhere")]
    [InlineData("generate", "MODEL", "--prompt", "a", "--draws", "other")]
    [InlineData("train", "t.txt", "-o", "new", "--preset", "scene-tiny", "--steps", "1", "--draws", "t.txt")]
    [InlineData("adapt", "MODEL", "t.txt", "-o", "new", "--steps", "1", "--draws", "link")]
    [InlineData("check", "--report", "other")]
    [InlineData("check", "--record", "other")]
    [InlineData("memory", "words", "t.txt", "-o", "t.txt")]
    public void Nothing_is_replaced_and_one_line_tells_why(params string[] arguments)
    {
        using var folder = new ScratchFolder();
        File.WriteAllBytes(folder["t.txt"], SmallSceneModel.Text);
        File.WriteAllText(folder["other"], "mine");
        File.CreateSymbolicLink(folder["link"], folder["t.txt"]);
        Assert.Equal(0, DumProcess.Run(folder.Path, ["fold", "t.txt", "-o", "t.dum"]).Code);
        DumProcess.Result result = DumProcess.Run(folder.Path, [.. arguments.Select(a => a == "MODEL" ? SmallSceneModel.Model.Path : a)]);
        Assert.Equal(2, result.Code);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("internal", result.Error, StringComparison.Ordinal);
        Assert.Equal(SmallSceneModel.Text, File.ReadAllBytes(folder["t.txt"]));
        Assert.Equal("mine", File.ReadAllText(folder["other"]));
        Assert.Equal(["link", "other", "t.dum", "t.txt"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    /// <summary>A page and a log of draws may be written again over their own kind.</summary>
    [Theory]
    [InlineData("page.html", "fold", "t.txt", "--force", "--report", "page.html")]
    [InlineData("page.html", "rhythm", "anomaly", "n.csv", "--report", "page.html")]
    [InlineData("page.html", "rhythm", "map", "--quick", "--only", "memory", "--report", "page.html")]
    [InlineData("page.html", "sigma", "battery", "r.bin", "--entropy", "0", "--report", "page.html")]
    [InlineData("page.html", "check", "--report", "page.html")]
    [InlineData("host", "check", "--record", "host")]
    [InlineData("a.draws", "generate", "MODEL", "--prompt", "a", "--max-tokens", "2", "--draws", "a.draws")]
    public void What_a_command_wrote_before_it_may_write_again(string written, params string[] arguments)
    {
        using var folder = new ScratchFolder();
        File.WriteAllBytes(folder["t.txt"], SmallSceneModel.Text);
        File.WriteAllLines(folder["n.csv"], Enumerable.Range(0, 50).Select(i => $"{i % 7}"));
        var bytes = new byte[1 << 17];
        new Random(5).NextBytes(bytes);
        File.WriteAllBytes(folder["r.bin"], bytes);
        string[] command = [.. arguments.Select(a => a == "MODEL" ? SmallSceneModel.Model.Path : a)];
        int code = DumProcess.Run(folder.Path, command).Code;
        Assert.True(File.Exists(folder[written]));
        Assert.Equal(code, DumProcess.Run(folder.Path, command).Code);
    }

    /// <summary>What the system says of a file is said in the person's language, without a path that nobody typed.</summary>
    [Theory]
    [InlineData("такого файла нет", "sigma", "battery", "нет")]
    [InlineData("такого файла нет", "sigma", "compare", "нет", "нет")]
    [InlineData("такого файла нет", "sigma", "replay", "нет")]
    [InlineData("такого файла нет", "rhythm", "anomaly", "нет")]
    [InlineData("такой папки нет", "rhythm", "recall", "-", "--teach", "нет/тоже")]
    [InlineData("нет доступа, или это папка", "rhythm", "bytes", ".")]
    [InlineData("нет доступа, или это папка", "sigma", "replay", ".")]
    public void The_reason_is_in_the_tongue_of_the_person(string reason, params string[] arguments)
    {
        using var folder = new ScratchFolder();
        DumProcess.Result result = DumProcess.Run(folder.Path, arguments, null, ("DUM_LANG", "ru"));
        Assert.Equal(2, result.Code);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>A run keeps its own model, whatever is forced.</summary>
    [Fact]
    public void An_export_never_lands_in_a_training_run_or_on_its_source()
    {
        using var folder = new ScratchFolder();
        File.WriteAllBytes(folder["t.txt"], SmallSceneModel.Text);
        Assert.Equal(0, DumProcess.Run(folder.Path, ["train", "t.txt", "-o", "run", "--preset", "scene-tiny", "--steps", "1"]).Code);
        byte[] before = File.ReadAllBytes(folder["run/model.safetensors"]);
        Assert.Equal(2, DumProcess.Run(folder.Path, ["export", SmallSceneModel.Model.Path, "-o", "run", "--force"]).Code);
        Assert.Equal(2, DumProcess.Run(folder.Path, ["export", "run", "-o", "run", "--force"]).Code);
        Assert.Equal(before, File.ReadAllBytes(folder["run/model.safetensors"]));
        Assert.Equal(0, DumProcess.Run(folder.Path, ["export", "run", "-o", "out"]).Code);
    }

    [Theory]
    [InlineData("--steps 1.5: give a whole number", "en", "train", "t", "-o", "m", "--steps", "1.5")]
    [InlineData("--minutes x: нужно число", "ru", "train", "t", "-o", "m", "--minutes", "x")]
    [InlineData("--method foo: give nearest or bias or gptq or diffuse", "en", "sigma", "quantise", "m", "t", "--method", "foo")]
    public void A_value_of_another_kind_is_told_in_plain_words(string line, string tongue, params string[] arguments)
    {
        using var folder = new ScratchFolder();
        DumProcess.Result result = DumProcess.Run(folder.Path, arguments, null, ("DUM_LANG", tongue));
        Assert.Equal(2, result.Code);
        Assert.StartsWith("dum: " + line, result.Error, StringComparison.Ordinal);
    }

    /// <summary>Nothing has no ratio.</summary>
    [Fact]
    public void An_empty_file_is_folded_and_no_rate_is_made_up_for_it()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["empty.txt"], "");
        DumProcess.Result result = DumProcess.Run(folder.Path, ["fold", "empty.txt", "--rhythm"]);
        Assert.Equal(0, result.Code);
        Assert.DoesNotContain("per byte", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, DumProcess.Run(folder.Path, ["unfold", "empty.txt.dumbyte", "-o", "out"]).Code);
        Assert.Empty(File.ReadAllBytes(folder["out/empty.txt"]));
    }

    /// <summary>Random bytes are stored: no number is made up for how well they are predicted.</summary>
    [Fact]
    public void Stored_text_is_not_called_predicted()
    {
        using var folder = new ScratchFolder();
        var bytes = new byte[9000];
        new Random(5).NextBytes(bytes);
        File.WriteAllBytes(folder["r.bin"], bytes);
        using JsonDocument told = JsonDocument.Parse(DumProcess.Run(folder.Path, ["fold", "r.bin", "--model", SmallSceneModel.Model.Path, "--json"]).Text);
        Assert.False(told.RootElement.TryGetProperty("modelBitsPerByte", out _));
        Assert.Equal(0, told.RootElement.GetProperty("modelBytes").GetInt64());
    }

    /// <summary>A file with more weights than its configuration knows is another model's.</summary>
    [Fact]
    public void Weights_that_the_configuration_does_not_know_are_refused()
    {
        using var folder = new ScratchFolder();
        foreach (string file in Directory.GetFiles(SmallSceneModel.Model.Path))
            File.Copy(file, folder[Path.GetFileName(file)]);
        string weights = folder["model.safetensors"];
        byte[] all = File.ReadAllBytes(weights);
        int header = BitConverter.ToInt32(all);
        var tensors = JsonNode.Parse(Encoding.UTF8.GetString(all, 8, header))!.AsObject();
        int end = all.Length - 8 - header;
        tensors["surplus.weight"] = new JsonObject { ["dtype"] = "F32", ["shape"] = new JsonArray(1, 1), ["data_offsets"] = new JsonArray(end, end + 4) };
        byte[] longer = Encoding.UTF8.GetBytes(tensors.ToJsonString());
        File.WriteAllBytes(weights, [.. BitConverter.GetBytes((long)longer.Length), .. longer, .. all[(8 + header)..], 0, 0, 0, 0]);
        DumProcess.Result result = DumProcess.Run(folder.Path, ["generate", folder.Path, "--prompt", "a"]);
        Assert.Equal(2, result.Code);
        Assert.Contains("'surplus.weight'", result.Error, StringComparison.Ordinal);
    }

    /// <summary>What a killed program left is passed by, not folded.</summary>
    [Fact]
    public void A_half_written_file_of_a_killed_program_is_no_document()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder["in"]);
        File.WriteAllText(folder["in/a.txt"], "text");
        File.WriteAllText(folder["in/.dum-999999-1.part"], "half");
        Assert.True(SafeFile.IsLeftover(".dum-999999-1.part"));
        Assert.Equal(0, DumProcess.Run(folder.Path, ["fold", "in", "-o", "in.dum"]).Code);
        Assert.Contains("in/a.txt", DumProcess.Run(folder.Path, ["unfold", "in.dum", "--list"]).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(".part", DumProcess.Run(folder.Path, ["unfold", "in.dum", "--list"]).Text, StringComparison.Ordinal);
    }
}

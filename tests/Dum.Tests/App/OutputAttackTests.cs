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

using System.Text;
using System.Text.Json;
using Xunit;

namespace Dum.Tests.App;

/// <summary><c>dum adapt</c>, and <c>generate</c> and <c>export</c> with an adapter, as a person uses them.</summary>
public sealed class AdaptCommandTests : IDisposable
{
    readonly ScratchFolder _folder = new();

    public AdaptCommandTests()
    {
        File.WriteAllText(_folder["text.txt"], string.Concat(Enumerable.Range(0, 3000).Select(i => $"The rain fell for {i * i % 11} days. ")), new UTF8Encoding(false));
        File.WriteAllText(_folder["other.txt"], string.Concat(Enumerable.Range(0, 3000).Select(i => $"The rain, {i * i % 11} times, sang! ")), new UTF8Encoding(false));
        Assert.Equal(0, Dum("train", "text.txt", "-o", "m", "--preset", "tiny", "--steps", "20", "--batch", "512").Code);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Adapts_generates_and_merges()
    {
        byte[] before = File.ReadAllBytes(_folder["m/model.safetensors"]);
        DumProcess.Result adapted = Dum("adapt", "m", "other.txt", "-o", "a", "--steps", "20", "--batch", "512", "--rate", "0.02", "--test", "other.txt", "--json");
        Assert.Equal(0, adapted.Code);
        using JsonDocument json = JsonDocument.Parse(adapted.Text);
        JsonElement test = json.RootElement.GetProperty("tests")[0];
        Assert.True(test.GetProperty("bits_per_byte").GetDouble() < 0.98 * test.GetProperty("base_bits_per_byte").GetDouble());
        Assert.Equal(before, File.ReadAllBytes(_folder["m/model.safetensors"]));

        string[] greedy = ["--prompt", "The rain", "--temperature", "0", "--max-tokens", "12"];
        byte[] bare = Dum(["generate", "m", .. greedy]).Output, with = Dum(["generate", "m", "--adapter", "a", .. greedy]).Output;
        Assert.NotEqual(bare, with);
        foreach (string to in new[] { "merged", "merged.gguf" })
        {
            Assert.Equal(0, Dum("export", "m", "--adapter", "a", "-o", to).Code);
            Assert.Equal(with, Dum(["generate", to, .. greedy]).Output);
        }

        // An adapter for another base: one line, and nothing is lost or left.
        DumProcess.Result other = Dum("generate", "merged", "--adapter", "a");
        Assert.Equal(2, other.Code);
        Assert.Contains("another base", Assert.Single(other.Error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(2, Dum("export", "merged", "--adapter", "a", "-o", "nothing").Code);
        Assert.False(Directory.Exists(_folder["nothing"]));
        // The same run again is finished already; another is refused.
        byte[] learned = File.ReadAllBytes(_folder["a/adapter_model.safetensors"]);
        Assert.Equal(2, Dum("adapt", "m", "other.txt", "-o", "a", "--steps", "20", "--batch", "512", "--rank", "4").Code);
        Assert.Equal(0, Dum("adapt", "m", "other.txt", "-o", "a", "--steps", "20", "--batch", "512", "--rate", "0.02").Code);
        Assert.Equal(learned, File.ReadAllBytes(_folder["a/adapter_model.safetensors"]));
    }

    [Theory]
    [InlineData("adapt", "m", "nothing.txt", "-o", "a")]
    [InlineData("adapt", "nothing", "text.txt", "-o", "a")]
    [InlineData("adapt", "m", "text.txt", "-o", "text.txt")]
    [InlineData("adapt", "m", "text.txt", "-o", "a", "--rank", "0")]
    [InlineData("adapt", "m", "text.txt", "-o", "a", "--alpha", "-1")]
    [InlineData("adapt", "m", "text.txt", "-o", "a", "--targets", "head")]
    [InlineData("adapt", "m", "text.txt", "-o", "a", "--part", "global")]
    [InlineData("adapt", "m", "text.txt", "-o", "a", "--part", "some")]
    [InlineData("adapt", "m", "text.txt", "-o", "a", "--rate", "3")]
    [InlineData("generate", "m", "--adapter", "nothing")]
    [InlineData("generate", "m", "--adapter", "m")]
    [InlineData("export", "m", "--adapter", "nothing", "-o", "x.gguf")]
    public void Bad_input_is_one_line_and_leaves_nothing(params string[] arguments)
    {
        DumProcess.Result result = Dum(arguments);
        Assert.InRange(result.Code, 2, 3);
        Assert.Single(result.Error.Trim().Split('\n'));
        Assert.Equal(["m", "other.txt", "text.txt"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    DumProcess.Result Dum(params string[] arguments) => DumProcess.Run(_folder.Path, arguments);
}

using System.Text.Json;
using System.Text.RegularExpressions;
using Dum.App.Views.Atlas;
using Dum.Hypersymbols;
using Dum.Lexicon;
using Dum.Tests.Hypersymbols;
using Xunit;

namespace Dum.Tests.App;

/// <summary><c>dum atlas</c> as a person uses it, and its page.</summary>
public class AtlasCommandTests
{
    [Fact]
    public void Made_shown_used_for_tags_and_for_leading_a_text()
    {
        using var folder = new ScratchFolder();
        string model = SmallSceneModel.Model.Path;
        File.WriteAllBytes(folder["t.txt"], SmallSceneModel.Text);
        DumProcess.Result made = DumProcess.Run(folder.Path, ["atlas", model, "t.txt", "-o", "a.dumatlas", "--codes", "40", "--report", "a.html"]);
        Assert.Equal(0, made.Code);
        Assert.Contains("40 hypersymbols", made.Text, StringComparison.Ordinal);
        Assert.Contains("<canvas", File.ReadAllText(folder["a.html"]), StringComparison.Ordinal);

        using JsonDocument shown = JsonDocument.Parse(DumProcess.Run(folder.Path, ["atlas", "show", "a.dumatlas", "--json"]).Text);
        JsonElement symbols = shown.RootElement.GetProperty("hypersymbols");
        Assert.Equal(40, symbols.GetArrayLength());

        string[] tags = DumProcess.Run(folder.Path, ["atlas", "tag", model, "a.dumatlas", "t.txt", "--json"]).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(shown.RootElement.GetProperty("scenes").GetInt32(), tags.Length);
        long at = 0;
        foreach (string tag in tags)
        {
            using JsonDocument one = JsonDocument.Parse(tag);
            Assert.Equal(at, one.RootElement.GetProperty("byte").GetInt64());
            at += one.RootElement.GetProperty("bytes").GetInt32();
        }
        Assert.Equal(SmallSceneModel.Text.Length, at);

        Assert.Equal(0, DumProcess.Run(folder.Path, ["fold", "t.txt", "--model", model, "--tags", "a.dumatlas"]).Code);
        Assert.Equal(["{\"document\":\"t.txt\"}", .. tags], File.ReadLines(folder["t.txt.dum.tags.jsonl"]));
        // Tags are asked for with the atlas' model beside any coder, and are not replaced unasked.
        File.Delete(folder["t.txt.dum"]);
        DumProcess.Result again = DumProcess.Run(folder.Path, ["fold", "t.txt", "--tags-model", model, "--tags", "a.dumatlas"]);
        Assert.Equal(2, again.Code);
        Assert.Contains("t.txt.dum.tags.jsonl exists", again.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["t.txt.dum"]));
        Assert.Equal(0, DumProcess.Run(folder.Path, ["fold", "t.txt", "--tags-model", model, "--tags", "a.dumatlas", "--force"]).Code);
        Assert.Equal(["{\"document\":\"t.txt\"}", .. tags], File.ReadLines(folder["t.txt.dum.tags.jsonl"]));

        string[] generate = ["generate", model, "--prompt", "the old house. he was going", "--max-tokens", "20"];
        byte[] plain = DumProcess.Run(folder.Path, generate).Output;
        Assert.Equal(plain, DumProcess.Run(folder.Path, [.. generate, "--atlas", "a.dumatlas", "--excite", "3=0"]).Output);
        Assert.NotEqual(plain, DumProcess.Run(folder.Path, [.. generate, "--atlas", "a.dumatlas", "--excite", "3=900"]).Output);
        DumProcess.Result wrong = DumProcess.Run(folder.Path, [.. generate, "--atlas", "a.dumatlas", "--excite", "4000"]);
        Assert.Equal(2, wrong.Code);
        Assert.Contains("hypersymbol 4000", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(3, DumProcess.Run(folder.Path, ["atlas", "show", "none.dumatlas"]).Code);
        Assert.Equal(2, DumProcess.Run(folder.Path, ["atlas", "show", "t.txt"]).Code);
    }

    [Fact]
    public void Nothing_is_loaded_from_anywhere()
    {
        string page = Page(SmallSceneModel.Atlas);
        Assert.DoesNotMatch("(src|href|srcset|action)\\s*=\\s*[\"']", page);
        Assert.DoesNotContain("https:", page, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        // The one address in it names the kind of an element and is never fetched.
        Assert.Equal(Regex.Count(page, "http:"), Regex.Count(page, "http://www\\.w3\\.org/2000/svg"));
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_text_is_inert()
    {
        string hostile = string.Concat(Enumerable.Repeat("</script><script>alert(1)</script> \u202Eevil, <img src=x onerror=alert(2)>.\n", 60));
        string page = Page(AtlasMaker.Make(SmallSceneModel.Model, [LexiconSource.FromBytes("</title><script>.txt", System.Text.Encoding.UTF8.GetBytes(hostile))], new AtlasOptions { Codes = 20 }, null, default));
        Assert.Equal(2, Regex.Count(page, "<script"));
        Assert.Equal(2, Regex.Count(page, "</script"));
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', page);
        using JsonDocument data = JsonDocument.Parse(Regex.Match(page, "id=\"data\">\\s*(.*?)</script>", RegexOptions.Singleline).Groups[1].Value);
        Assert.Equal(20, data.RootElement.GetProperty("symbols").GetArrayLength());
    }

    [Fact]
    public void Both_languages_are_in_the_page()
    {
        string page = Page(SmallSceneModel.Atlas);
        Assert.Equal(Regex.Count(page, "class=\"en\""), Regex.Count(page, "class=\"ru\""));
        Assert.Contains("Атлас гиперсимволов", page, StringComparison.Ordinal);
    }

    static string Page(Atlas atlas)
    {
        using var to = new StringWriter();
        AtlasPage.Write(to, atlas);
        return to.ToString();
    }
}

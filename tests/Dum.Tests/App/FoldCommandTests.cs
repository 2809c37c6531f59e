using System.Text;
using System.Text.Json;
using Dum.Tests.Folding;
using Xunit;

namespace Dum.Tests.App;

public class FoldCommandTests
{
    static readonly byte[] s_text = Encoding.UTF8.GetBytes(Samples.Text(new Random(21), 20_000));

    [Fact]
    public void Folds_a_folder_and_unfolds_it_with_names_and_times()
    {
        using ScratchFolder folder = Lexicon();
        Directory.CreateDirectory(folder["письма/old"]);
        Directory.CreateDirectory(folder["письма/empty"]);
        File.WriteAllBytes(folder["письма/a.txt"], s_text);
        File.WriteAllBytes(folder["письма/old/b.bin"], Samples.Fuzzed(80));
        File.WriteAllBytes(folder["письма/old/nothing"], []);
        var when = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(folder["письма/a.txt"], when);

        DumProcess.Result folded = Dum(folder, "fold", "письма", "-o", "x.dum", "--json");
        Assert.Equal(0, folded.Code);
        using JsonDocument json = JsonDocument.Parse(folded.Text);
        Assert.Equal(4, json.RootElement.GetProperty("documents").GetInt32());
        Assert.True(json.RootElement.GetProperty("verified").GetBoolean());
        Assert.Equal(new FileInfo(folder["x.dum"]).Length, json.RootElement.GetProperty("foldedBytes").GetInt64());

        Assert.Equal(0, Dum(folder, "unfold", "x.dum", "-o", "back").Code);
        Assert.Equal(s_text, File.ReadAllBytes(folder["back/письма/a.txt"]));
        Assert.Equal(Samples.Fuzzed(80), File.ReadAllBytes(folder["back/письма/old/b.bin"]));
        Assert.Empty(File.ReadAllBytes(folder["back/письма/old/nothing"]));
        Assert.True(Directory.Exists(folder["back/письма/empty"]));
        Assert.Equal(when, File.GetLastWriteTimeUtc(folder["back/письма/a.txt"]));
    }

    [Fact]
    public void Works_in_a_pipe()
    {
        using ScratchFolder folder = Lexicon();
        DumProcess.Result folded = DumProcess.Run(folder.Path, ["fold", "-", "--lexicon", "l.dumlex"], s_text);
        Assert.Equal(0, folded.Code);
        Assert.True(folded.Output.Length < s_text.Length / 2);
        DumProcess.Result back = DumProcess.Run(folder.Path, ["unfold", "-", "--lexicon", "l.dumlex"], folded.Output);
        Assert.Equal(0, back.Code);
        Assert.Equal(s_text, back.Output);
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX2", "0")]
    [InlineData("DOTNET_EnableHWIntrinsic", "0")]
    [InlineData("DOTNET_TieredCompilation", "0")]
    public void A_process_without_vectors_reads_what_the_usual_one_wrote(string setting, string value)
    {
        using ScratchFolder folder = Lexicon();
        byte[] text = s_text[..4000];
        File.WriteAllBytes(folder["a.txt"], text);
        Assert.Equal(0, Dum(folder, "fold", "a.txt", "-o", "a.dum").Code);
        DumProcess.Result back = DumProcess.Run(folder.Path, ["unfold", "a.dum", "--lexicon", "l.dumlex", "-o", "-"], null, (setting, value));
        Assert.Equal(text, back.Output);
        DumProcess.Result again = DumProcess.Run(folder.Path, ["fold", "a.txt", "--lexicon", "l.dumlex", "-o", "b.dum"], null, (setting, value));
        Assert.Equal(0, again.Code);
        Assert.Equal(File.ReadAllBytes(folder["a.dum"]), File.ReadAllBytes(folder["b.dum"]));
    }

    [Fact]
    public void Scenes_are_printed_alone()
    {
        using ScratchFolder folder = Lexicon();
        File.WriteAllBytes(folder["a.txt"], s_text);
        Dum(folder, "fold", "a.txt", "-o", "a.dum");
        byte[] first = Dum(folder, "unfold", "a.dum", "--scene", "0-4").Output, second = Dum(folder, "unfold", "a.dum", "--scene", "5").Output;
        byte[] both = [.. first, .. second];
        Assert.Equal(s_text[..both.Length], both);
    }

    [Theory]
    [InlineData("a missing file", 2, "fold", "nowhere.txt")]
    [InlineData("an output that exists", 2, "fold", "a.txt", "-o", "a.dum")]
    [InlineData("an output that is an input", 2, "fold", "a.txt", "-o", "a.txt", "--force")]
    [InlineData("an output folder that is missing", 2, "fold", "a.txt", "-o", "no/where/a.dum")]
    [InlineData("an output that is a folder", 2, "fold", "a.txt", "-o", "sub", "--force")]
    [InlineData("two documents of one name", 2, "fold", "a.txt", "sub/a.txt", "-o", "b.dum")]
    [InlineData("appending one name twice", 2, "fold", "a.txt", "-o", "a.dum", "--append")]
    [InlineData("standard input among files", 2, "fold", "-", "a.txt", "-o", "b.dum")]
    [InlineData("a text given as folded", 2, "unfold", "a.txt")]
    [InlineData("a folded file that is missing", 2, "unfold", "nowhere.dum")]
    [InlineData("unfolding over a file", 2, "unfold", "a.dum")]
    [InlineData("a document that is not there", 2, "unfold", "a.dum", "--document", "b.txt")]
    [InlineData("a scene that is not there", 2, "unfold", "a.dum", "--scene", "99999999")]
    [InlineData("a scene that is no number", 2, "unfold", "a.dum", "--scene", "x-y")]
    [InlineData("scenes of no length", 2, "fold", "a.txt", "-o", "b.dum", "--fixed-scenes", "0")]
    [InlineData("a block of no size", 2, "fold", "a.txt", "-o", "b.dum", "--block-kb", "0")]
    [InlineData("no threads", 2, "fold", "a.txt", "-o", "b.dum", "--threads", "0")]
    [InlineData("an unknown option", 2, "fold", "a.txt", "--frobnicate")]
    [InlineData("no command", 2)]
    public void Bad_input_gets_one_clear_line(string what, int code, params string[] arguments)
    {
        using ScratchFolder folder = Lexicon();
        Directory.CreateDirectory(folder["sub"]);
        File.WriteAllBytes(folder["a.txt"], s_text);
        File.WriteAllBytes(folder["sub/a.txt"], s_text);
        Dum(folder, "fold", "a.txt", "-o", "a.dum");
        string before = Listing(folder);
        DumProcess.Result result = arguments is [("fold" or "unfold"), ..] ? Dum(folder, arguments) : DumProcess.Run(folder.Path, arguments);
        Assert.True(code == result.Code, $"{what}: {result.Code} {result.Error}");
        Assert.StartsWith("dum: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal(before, Listing(folder));
        Assert.Equal(s_text, File.ReadAllBytes(folder["a.txt"]));
    }

    [Fact]
    public void A_damaged_document_is_named_and_the_others_unfold()
    {
        using ScratchFolder folder = Lexicon();
        foreach (string name in (string[])["one.txt", "two.txt", "three.txt"])
            File.WriteAllBytes(folder[name], [.. Encoding.UTF8.GetBytes(name), .. s_text]);
        Dum(folder, "fold", "one.txt", "two.txt", "three.txt", "-o", "x.dum");
        byte[] bytes = File.ReadAllBytes(folder["x.dum"]);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(folder["x.dum"], bytes);
        DumProcess.Result result = Dum(folder, "unfold", "x.dum", "-o", "back");
        Assert.Equal(2, result.Code);
        Assert.Contains("two.txt", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["back/one.txt"]) && File.Exists(folder["back/three.txt"]));
        Assert.False(File.Exists(folder["back/two.txt"]));
        Assert.Equal(2, Dum(folder, "unfold", "x.dum", "--check").Code);
    }

    [Fact]
    public void Speaks_Russian_to_Russians()
    {
        using ScratchFolder folder = Lexicon();
        DumProcess.Result result = DumProcess.Run(folder.Path, ["fold", "нет.txt"], null, ("DUM_LANG", "ru"));
        Assert.Contains("не существует", result.Error, StringComparison.Ordinal);
    }

    static DumProcess.Result Dum(ScratchFolder folder, params string[] arguments) =>
        DumProcess.Run(folder.Path, [.. arguments, "--lexicon", "l.dumlex"]);

    static ScratchFolder Lexicon()
    {
        var folder = new ScratchFolder();
        TestLexicon.Small.Save(folder["l.dumlex"]);
        return folder;
    }

    static string Listing(ScratchFolder folder) =>
        string.Join('\n', Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
}

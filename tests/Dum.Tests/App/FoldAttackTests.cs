using System.Diagnostics;
using System.Text;
using Dum.Folding;
using Dum.Lexicon;
using Dum.Tests.Folding;
using Xunit;

namespace Dum.Tests.App;

/// <summary>What a hostile or unlucky file system, and hostile folded files, did to an earlier version.</summary>
public class FoldAttackTests
{
    [Fact]
    public void A_pipe_does_not_replace_a_file_unasked_and_can_be_appended()
    {
        using ScratchFolder folder = Lexicon();
        File.WriteAllText(folder["a.txt"], "one");
        Assert.Equal(0, Dum(folder, null, "fold", "a.txt", "-o", "x.dum").Code);
        Assert.Equal(2, Dum(folder, "two"u8.ToArray(), "fold", "-", "-o", "x.dum").Code);
        Assert.Equal(0, Dum(folder, "two"u8.ToArray(), "fold", "-", "-o", "x.dum", "--append").Code);
        Assert.Equal("onetwo", Dum(folder, null, "unfold", "x.dum", "-o", "-").Text);
    }

    [Fact]
    public void Names_as_long_as_the_file_system_allows_come_back()
    {
        using ScratchFolder folder = Lexicon();
        string name = new('x', 255);
        Directory.CreateDirectory(folder["d"]);
        File.WriteAllText(folder["d/" + name], "long");
        Assert.Equal(0, Dum(folder, null, "fold", "d", "-o", "x.dum").Code);
        Assert.Equal(0, Dum(folder, null, "unfold", "x.dum", "-o", "back").Code);
        Assert.Equal("long", File.ReadAllText(folder["back/d/" + name]));
    }

    [Fact]
    public void Pipes_links_and_devices_are_left_out_or_refused()
    {
        if (OperatingSystem.IsWindows())
            return; // they do not exist there
        using ScratchFolder folder = Lexicon();
        Directory.CreateDirectory(folder["d/sub"]);
        File.WriteAllText(folder["d/a.txt"], "text");
        File.WriteAllText(folder["d/b\\c.txt"], "backslash");
        Directory.CreateSymbolicLink(folder["d/sub/up"], "..");
        File.CreateSymbolicLink(folder["d/nowhere"], "gone");
        File.CreateSymbolicLink(folder["d/self"], "self");
        Process.Start("mkfifo", folder["d/pipe"]).WaitForExit();
        Assert.Equal(2, Dum(folder, null, "fold", "d/pipe", "-o", "p.dum").Code);
        DumProcess.Result folded = Dum(folder, null, "fold", "d", "-o", "x.dum");
        Assert.Equal(0, folded.Code);
        Assert.Contains("pipe", folded.Error, StringComparison.Ordinal);
        Assert.Equal(0, Dum(folder, null, "unfold", "x.dum", "-o", "back").Code);
        Assert.Equal("backslash", File.ReadAllText(folder["back/d/b\\c.txt"]));
        Assert.Equal(2, Dum(folder, null, "fold", "d/a.txt", "-o", "d/pipe", "--force").Code);

        File.WriteAllText(folder["real"], "old");
        File.CreateSymbolicLink(folder["link"], "real");
        Assert.Equal(0, Dum(folder, null, "fold", "d/a.txt", "-o", "link", "--force").Code);
        Assert.NotNull(new FileInfo(folder["link"]).LinkTarget);
        Assert.NotEqual("old", File.ReadAllText(folder["real"]));
    }

    [Fact]
    public void A_document_name_cannot_command_the_terminal()
    {
        using ScratchFolder folder = Lexicon();
        using (FileStream file = File.Create(folder["x.dum"]))
        {
            var writer = new FoldWriter(file, TestLexicon.Small);
            writer.Add(new FoldedDocument { Name = "a\u001b]0;owned\u0007\nfake\u202E" }, new MemoryStream("x"u8.ToArray()));
            writer.Finish();
        }
        string listed = Dum(folder, null, "unfold", "x.dum", "--list").Text;
        Assert.DoesNotContain('\u001b', listed);
        Assert.DoesNotContain('\u202E', listed);
        Assert.Equal(3, listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void Files_put_together_are_noticed_and_all_documents_found()
    {
        byte[] one = FoldTests.Fold(["one"u8.ToArray()]).ToArray();
        using var stream = new MemoryStream([.. one, .. one]);
        var reader = new FoldReader(stream, "test", TestLexicon.Small);
        Assert.NotEmpty(reader.Damages);
        Assert.Equal("one", Encoding.UTF8.GetString(FoldTests.Unfold(reader, reader.Documents[0])));
    }

    [Fact]
    public void A_folded_file_inside_a_damaged_one_does_not_pass_for_its_documents()
    {
        byte[] inner = FoldTests.Fold(["inner text, quite short"u8.ToArray()]).ToArray();
        byte[] outer = FoldTests.Fold([inner]).ToArray();
        outer[50] ^= 1; // the block's head
        outer[^1] ^= 1; // the footer
        using var stream = new MemoryStream(outer);
        var reader = new FoldReader(stream, "test", TestLexicon.Small);
        Assert.All(reader.Documents, d => Assert.Equal(inner.Length, d.Bytes));
    }

    [Fact]
    public void Many_false_markers_do_not_make_the_search_slow()
    {
        byte[] header = FoldTests.Fold([]).ToArray()[..40];
        var hostile = new MemoryStream();
        hostile.Write(header);
        for (int i = 0; i < 100_000; i++)
            hostile.Write([0xD5, (byte)'d', (byte)'u', (byte)'m', 1, .. BitConverter.GetBytes(9 * (100_000 - i) - 30)]);
        // Quadratic work would read 45 GB here.
        var reader = new FoldReader(hostile, "test", TestLexicon.Small);
        Assert.Empty(reader.Documents);
    }

    [Fact]
    public void Scenes_past_the_end_are_refused_whatever_the_number()
    {
        using MemoryStream folded = FoldTests.Fold(["one two three"u8.ToArray()]);
        var reader = new FoldReader(folded, "test", TestLexicon.Small);
        Assert.Throws<DumException>(() => reader.UnfoldScenes(reader.Documents[0], long.MaxValue, 1, Stream.Null));
        Assert.Throws<DumException>(() => reader.UnfoldScenes(reader.Documents[0], 0, long.MaxValue, Stream.Null));
    }

    [Fact]
    public void A_vocabulary_that_doubles_itself_is_refused_before_it_fills_the_memory()
    {
        var merges = new (int, int)[60_000];
        for (int i = 0; i < merges.Length; i++)
            merges[i] = i < 9 ? (i == 0 ? 97 : 255 + i, i == 0 ? 97 : 255 + i) : (264, 264);
        Assert.Throws<DumException>(() => Vocabulary.FromMerges([.. merges, .. merges, .. merges]));
    }

    static DumProcess.Result Dum(ScratchFolder folder, byte[]? input, params string[] arguments) =>
        DumProcess.Run(folder.Path, [.. arguments, "--lexicon", "l.dumlex"], input);

    static ScratchFolder Lexicon()
    {
        var folder = new ScratchFolder();
        TestLexicon.Small.Save(folder["l.dumlex"]);
        return folder;
    }
}

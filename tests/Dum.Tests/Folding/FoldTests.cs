using System.Security.Cryptography;
using System.Text;
using Dum.Folding;
using Dum.Scenes;
using Xunit;

namespace Dum.Tests.Folding;

public class FoldTests
{
    static readonly FoldOptions s_smallBlocks = new() { BlockBytes = 4096, Threads = 2 };

    [Fact]
    public void Ten_thousand_fuzzed_inputs_come_back_byte_for_byte()
    {
        // Many documents to a file: opening ten thousand files would test the file system, not the fold.
        for (int batch = 0; batch < 20; batch++)
        {
            byte[][] inputs = [.. Enumerable.Range(batch * 500, 500).Select(Samples.Fuzzed)];
            using MemoryStream folded = Fold(inputs);
            var reader = new FoldReader(folded, "test", TestLexicon.Small);
            Assert.Empty(reader.Damages);
            for (int i = 0; i < inputs.Length; i++)
                Assert.Equal(inputs[i], Unfold(reader, reader.Documents[i]));
        }
    }

    [Theory]
    [InlineData('a')]
    [InlineData(' ')]
    [InlineData('\n')]
    [InlineData('\0')]
    public void A_megabyte_of_one_character_comes_back(char c)
    {
        byte[] text = new byte[1 << 20];
        Array.Fill(text, (byte)c);
        using MemoryStream folded = Fold([text], new FoldOptions());
        Assert.True(folded.Length < 4000, $"a megabyte of one character folded to {folded.Length} bytes");
        var reader = new FoldReader(folded, "test", TestLexicon.Small);
        Assert.Equal(text, Unfold(reader, reader.Documents[0]));
    }

    [Fact]
    public void Noise_is_stored_and_hardly_grows()
    {
        var noise = new byte[100_000];
        new Random(1).NextBytes(noise);
        using MemoryStream folded = Fold([noise], new FoldOptions());
        Assert.InRange(folded.Length, noise.Length, noise.Length + 400);
    }

    [Fact]
    public void The_bytes_written_do_not_depend_on_the_number_of_threads()
    {
        byte[] text = Encoding.UTF8.GetBytes(Samples.Text(new Random(5), 60_000));
        using MemoryStream one = Fold([text], s_smallBlocks with { Threads = 1 });
        using MemoryStream four = Fold([text], s_smallBlocks with { Threads = 4 });
        Assert.Equal(one.ToArray(), four.ToArray());
    }

    [Fact]
    public void Counts_and_hash_are_those_of_the_text()
    {
        byte[] text = Encoding.UTF8.GetBytes(Samples.Text(new Random(6), 30_000));
        using MemoryStream folded = Fold([text], s_smallBlocks);
        FoldedDocument document = new FoldReader(folded, "test", TestLexicon.Small).Documents[0];
        int[] ids = TestLexicon.Small.Vocabulary.Encoder.Encode(text);
        Assert.Equal(text.Length, document.Bytes);
        Assert.Equal(ids.Length, document.Hyperwords);
        Assert.Equal(new SceneSplitter(TestLexicon.Small.Vocabulary).Split(ids).Count, document.Scenes);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(text)), document.Sha256);
    }

    [Fact]
    public void Any_scene_is_read_by_itself()
    {
        byte[] text = [.. Encoding.UTF8.GetBytes(Samples.Text(new Random(7), 30_000)), .. Samples.Fuzzed(8 * 40)];
        using MemoryStream folded = Fold([text], s_smallBlocks);
        var reader = new FoldReader(folded, "test", TestLexicon.Small);
        FoldedDocument document = reader.Documents[0];
        Assert.True(document.Blocks.Count > 3);
        using var all = new MemoryStream();
        for (long scene = 0; scene < document.Scenes; scene += 7)
            reader.UnfoldScenes(document, scene, Math.Min(7, document.Scenes - scene), all);
        Assert.Equal(text, all.ToArray());
        Assert.Throws<DumException>(() => reader.UnfoldScenes(document, document.Scenes, 1, all));
    }

    [Fact]
    public void Documents_can_be_added_later()
    {
        using MemoryStream first = Fold(["one"u8.ToArray(), "два"u8.ToArray()]);
        using var second = new MemoryStream();
        FoldWriter writer = FoldWriter.Continue(second, new FoldReader(first, "test", TestLexicon.Small), TestLexicon.Small, s_smallBlocks);
        writer.Add(new FoldedDocument { Name = "three" }, new MemoryStream("drei"u8.ToArray()));
        writer.Finish();
        var reader = new FoldReader(second, "test", TestLexicon.Small);
        Assert.Equal(["0", "1", "three"], reader.Documents.Select(d => d.Name));
        Assert.Equal(["one", "два", "drei"], reader.Documents.Select(d => Encoding.UTF8.GetString(Unfold(reader, d))));
    }

    [Fact]
    public void Another_lexicon_is_refused()
    {
        using MemoryStream folded = Fold(["text"u8.ToArray()]);
        var reader = new FoldReader(folded, "test", TestLexicon.Make(2, 500));
        Assert.Contains("lexicon", Assert.Throws<DumException>(() => reader.Unfold(reader.Documents[0], Stream.Null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../x")]
    [InlineData("a//b")]
    [InlineData("C:/x")]
    [InlineData("a\0b")]
    public void A_name_that_leads_outside_is_refused(string name)
    {
        var writer = new FoldWriter(new MemoryStream(), TestLexicon.Small);
        Assert.Throws<DumException>(() => writer.Add(new FoldedDocument { Name = name }, Stream.Null));
    }

    internal static MemoryStream Fold(IReadOnlyList<byte[]> documents, FoldOptions? options = null)
    {
        var folded = new MemoryStream();
        var writer = new FoldWriter(folded, TestLexicon.Small, options ?? s_smallBlocks);
        for (int i = 0; i < documents.Count; i++)
            writer.Add(new FoldedDocument { Name = i.ToString(System.Globalization.CultureInfo.InvariantCulture) }, new MemoryStream(documents[i]));
        writer.Finish();
        return folded;
    }

    internal static byte[] Unfold(FoldReader reader, FoldedDocument document)
    {
        using var text = new MemoryStream();
        reader.Unfold(document, text);
        return text.ToArray();
    }
}

using System.Buffers;
using System.Text;
using Dum.Folding;
using Dum.Lexicon;
using Dum.Lexicon.Foreign;
using Dum.Scenes;
using Xunit;

namespace Dum.Tests;

/// <summary>The examples of docs/lexicon.md, run; and a check that what the page shows is what runs here.</summary>
public class DocsTests
{
    static readonly byte[] s_book = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Шёл дождь. The rain fell, and nobody minded.\n", 9000)));

    [Fact]
    public void The_examples_of_the_lexicon_page_work()
    {
        Vocabulary words = LexiconFile.Default.Vocabulary;
        int[] ids = words.Encoder.Encode("Кот сидел на окне и смотрел на дождь."u8);
        byte[] text = words.Decode(ids);
        Assert.Equal("Кот сидел на окне и смотрел на дождь.", Encoding.UTF8.GetString(text));

        ReadOnlySpan<byte> input = "the cat sat on the mat"u8;
        Span<int> room = stackalloc int[64];
        int count = words.Encoder.Encode(input, room);
        Span<byte> back = stackalloc byte[64];
        int length = words.Decode(room[..count], back);
        Assert.True(input.SequenceEqual(back[..length]));

        byte[] book = s_book, piece = book[..1000];
        var buffer = new int[1000];
        OperationStatus status = words.Encoder.Encode(piece, buffer, out int consumed, out int written, isFinal: false);
        Assert.Equal(OperationStatus.NeedMoreData, status);
        Assert.Equal(piece[..consumed], words.Decode(buffer.AsSpan(0, written)).ToArray());

        int[] all = words.Encoder.EncodeParallel(book);
        Assert.Equal(words.Encoder.Encode(book), all);
        Assert.Equal(book, words.DecodeParallel(all));

        List<Scene> scenes = new SceneSplitter(words).Split(all);
        ReadOnlySpan<byte> third = book.AsSpan((int)scenes[2].Byte, scenes[2].Bytes);
        Assert.Equal("Шёл дождь.", Encoding.UTF8.GetString(third).Trim());

        using var folded = new MemoryStream();
        var writer = new FoldWriter(folded, LexiconFile.Default);
        writer.Add(new FoldedDocument { Name = "a.txt" }, new MemoryStream(book));
        writer.Finish();
        var reader = new FoldReader(folded, "memory", LexiconFile.Default);
        reader.Unfold(reader.Documents[0], Stream.Null);
    }

    [SharedDataFact]
    public void The_example_of_a_foreign_tokenizer_works()
    {
        string path = SharedData.Tokenizer("o200k_base.tiktoken");
        ForeignTokenizer o200k = ForeignTokenizer.Load(path);
        int tokens = o200k.CountUnits("hello world"u8);
        Assert.Equal(2, tokens);
    }

    [Fact]
    public void Encoding_allocates_nothing()
    {
        Vocabulary words = LexiconFile.Default.Vocabulary;
        ReadOnlySpan<byte> input = "Ничего лишнего: the cat sat on the mat."u8;
        Span<int> room = stackalloc int[128];
        Span<byte> back = stackalloc byte[128];
        words.Decode(room[..words.Encoder.Encode(input, room)], back);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            words.Decode(room[..words.Encoder.Encode(input, room)], back);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void The_page_shows_what_runs_here() => DocsPage.ShowsWhatRuns(HouseTests.Root, "lexicon.md", "Dum.Tests/DocsTests.cs");
}

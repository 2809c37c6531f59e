using System.Text;
using Dum.Lexicon;
using Dum.Lexicon.Foreign;
using Xunit;

namespace Dum.Tests.Lexicon.Foreign;

public class TokenizerComparisonTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("one document\n", new[] { "one document\n" })]
    [InlineData("a\n<|endoftext|>\nb\n<|endoftext|>\n", new[] { "a\n", "b\n" })]
    [InlineData("a\r\n<|endoftext|>\r\nb", new[] { "a\r\n", "b" })]
    [InlineData("<|endoftext|>\n<|endoftext|>", new string[0])]
    [InlineData("said <|endoftext|> aloud\n<|endoftext|> so\n", new[] { "said <|endoftext|> aloud\n<|endoftext|> so\n" })]
    public void Documents_lie_between_separator_lines(string file, string[] expected) =>
        Assert.Equal(expected, TokenizerComparison.Documents(Encoding.UTF8.GetBytes(file)).Select(document => Encoding.UTF8.GetString(document.Span)));

    [Fact]
    public void Units_are_counted_and_compared_with_the_first()
    {
        Vocabulary pairs = Vocabulary.FromMerges([('a', 'b')]);
        ForeignTokenizer[] tokenizers = [ForeignTokenizer.From(pairs, "ours"), ForeignTokenizer.From(Vocabulary.FromMerges([]), "bytes")];
        IReadOnlyList<TokenizerResult> rows = TokenizerComparison.Compare(tokenizers, [Encoding.UTF8.GetBytes("ababab"), new byte[] { 0xFF, (byte)'a' }]);
        Assert.Equal([5, 8], rows.Select(row => row.Units));
        Assert.Equal([1.0, 1.6], rows.Select(row => row.Relative));
        Assert.Equal([258 - 1, 256], rows.Select(row => row.Entries));
        Assert.Equal(8 / 5.0, rows[0].BytesPerUnit);
        Assert.True(rows[0].MegabytesPerSecond > 0);
    }

    [Fact]
    public void Our_own_vocabulary_takes_any_bytes_and_gives_them_back()
    {
        ForeignTokenizer own = ForeignTokenizer.From(Vocabulary.FromMerges([('a', 'b')]), "ours");
        byte[] bytes = [0xFF, (byte)'a', (byte)'b', 0, 0xE2];
        Assert.Equal(bytes, own.Decode(own.Encode(bytes)));
        Assert.Throws<DumException>(() => own.Decode([257]));
    }

    [SharedDataFact]
    public void Several_threads_may_use_one_tokenizer()
    {
        ForeignTokenizer tokenizer = SharedData.Load("o200k_base.tiktoken");
        string[] texts = [.. Enumerable.Range(0, 200).Select(i => PreTokenizerTests.RandomText(new Random(i)))];
        int[][] expected = [.. texts.Select(text => tokenizer.Encode(Encoding.UTF8.GetBytes(text)))];
        Parallel.For(0, 2000, i => Assert.Equal(expected[i % 200], tokenizer.Encode(Encoding.UTF8.GetBytes(texts[i % 200]))));
    }
}

using System.Text;
using Dum.Folding;
using Dum.Lexicon;
using Dum.Tests.Folding;
using Xunit;

namespace Dum.Tests;

/// <summary>The lexicon that ships: found without a path, whole, and held to what its format promises.</summary>
public class DefaultLexiconTests
{
    static readonly Vocabulary s_words = LexiconFile.Default.Vocabulary;

    [Fact]
    public void Has_65536_entries_no_two_alike()
    {
        Assert.Equal(65536, s_words.Count);
        Assert.Equal(65536, Enumerable.Range(0, s_words.Count).Select(id => Convert.ToHexString(s_words[id])).Distinct().Count());
    }

    [Fact]
    public void Every_entry_encodes_to_itself()
    {
        for (int id = 0; id < s_words.Count; id++)
            Assert.Equal([id], s_words.Encoder.Encode(s_words[id]));
    }

    [Fact]
    public void Punctuation_never_stands_between_words_and_words_and_digits_are_few()
    {
        for (int id = 256; id < s_words.Count; id++)
        {
            ReadOnlySpan<byte> bytes = s_words[id];
            if (bytes.Contains((byte)'\n'))
                Assert.False(bytes.ContainsAnyExcept("\r\n"u8), LexiconPortrait.Display(bytes));
            if (!System.Text.Unicode.Utf8.IsValid(bytes))
                continue; // the first bytes of a character
            string text = Encoding.UTF8.GetString(bytes);
            Assert.False(System.Text.RegularExpressions.Regex.IsMatch(text, @"[\p{L}\p{N}][^\p{L}\p{N}\p{M} '’-]+.*[\p{L}]"), $"'{text}' has punctuation inside");
            Assert.True(text.Count(char.IsDigit) <= 3, $"'{text}' has more than three digits");
            Assert.True(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length <= 4, $"'{text}' has more than four words");
        }
    }

    [Fact]
    public void Equals_naive_merging_on_fuzzed_inputs()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            byte[] text = Samples.Fuzzed(seed);
            text = text[..Math.Min(text.Length, 150)];
            Assert.Equal(NaiveIds(text), s_words.Encoder.Encode(text));
        }
    }

    [Theory]
    [InlineData("The old man looked at the sea and said nothing, because there was nothing to say. ")]
    [InlineData("Старик смотрел на море и ничего не говорил, потому что говорить было нечего. ")]
    public void Folds_plain_prose_to_less_than_a_third(string sentence)
    {
        using var folded = new MemoryStream();
        var writer = new FoldWriter(folded, LexiconFile.Default);
        byte[] text = Encoding.UTF8.GetBytes(sentence);
        FoldedDocument document = writer.Add(new FoldedDocument { Name = "a" }, new MemoryStream(text));
        writer.Finish();
        Assert.True(document.Hyperwords * 4 < document.Bytes, $"{document.Hyperwords} hyperwords for {document.Bytes} bytes");
        FoldReader reader = new(folded, "test", LexiconFile.Default);
        Assert.Equal(text, FoldTests.Unfold(reader, reader.Documents[0]));
        int payload = new Dum.Coding.BlockCoder(LexiconFile.Default.Prior).Encode(s_words.Encoder.Encode(text)).Length;
        Assert.True(payload * 3 < text.Length, $"{payload} bytes for {text.Length}");
    }

    static readonly Dictionary<(int, int), int> s_merges = Enumerable.Range(256, 65536 - 256).ToDictionary(s_words.MergeOf);

    /// <summary>As <see cref="Lexicon.NaiveBpe"/>, with the look-up made once.</summary>
    static List<int> NaiveIds(byte[] text)
    {
        List<int> ids = [.. text];
        while (true)
        {
            int best = int.MaxValue;
            for (int i = 0; i + 1 < ids.Count; i++)
                best = Math.Min(best, s_merges.GetValueOrDefault((ids[i], ids[i + 1]), int.MaxValue));
            if (best == int.MaxValue)
                return ids;
            (int left, int right) = s_words.MergeOf(best);
            for (int i = 0; i + 1 < ids.Count; i++)
                if (ids[i] == left && ids[i + 1] == right)
                {
                    ids[i] = best;
                    ids.RemoveAt(i + 1);
                }
        }
    }
}

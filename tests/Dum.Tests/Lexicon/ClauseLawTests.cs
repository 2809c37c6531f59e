using System.Text;
using System.Text.RegularExpressions;
using Dum.Lexicon;
using Xunit;

namespace Dum.Tests.Lexicon;

/// <summary>The rules of hyperwords, written a second time as patterns over the finished entries.</summary>
public class ClauseLawTests
{
    static readonly string[] s_entries = Learn(new LexiconTrainingOptions { Size = 1500, Threads = 1, MinPairCount = 2 });

    [Fact]
    public void Punctuation_never_stands_inside()
    {
        // Between two word characters only an apostrophe or a hyphen, and a single space between words.
        foreach (string entry in s_entries)
            Assert.DoesNotMatch(@"[\p{L}\p{M}\p{N}](?!['’-]?[\p{L}\p{M}\p{N}]| [\p{L}\p{M}]).*[\p{L}\p{M}\p{N}]", entry);
    }

    [Fact]
    public void Marks_open_or_close()
    {
        foreach (string entry in s_entries.Where(e => e.Any(char.IsLetter)))
            Assert.Matches(@"^(— ?| ?[\p{P}]?| — )?[\p{L}\p{M}'’ -]+[\p{P}\p{S}]{0,3}$", entry);
    }

    [Fact]
    public void At_most_four_words() =>
        Assert.All(s_entries, e => Assert.InRange(Regex.Count(e, @"[\p{L}\p{M}]+(['’-][\p{L}\p{M}]+)*"), 0, 4));

    [Fact]
    public void At_most_three_digits_and_no_letters_with_them()
    {
        foreach (string entry in s_entries.Where(e => e.Any(char.IsDigit)))
            Assert.Matches(@"^ ?\d{1,3}\p{P}{0,3}$", entry);
    }

    [Fact]
    public void Line_ends_stand_among_line_ends()
    {
        foreach (string entry in s_entries.Where(e => e.Contains('\n') || e.Contains('\r')))
            Assert.Matches(@"^[\r\n]+$", entry);
    }

    [Fact]
    public void No_entry_is_too_long() =>
        Assert.All(Learn(new LexiconTrainingOptions { Size = 1500, Threads = 1, MinPairCount = 2, MaxBytes = 12 }), e => Assert.InRange(Encoding.UTF8.GetByteCount(e), 1, 12));

    [Fact]
    public void Words_keep_their_inner_marks()
    {
        Assert.Contains(" well-known", s_entries);
        Assert.Contains(" don't", s_entries);
        Assert.Contains("кто-нибудь", string.Join('|', s_entries), StringComparison.Ordinal);
        Assert.Contains("д’Артаньян", string.Join('|', s_entries), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_superword_is_whole_characters() =>
        Assert.DoesNotContain(s_entries, e => e.Contains('\uFFFD') && e.Any(c => c is ' ' or (>= 'a' and <= 'z')));

    static string[] Learn(LexiconTrainingOptions options)
    {
        byte[] text = Encoding.UTF8.GetBytes(SmallText.Write(20_000));
        var merges = LexiconTrainer.Train([LexiconSource.FromBytes("text", text)], options, null, default);
        return [.. PlainLexicon.Entries(merges).Skip(256).Select(Encoding.UTF8.GetString)];
    }
}

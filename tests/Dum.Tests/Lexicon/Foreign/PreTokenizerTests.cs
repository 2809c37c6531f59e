using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Dum.Lexicon.Foreign;
using Xunit;

namespace Dum.Tests.Lexicon.Foreign;

/// <summary>
/// The hand-written rules against .NET regular expressions made of the published patterns. Possessive quantifiers are
/// written as atomic groups, and case folding is spelled out, because .NET does not fold the long s.
/// </summary>
public class PreTokenizerTests
{
    const string Contractions = "'(?:[sSſtTmMdD]|[lL][lL]|[vV][eE]|[rR][eE])";
    const string U = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", W = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]", Rest = @"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    static readonly Dictionary<string, string> s_patterns = new()
    {
        ["gpt2"] = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
        ["cl100k"] = Contractions + @"|(?>[^\r\n\p{L}\p{N}]?)(?>\p{L}+)|(?>\p{N}{1,3})| ?(?>[^\s\p{L}\p{N}]+)(?>[\r\n]*)|(?>\s+)\z|\s*[\r\n]|\s+(?!\S)|\s",
        ["llama3"] = Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        ["qwen2"] = Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        ["o200k"] = $@"[^\r\n\p{{L}}\p{{N}}]?{U}*{W}+(?:{Contractions})?|[^\r\n\p{{L}}\p{{N}}]?{U}+{W}*(?:{Contractions})?|" + Rest,
        ["superbpe-stage1"] = $@"[^\r\n\p{{L}}\p{{N}}]?{U}*{W}+|[^\r\n\p{{L}}\p{{N}}]?{U}+{W}*|" + Rest,
        ["superbpe-stage2"] = @"\p{N}{1,3}| ?[^\s\p{L}\p{N}]{2,}[\r\n/]*| +(?!\S)",
    };

    static readonly string[] s_pools =
    [
        "abcxyz", "ABCXYZ", "0123456789", " ", " \t\n\r", "'sStTmMdDlLvVeErR", ".,!?-/\\\"#()", "абвЖЩЯё", "中文字カ", "\u0301\u0308\u20dd\u093f",
        "ʰˇǅǈſßİı", "\u00a0\u2003\u3000\u2028\u0085\v\f\u001f\u200b", "½²Ⅷ٣९①", "▁\ue000\ufffd",
    ];

    static readonly string[] s_beyond = ["😀", "𝒜", "𐐀", "𐑀", "𝟘", "\U00020000", "\U000E0101", "👍🏽"];

    [Theory]
    [InlineData("gpt2")]
    [InlineData("cl100k")]
    [InlineData("llama3")]
    [InlineData("qwen2")]
    [InlineData("o200k")]
    [InlineData("superbpe-stage1")]
    [InlineData("superbpe-stage2")]
    public void Equals_the_published_pattern(string name)
    {
        var pattern = new Regex(s_patterns[name], RegexOptions.CultureInvariant);
        PreTokenizer rule = PreTokenizer.Find(name);
        var random = new Random(11);
        for (int i = 0; i < 5000; i++)
        {
            string text = RandomText(random);
            Assert.Equal(Matches(text, pattern), Pieces(rule, text));
        }
    }

    [Theory]
    [InlineData("superbpe", @"(?=(\d{3})+(?!\d))")]
    [InlineData("superbpe-twin", @"(?=(\d{3})+(?!\d))| ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    public void Equals_Digits_and_then_Split(string name, string pattern)
    {
        PreTokenizer rule = PreTokenizer.Find(name);
        var random = new Random(12);
        for (int i = 0; i < 5000; i++)
        {
            string text = RandomText(random);
            List<string> expected = Matches(text, new Regex(@"\p{N}+"), new Regex(pattern, RegexOptions.CultureInvariant));
            Assert.Equal(expected, Pieces(rule, text));
        }
    }

    [Fact]
    public void Long_runs_take_linear_time()
    {
        foreach (string unit in (ReadOnlySpan<string>)["7", " ", "\n ", "a", "A", "日A", "!", "½1", "'", " !", "\u0301"])
        {
            byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, 50_000)));
            foreach (PreTokenizer rule in PreTokenizer.All)
                Assert.Equal(text.Length, Count(rule, text));
        }

        static int Count(PreTokenizer rule, byte[] text)
        {
            int at = 0;
            while (at < text.Length)
                at = rule.Next(ref MemoryMarshal.GetArrayDataReference(text), at, text.Length);
            return at;
        }
    }

    [Fact]
    public void An_unknown_rule_is_refused_with_the_known_ones() =>
        Assert.Contains("o200k", Assert.Throws<DumException>(() => PreTokenizer.Find("p9k")).Message);

    internal static string RandomText(Random random)
    {
        var text = new StringBuilder();
        string[] pools = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => s_pools[random.Next(s_pools.Length)])];
        for (int n = random.Next(1, 40); n > 0; n--)
        {
            if (random.Next(12) == 0)
                text.Append(s_beyond[random.Next(s_beyond.Length)]);
            string pool = pools[random.Next(pools.Length)];
            text.Append(pool[random.Next(pool.Length)]);
        }
        return text.ToString();
    }

    /// <summary>
    /// Cuts a text at the borders of a pattern's matches, then each part by the next pattern. .NET tests supplementary
    /// characters by halves, so they are put in as stand-ins of their category.
    /// </summary>
    static List<string> Matches(string text, params Regex[] patterns)
    {
        (string plain, int[] origin) = StandIns(text);
        List<(int Start, int End)> parts = [(0, plain.Length)];
        foreach (Regex pattern in patterns)
        {
            var finer = new List<(int, int)>();
            foreach ((int start, int end) in parts)
            {
                int at = start;
                foreach (Match match in pattern.Matches(plain[start..end]))
                {
                    Cut(start + match.Index);
                    Cut(start + match.Index + match.Length);
                }
                Cut(end);

                void Cut(int to)
                {
                    if (to > at)
                        finer.Add((at, to));
                    at = to;
                }
            }
            parts = finer;
        }
        return [.. parts.Select(part => text[origin[part.Start]..origin[part.End]])];
    }

    static (string, int[]) StandIns(string text)
    {
        var plain = new StringBuilder();
        var origin = new List<int>();
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            origin.Add(at);
            at += rune.Utf16SequenceLength;
            plain.Append(rune.IsBmp ? (char)rune.Value : Rune.GetUnicodeCategory(rune) switch
            {
                System.Globalization.UnicodeCategory.UppercaseLetter => 'Ж',
                System.Globalization.UnicodeCategory.LowercaseLetter => 'ж',
                System.Globalization.UnicodeCategory.OtherLetter => '中',
                System.Globalization.UnicodeCategory.DecimalDigitNumber => '٣',
                System.Globalization.UnicodeCategory.NonSpacingMark => '\u0301',
                _ => '☺',
            });
        }
        origin.Add(at);
        return (plain.ToString(), [.. origin]);
    }

    static List<string> Pieces(PreTokenizer rule, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var pieces = new List<string>();
        for (int at = 0; at < bytes.Length;)
        {
            int end = rule.Next(ref MemoryMarshal.GetArrayDataReference(bytes), at, bytes.Length);
            pieces.Add(Encoding.UTF8.GetString(bytes, at, end - at));
            at = end;
        }
        return pieces;
    }
}

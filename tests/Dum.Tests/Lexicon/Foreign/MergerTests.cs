using System.Text;
using Dum.Lexicon.Foreign;
using Xunit;

namespace Dum.Tests.Lexicon.Foreign;

/// <summary>Every way of merging against the rules as they are written down, one merge at a time.</summary>
public class MergerTests
{
    [Fact]
    public void Ranks_in_any_order_give_what_tiktoken_gives()
    {
        var random = new Random(21);
        int linear = 0;
        for (int round = 0; round < 400; round++)
        {
            // Random strings as tokens: many cannot be made, some rank before their parts.
            string[] tokens = [.. Enumerable.Range(0, random.Next(3, 14)).Select(_ => Letters(random, random.Next(2, 6), 3)).Distinct()];
            TokenTable table = Table(tokens);
            Merger merger = new MergerBuilder(table, byCharacter: false, wholeFirst: true).FromRanks([.. Enumerable.Range(256, tokens.Length)], id => id);
            linear += merger is LinearMerger ? 1 : 0;
            for (int i = 0; i < 40; i++)
            {
                string text = Letters(random, random.Next(1, 24), 3);
                Assert.Equal(Array.IndexOf(tokens, text) is var whole && whole >= 0 ? [256 + whole] : ByRank(table, text), Encode(merger, text));
            }
        }
        Assert.InRange(linear, 40, 399); // both ways were tried
    }

    [Fact]
    public void Listed_merges_give_what_Hugging_Face_gives()
    {
        var random = new Random(22);
        int linear = 0;
        for (int round = 0; round < 400; round++)
        {
            // Every way to split a few strings, in random order, as converters of SentencePiece models write them.
            string[] tokens = [.. Enumerable.Range(0, random.Next(2, 9)).SelectMany(_ => Prefixes(Letters(random, random.Next(2, 6), 3))).Distinct()];
            TokenTable table = Table(tokens);
            var merges = new List<(int Left, int Right, int Made)>();
            foreach (string token in tokens)
                for (int at = 1; at < token.Length; at++)
                    if (Find(table, token[..at]) is var l and >= 0 && Find(table, token[at..]) is var r and >= 0)
                        merges.Add((l, r, Find(table, token)));
            if (round % 2 == 0)
                random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(merges));
            Merger merger = new MergerBuilder(table, byCharacter: false, wholeFirst: false).FromMerges(merges);
            linear += merger is LinearMerger ? 1 : 0;
            for (int i = 0; i < 40; i++)
            {
                string text = Letters(random, random.Next(1, 24), 3);
                Assert.Equal(ByPair(merges, text), Encode(merger, text));
            }
        }
        Assert.InRange(linear, 40, 399);
    }

    [Fact]
    public void Runs_of_spaces_that_rank_equal_join_from_the_left()
    {
        (string, float)[] pieces =
        [
            .. "ab▁".Select((c, i) => (c.ToString(), -100f - i)), ("▁a", -1), ("ab", -2), ("▁ab", -3), ("a▁", -4),
            .. Enumerable.Range(2, 15).Select(n => (new string('▁', n), -1e9f)),
        ];
        ForeignTokenizer tokenizer = BadInputTests.Load("x.model", SmallTokenizers.SentencePiece(pieces));
        Assert.True(tokenizer.RunsOnLinearEncoder);
        for (int n = 1; n < 70; n++)
        {
            // With the prefix n spaces; SentencePiece makes sixteens and then one piece of the rest.
            int[] lengths = [.. tokenizer.Encode(Encoding.UTF8.GetBytes(new string(' ', n - 1) + "b")).SkipLast(1).Select(id => tokenizer.Decode([id, id]).Length + 1 >> 1)];
            Assert.Equal([.. Enumerable.Repeat(16, n / 16), .. n % 16 > 0 ? [n % 16] : Array.Empty<int>()], lengths);
        }
    }

    [SharedDataTheory]
    [InlineData("llama2.tokenizer.model")]
    [InlineData("llama3.tokenizer.model")]
    [InlineData("o200k_base.tiktoken")]
    [InlineData("superbpe_200k")]
    public void Published_vocabularies_run_on_the_linear_encoder(string file) => Assert.True(SharedData.Load(file).RunsOnLinearEncoder);

    [Fact]
    public void A_character_without_a_piece_falls_back_to_its_bytes()
    {
        ForeignTokenizer tokenizer = BadInputTests.Load("x.model", SmallTokenizers.SentencePiece(("▁", -5), ("é", -6), ("▁é", -1)));
        Assert.Equal([2 + 256 + 2, 2 + 0xC3, 2 + 0xA8], tokenizer.Encode("éè"u8));
        Assert.Equal("éè"u8.ToArray(), tokenizer.Decode(tokenizer.Encode("éè"u8)));
    }

    [Fact]
    public void Bytes_that_are_not_text_are_read_as_replacement_characters()
    {
        ForeignTokenizer tokenizer = BadInputTests.Load("gpt2.tiktoken", SmallTokenizers.Tiktoken("ab", "abc"));
        byte[] broken = [0xFF, (byte)'a', (byte)'b', 0xE2, 0x82];
        Assert.Equal("\ufffdab\ufffd"u8.ToArray(), tokenizer.Decode(tokenizer.Encode(broken)));
        Assert.Equal(tokenizer.Encode(broken).Length, tokenizer.CountUnits(broken));
    }

    static int[] Encode(Merger merger, string text)
    {
        var ids = new int[text.Length];
        int n = merger.Encode(Encoding.UTF8.GetBytes(text), ids);
        Assert.Equal(n, merger.Count(Encoding.UTF8.GetBytes(text), new int[text.Length]));
        return ids[..n];
    }

    static List<int> ByRank(TokenTable table, string text) => Naive([.. text.Select(c => c.ToString())], (a, b) => Find(table, a + b), a => Find(table, a));

    static List<int> ByPair(List<(int Left, int Right, int Made)> merges, string text) =>
        Naive([.. text.Select(c => (int)c)], (a, b) => merges.FindIndex(m => (m.Left, m.Right) == (a, b)), a => a, rank => merges[rank].Made);

    static List<int> Naive<T>(List<T> parts, Func<T, T, int> rank, Func<T, int> id, Func<int, T>? made = null)
    {
        while (true)
        {
            (int best, int at) = (int.MaxValue, -1);
            for (int i = 0; i + 1 < parts.Count; i++)
                if (rank(parts[i], parts[i + 1]) is var r and >= 0 && r < best)
                    (best, at) = (r, i);
            if (at < 0)
                return [.. parts.Select(id)];
            parts[at] = made is not null ? made(best) : (T)(object)((string)(object)parts[at]! + (string)(object)parts[at + 1]!);
            parts.RemoveAt(at + 1);
        }
    }

    static TokenTable Table(string[] tokens)
    {
        var table = new TokenTable(256);
        for (int b = 0; b < 256; b++)
        {
            table.TryAdd(b, [(byte)b], isText: true);
            table.ByteIds[b] = b;
        }
        for (int i = 0; i < tokens.Length; i++)
            Assert.True(table.TryAdd(256 + i, Encoding.UTF8.GetBytes(tokens[i]), isText: true));
        return table;
    }

    static int Find(TokenTable table, string token) => table.Find(Encoding.UTF8.GetBytes(token));

    static IEnumerable<string> Prefixes(string text) => Enumerable.Range(2, text.Length - 1).Select(n => text[..n]);

    static string Letters(Random random, int length, int letters) =>
        new([.. Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(letters)))]);
}

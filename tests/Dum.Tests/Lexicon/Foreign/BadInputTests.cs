using System.Text;
using Dum.Lexicon.Foreign;
using Xunit;

namespace Dum.Tests.Lexicon.Foreign;

/// <summary>Whatever a tokenizer file holds, reading it ends in a tokenizer or in one line that says what is wrong.</summary>
public class BadInputTests
{
    static readonly (string Name, byte[] Bytes)[] s_good =
    [
        ("gpt2.tiktoken", SmallTokenizers.Tiktoken("th", "the", " the", "é")),
        ("vocab.json", Encoding.UTF8.GetBytes(SmallTokenizers.Vocabulary("th", "the", "Ġthe"))),
        ("merges.txt", Encoding.UTF8.GetBytes(SmallTokenizers.Merges("t h", "th e", "Ġ the"))),
        ("tokenizer.json", Encoding.UTF8.GetBytes(SmallTokenizers.HuggingFace(SmallTokenizers.Vocabulary("th", "the"), ["t h", "th e"]))),
        ("tokenizer.model", SmallTokenizers.SentencePiece(("▁", -9), ("t", -10), ("h", -11), ("th", -1), ("▁th", -2))),
        ("vocab.gguf", SmallTokenizers.Gguf(["th", "the"], ["t h", "th e"])),
        ("tok.bin", SmallTokenizers.TokBin((" ", -9), ("t", -10), ("h", -11), ("th", -1), (" th", -2))),
    ];

    [Fact]
    public void The_small_files_are_read()
    {
        byte[] text = Encoding.UTF8.GetBytes("then the é\n");
        foreach ((string name, byte[] bytes) in s_good)
        {
            ForeignTokenizer tokenizer = Load(name, bytes);
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
            Assert.True(tokenizer.CountUnits(text) < text.Length);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_damaged_file_gives_one_line(int format)
    {
        (string name, byte[] good) = s_good[format];
        var random = new Random(31 + format);
        for (int i = 0; i < 400; i++)
        {
            byte[] bytes = [.. good];
            if (i % 4 == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            else if (i % 4 == 1)
                for (int n = random.Next(1, 8); n > 0; n--)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            else
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                Load(name, bytes).Encode("the damage, then é"u8);
            }
            catch (DumException e)
            {
                Assert.DoesNotContain('\n', e.Message);
                Assert.Equal(2, e.ExitCode);
            }
        }
    }

    [Theory]
    [InlineData("x.bin", "", "empty")]
    [InlineData("x.bin", "hello\u0001\u0002", "none of")]
    [InlineData("x.tiktoken", "IQ== 0\nIg== 0\n", "line 2")]
    [InlineData("x.tiktoken", "IQ== 0\nIQ== 1\n", "line 2")]
    [InlineData("x.tiktoken", "IQ== 0\nI! 1\n", "line 2")]
    [InlineData("x.tiktoken", "IQ== 99999999999\n", "line 1")]
    [InlineData("x.tiktoken", "IQ== 0\n", "no token for the byte")]
    [InlineData("vocab.json", "{\"a\":", "JSON")]
    [InlineData("vocab.json", "{\"a\":\"b\"}", "without an id")]
    [InlineData("tokenizer.json", "{\"model\":{\"type\":\"Unigram\",\"vocab\":[]}}", "only BPE")]
    [InlineData("tokenizer.json", "{\"model\":{\"type\":\"BPE\"}}", "no vocabulary")]
    public void Each_fault_is_named(string name, string content, string expected)
    {
        DumException error = Assert.Throws<DumException>(() => Load(name, Encoding.UTF8.GetBytes(content)));
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void A_file_of_ranks_with_an_unknown_name_asks_for_its_rule()
    {
        byte[] file = SmallTokenizers.Tiktoken("ab");
        Assert.Contains("o200k", Assert.Throws<DumException>(() => Load("mine.tiktoken", file)).Message);
        Assert.Equal(2, Load("mine.tiktoken", file, PreTokenizer.O200k).CountUnits("ab\n"u8));
    }

    [Fact]
    public void A_merge_of_unknown_tokens_is_named()
    {
        string json = SmallTokenizers.HuggingFace(SmallTokenizers.Vocabulary("th"), ["t h", "th e"]);
        Assert.Contains("merge 1", Assert.Throws<DumException>(() => Load("tokenizer.json", Encoding.UTF8.GetBytes(json))).Message);
    }

    [Fact]
    public void Hostile_lengths_are_refused_before_they_are_believed()
    {
        byte[] gguf = [.. "GGUF"u8, 3, 0, 0, 0, .. new byte[8], 255, 255, 255, 255, 255, 255, 255, 127];
        Assert.Contains("count", Assert.Throws<DumException>(() => Load("x.gguf", gguf)).Message);
        byte[] model = [0x0A, 3, 0x0A, 1, (byte)'a', 0x0A, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1];
        Assert.Contains("cut short", Assert.Throws<DumException>(() => Load("x.model", model)).Message);
    }

    [Fact]
    public void What_is_missing_is_said()
    {
        Assert.Equal(3, Assert.Throws<DumException>(() => ForeignTokenizer.Load("/no/such/file")).ExitCode);
        string folder = Directory.CreateTempSubdirectory("dum").FullName;
        try
        {
            Assert.Equal(3, Assert.Throws<DumException>(() => ForeignTokenizer.Load(folder)).ExitCode);
            File.WriteAllText(Path.Combine(folder, "vocab.json"), "{\"a\":0}");
            Assert.Contains("merges.txt", Assert.Throws<DumException>(() => ForeignTokenizer.Load(folder)).Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Writes a file (with the good other half of its pair beside it), and reads it as a tokenizer.</summary>
    internal static ForeignTokenizer Load(string name, byte[] bytes, PreTokenizer? rule = null)
    {
        string folder = Directory.CreateTempSubdirectory("dum").FullName;
        try
        {
            foreach ((string other, byte[] good) in s_good)
                if (other is "vocab.json" or "merges.txt")
                    File.WriteAllBytes(Path.Combine(folder, other), good);
            string path = Path.Combine(folder, name);
            File.WriteAllBytes(path, bytes);
            return ForeignTokenizer.Load(path, rule);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

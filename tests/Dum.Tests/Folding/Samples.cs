using System.Text;

namespace Dum.Tests.Folding;

/// <summary>Inputs that have broken text tools: made, not fetched.</summary>
static class Samples
{
    static readonly string[] s_words =
    [
        "the ", "cat", " sat", " on", " the", " mat", ",", ". ", "\n", "\r\n", "\t", "    ", "и", " в", " не", "кот ", "что", "«Да»", " — ",
        "😀", "👩‍👩‍👧", "é", "e\u0301", "日本", "0", "12345", "3.14", "—", "…", "\u202E", "a", "_x", "()", "{};", "\u0000", "<|endoftext|>", "\uFEFF",
    ];

    /// <summary>A random input; each seed another kind: text, broken UTF-8, noise, runs, repetitions, long lines.</summary>
    public static byte[] Fuzzed(int seed)
    {
        var random = new Random(seed);
        int length = random.Next(8) == 0 ? random.Next(4000) : random.Next(200);
        return (seed % 8) switch
        {
            0 => Noise(random, length),
            1 => Run(random, length),
            2 => Broken(random, Text(random, length)),
            3 => Repeated(random, length),
            4 => Surrogates(random, length),
            5 => Encoding.Unicode.GetBytes(Text(random, length)),
            6 => Encoding.Latin1.GetBytes(Text(random, length)),
            _ => Encoding.UTF8.GetBytes(Text(random, length)),
        };
    }

    public static string Text(Random random, int length)
    {
        var text = new StringBuilder();
        while (text.Length < length)
            text.Append(s_words[random.Next(s_words.Length)]);
        return text.ToString();
    }

    static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    static byte[] Run(Random random, int length)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, (byte)random.Next(256));
        return bytes;
    }

    static byte[] Broken(Random random, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int i = 0; i < bytes.Length / 10; i++)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    static byte[] Repeated(Random random, int length)
    {
        byte[] piece = Encoding.UTF8.GetBytes(Text(random, 1 + random.Next(30)));
        return [.. Enumerable.Range(0, length / piece.Length + 1).SelectMany(_ => piece)];
    }

    /// <summary>Surrogate halves written as if they were characters (CESU and worse): invalid UTF-8 that looks like text.</summary>
    static byte[] Surrogates(Random random, int length)
    {
        var bytes = new List<byte>();
        while (bytes.Count < length)
        {
            int unit = 0xD800 + random.Next(0x800);
            bytes.AddRange([(byte)(0xE0 | unit >> 12), (byte)(0x80 | (unit >> 6 & 63)), (byte)(0x80 | (unit & 63))]);
            bytes.AddRange(Encoding.UTF8.GetBytes(s_words[random.Next(s_words.Length)]));
        }
        return [.. bytes];
    }
}

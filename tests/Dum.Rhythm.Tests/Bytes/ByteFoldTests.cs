using System.Security.Cryptography;
using System.Text;
using Dum.Numerics;
using Dum.Rhythm.Bytes;
using Xunit;

namespace Dum.Rhythm.Tests.Bytes;

/// <summary>Bytes predicted, folded and unfolded.</summary>
public class ByteFoldTests
{
    static byte[] Text { get; } = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 400).Select(i => $"Line {i}: the {(i % 3 == 0 ? "quick" : "lazy")} fox, day {i * i % 97}. Строка {i % 10}.\n")));

    static byte[] Random(int count)
    {
        var p = new Philox(1, 9);
        return [.. Enumerable.Range(0, count).Select(i => (byte)p.At(0, (uint)i, 0).A)];
    }

    static byte[] Folded(byte[] raw)
    {
        using var to = new MemoryStream();
        ByteFold.Fold(new MemoryStream(raw), to, bits: 14);
        return to.ToArray();
    }

    public static TheoryData<string> Kinds => ["empty", "one", "zeros", "text", "random", "large"];

    static byte[] Make(string kind) => kind switch
    {
        "empty" => [],
        "one" => [0],
        "zeros" => new byte[5000],
        "text" => Text,
        "random" => Random(3000),
        _ => [.. Text, .. new byte[(1 << 16) - 100], .. Text],
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_byte_comes_back(string kind)
    {
        byte[] raw = Make(kind), folded = Folded(raw);
        using var back = new MemoryStream();
        Assert.Equal(raw.Length, ByteFold.Unfold(new MemoryStream(folded), back, "it"));
        Assert.Equal(raw, back.ToArray());
        Assert.True(folded.Length <= raw.Length + (raw.Length / 20) + 64);
    }

    [Fact]
    public void What_it_costs_is_what_it_folds_to_and_repetition_is_cheap()
    {
        (long bytes, double bits) = ByteFold.Measure(new MemoryStream(Text), bits: 14);
        Assert.Equal(Text.Length, bytes);
        Assert.Equal(bits / 8, Folded(Text).Length, 60.0);
        Assert.True(bits < bytes, $"{bits / bytes}");
    }

    [Fact]
    public void An_older_version_is_refused_in_one_line()
    {
        byte[] folded = Folded(Text);
        folded[8] = 1;
        string said = Assert.Throws<DumException>(() => ByteFold.Unfold(new MemoryStream(folded), Stream.Null, "it")).Message;
        Assert.Contains("1", said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
    }

    [Fact]
    public void Cyrillic_capitals_are_heard_as_their_small_letters()
    {
        // One text in small letters, then words of it in capitals: they cost less than words of the same letters that never came.
        string[] words = ["корабль", "паруса", "якорь", "ветер", "гавань", "матрос", "палуба", "фонарь"];
        string[] others = [.. words.Select(w => string.Concat(w.Reverse()))];
        string book = string.Concat(Enumerable.Range(0, 60).Select(i => $"{words[i * 5 % 8]} {words[i * 3 % 8]}, "));
        double Cost(string[] late) => ByteFold.Measure(new MemoryStream(Encoding.UTF8.GetBytes(book + string.Join(' ', late.Select(w => w.ToUpperInvariant())))), bits: 14).Bits;
        Assert.True(Cost(words) < Cost(others) - 8, $"{Cost(words)} {Cost(others)}");
    }

    [Fact]
    public void The_format_does_not_change_unnoticed()
    {
        // Whole numbers only: the same bits on every machine. A new hash here means a new version there.
        Assert.Equal(Hash, Convert.ToHexStringLower(SHA256.HashData(Folded(Text)))[..16]);
    }

    const string Hash = "6ccc2f95a3a188c5";

    [Fact]
    public void Damage_is_found_and_foreign_files_are_refused()
    {
        byte[] folded = Folded(Text);
        foreach (int at in (int[])[0, 8, 10, 13, 17, 22, folded.Length / 2, folded.Length - 1])
        {
            byte[] torn = [.. folded];
            torn[at] ^= 0x21;
            Assert.Throws<DumException>(() => ByteFold.Unfold(new MemoryStream(torn), Stream.Null, "it"));
        }
        for (int cut = 0; cut < folded.Length; cut += 397)
            Assert.Throws<DumException>(() => ByteFold.Unfold(new MemoryStream(folded[..cut]), Stream.Null, "it"));
    }
}

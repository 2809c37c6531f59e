using Dum.Sigma.Battery;
using Dum.Sigma.Controls;
using Xunit;

namespace Dum.Sigma.Tests.Battery;

public class BatteryTests
{
    static readonly BatteryOptions s_quick = new() { EntropyBytes = 0 };

    [Theory]
    [InlineData("chacha20")]
    [InlineData("xoshiro256")]
    [InlineData("philox")]
    public void Good_sources_pass(string name) => Assert.Equal(BatteryVerdict.Random, Run(name, 1 << 20, s_quick).Verdict);

    /// <summary>One bit of eight that is 1 in 502 of 1,000: seven deviations in three megabytes, and two in a chi-square over bytes.</summary>
    [Fact]
    public void A_small_bias_of_one_bit_is_found()
    {
        byte[] data = new byte[3_000_000];
        new ChaCha20(3).Fill(data);
        var random = new Xoshiro256(3);
        foreach (ref byte b in data.AsSpan())
            b = random.Unit() < 0.004 ? (byte)(b & ~8) : b;
        var battery = new RandomnessBattery(new BatteryOptions { EntropyBytes = 0 });
        battery.Add(data);
        BatteryReport report = battery.Finish();
        Assert.Equal(BatteryVerdict.Structured, report.Verdict);
        Assert.Equal((TestNames.Parities, "mask 08"), (report.Findings[0].Test, report.Findings[0].Worst));
    }

    /// <summary>Weak sources, and what each is known for.</summary>
    public static TheoryData<string, string> Weak { get; } = new()
    {
        { "randu", TestNames.Bytes }, { "lcg32", TestNames.Lags }, { "mt19937", TestNames.Planes }, { "xorshift128plus", TestNames.Planes },
        { "lfsr64", TestNames.Planes }, { "bias-505", TestNames.Frequency }, { "markov-505", TestNames.Runs }, { "fib-55-24", TestNames.Spacings }, { "ranlux0", TestNames.Sums },
        { "atoms", TestNames.Atoms }, { "drift", TestNames.Drift }, { "tilt", TestNames.Bytes }, { "tone", TestNames.Tones }, { "neighbours", TestNames.Correlation },
    };

    [Theory]
    [MemberData(nameof(Weak))]
    public void Weak_sources_are_found_where_they_are_weak(string name, string test)
    {
        BatteryReport report = Run(name, 1 << 20, s_quick);
        Assert.Equal(BatteryVerdict.Structured, report.Verdict);
        Assert.Contains(test, report.Findings.Select(f => f.Test));
    }

    /// <summary>A bias of ½ + ε holds 2ε²/ln 2 bits a bit; the universal code must come near to it and the answer not claim more.</summary>
    [Fact]
    public void The_strength_is_that_of_the_source()
    {
        var random = new Xoshiro256(11);
        byte[] data = new byte[1 << 18];
        for (int i = 0; i < data.Length; i++)
            for (int b = 0; b < 8; b++)
                data[i] = (byte)((data[i] << 1) | (random.Unit() < 0.6 ? 1 : 0));
        var battery = new RandomnessBattery(s_quick);
        battery.Add(data);
        double truth = 8 * (1 + (0.6 * Math.Log2(0.6)) + (0.4 * Math.Log2(0.4)));
        Assert.InRange(battery.Finish().Saved, 0.97 * truth, 1.03 * truth);
    }

    [Fact]
    public void Too_little_is_said_to_be_too_little()
    {
        BatteryReport few = Run("chacha20", 10_000, s_quick);
        Assert.Equal(BatteryVerdict.Insufficient, few.Verdict);
        Assert.Equal(RandomnessBattery.Least, few.Needed);
        BatteryReport faint = Run("chacha20", 1 << 18, s_quick with { Effect = 1e-5 });
        Assert.Equal(BatteryVerdict.Insufficient, faint.Verdict);
        Assert.Equal((long)Math.Ceiling(25 / (2 * Math.Log(2) * 1e-5)), faint.Needed);
        Assert.Equal(BatteryVerdict.Structured, Run("counter", 10_000, s_quick).Verdict);
    }

    /// <summary>However a stream is cut into pieces, it is the same stream.</summary>
    [Fact]
    public void Pieces_do_not_matter()
    {
        byte[] data = new byte[300_000];
        new ChaCha20(9).Fill(data);
        var whole = new RandomnessBattery(s_quick);
        whole.Add(data);
        var pieces = new RandomnessBattery(s_quick);
        for (int at = 0, size = 1; at < data.Length; at += size, size = (size * 3 % 70_001) + 1)
            pieces.Add(data.AsSpan(at, Math.Min(size, data.Length - at)));
        BatteryReport a = whole.Finish(), b = pieces.Finish();
        Assert.Equal(a.Tests, b.Tests);
        Assert.Equal(a.Saved, b.Saved);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<DumException>(() => new RandomnessBattery(new BatteryOptions { Alpha = 0 }));
        Assert.Throws<DumException>(() => new RandomnessBattery(new BatteryOptions { Alpha = double.NaN }));
        Assert.Throws<DumException>(() => new RandomnessBattery(new BatteryOptions { Effect = 9 }));
        Assert.Throws<DumException>(() => new RandomnessBattery(new BatteryOptions { Width = -1 }));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("aaaaaaaaaa", "constant")]
    [InlineData("0110 1001\n", "--ascii")]
    [InlineData("The rain fell on the roof, and nobody in the house minded it at all; the cat slept on.", "text")]
    public void What_is_no_stream_of_bits_gets_a_sentence(string input, string word)
    {
        var nature = new StreamNature(ascii: false);
        nature.Bits(System.Text.Encoding.UTF8.GetBytes(input));
        Assert.Contains(word, Assert.Throws<DumException>(nature.Check).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Digits_are_packed_across_pieces()
    {
        var nature = new StreamNature(ascii: true);
        byte[] all = [.. nature.Bits("0110 1"u8).ToArray(), .. nature.Bits("001\n1111"u8).ToArray(), .. nature.Bits("0000"u8).ToArray()];
        Assert.Equal([0b01101001, 0b11110000], all);
        Assert.Throws<DumException>(() => nature.Bits("2"u8));
    }

    static BatteryReport Run(string source, int bytes, BatteryOptions options)
    {
        byte[] data = new byte[bytes];
        Source.Of(source).Open(1)(data);
        var battery = new RandomnessBattery(options);
        battery.Add(data);
        return battery.Finish();
    }
}

using Dum.Sigma.Battery.Entropy;
using Dum.Sigma.Controls;
using Xunit;

namespace Dum.Sigma.Tests.Battery;

/// <summary>The ten estimators on the bits of π and e, beside what NIST's own program says of them (its publication allows 1e-6).</summary>
public class EntropyTests
{
    const double Near = 1e-6;

    [Theory]
    [InlineData("pi", new[] { .99548878460992996, .90847041009752394, .99804082531622718, .85741212805394618, .93304529575300499, .96721036945452077, .99604533928397232, .87702406236709263, .99467499296801687, .99757998217754773 },
        new[] { 7.6609078800347818, 7.6609078800347818, 7.8292836791359539, 7.8218068034468979, 7.7341851389343832, 7.8539619862950616, 7.8539041895664878 })]
    [InlineData("e", new[] { .99620518093780497, .91908545387580665, .99908644192876683, .85058052567904319, .92162256445118362, .96721036945452077, .9974560896950212, .9964253485275496, .99479861283484516, .9959821312366951 },
        new[] { 7.6584476690022738, 7.6584476690022738, 7.8389203932403175, 7.8080594501514264, 7.8539658391633127, 7.8391876443853192, 7.8390145431610581 })]
    public void Estimates_are_those_of_the_reference(string name, double[] bits, double[] symbols)
    {
        EntropyAssessment found = EntropyAssessment.Of(KnownBits.Bytes(name));
        for (int i = 0; i < bits.Length; i++)
            Assert.True(Math.Abs(bits[i] - found.Bits[i].Bits!.Value) < Near, $"{found.Bits[i]} instead of {bits[i]}");
        for (int i = 0; i < symbols.Length; i++)
            Assert.True(Math.Abs(symbols[i] - found.Symbols[i].Bits!.Value) < Near, $"{found.Symbols[i]} instead of {symbols[i]}");
        Assert.Equal(8 * bits.Min(), found.PerByte, Near * 8);
    }

    /// <summary>Independent bits of known bias: the most common value is its own closed form, and no estimate is above it.</summary>
    [Fact]
    public void A_known_bias_is_found()
    {
        var random = new Xoshiro256(7);
        byte[] bits = [.. Enumerable.Range(0, 200_000).Select(_ => (byte)(random.Unit() < 0.75 ? 1 : 0))];
        double p = (double)bits.Count(b => b == 1) / bits.Length, upper = p + (2.5758293035489008 * Math.Sqrt(p * (1 - p) / (bits.Length - 1)));
        List<EntropyEstimate> found = EntropyAssessment.Bitwise(bits);
        Assert.Equal(-Math.Log2(upper), found[0].Bits!.Value, 1e-12);
        // Two places agree with probability p² + (1 − p)², which is what repeats and lags can see.
        Assert.All(found, e => Assert.InRange(e.Bits!.Value, 0.2, 0.01 - Math.Log2((p * p) + ((1 - p) * (1 - p)))));
    }

    /// <summary>Repeats longer than the 64 bits that suffixes are first sorted by.</summary>
    [Fact]
    public void Long_repeats_are_measured_whole()
    {
        var random = new ChaCha20(5);
        byte[] data = new byte[20_000];
        random.Fill(data);
        data.AsSpan(1000, 3000).CopyTo(data.AsSpan(12_000));
        EntropyAssessment found = EntropyAssessment.Of(data);
        // 3,001 − w pairs of places hold equal strings of w symbols; all other repeats of random bytes are short.
        double share = Enumerable.Range(10, 2991).Max(w => Math.Pow((3001 - w) / ((20_000.0 - w) * (20_001 - w) / 2), 1.0 / w));
        double upper = share + (2.5758293035489008 * Math.Sqrt(share * (1 - share) / 19_999));
        Assert.Equal(-Math.Log2(upper), found.Symbols.Single(s => s.Method == "longest repeat").Bits!.Value, 1e-9);
    }

    [Fact]
    public void A_constant_has_none_and_too_little_is_refused()
    {
        Assert.Equal(0, EntropyAssessment.Of(new byte[5000]).PerByte);
        Assert.Throws<DumException>(() => EntropyAssessment.Of(new byte[100]));
    }
}

using Dum.Sigma.Battery;
using Dum.Sigma.Battery.Nist;
using Xunit;

namespace Dum.Sigma.Tests.Battery;

/// <summary>Every published number of SP 800-22's appendix B and of its small examples, to 1e-6.</summary>
public class NistVectorTests
{
    const double Near = 1.0e-6;

    /// <summary>A million bits, msb first: SHA-256 begins and ends so.</summary>
    [Theory]
    [InlineData("pi", "e31af8c5", "453155")]
    [InlineData("e", "7ae61691", "c97d49")]
    [InlineData("sqrt2", "5de671f0", "658a87")]
    [InlineData("sqrt3", "4c75e3c5", "443cf2")]
    public void The_constants_have_the_published_bits(string name, string begins, string ends)
    {
        string hash = KnownBits.Hash(name);
        Assert.StartsWith(begins, hash, StringComparison.Ordinal);
        Assert.EndsWith(ends, hash, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, double, double, double, double> Published { get; } = new()
    {
        { TestNames.Frequency, "", .578211, .953749, .811881, .610051 },
        { TestNames.BlockFrequency, "", .380615, .211072, .833222, .473961 },
        { TestNames.CumulativeSums, "forward", .628308, .669886, .879009, .917121 },
        { TestNames.CumulativeSums, "backward", .663369, .724265, .957206, .689519 },
        { TestNames.Runs, "", .419268, .561917, .313427, .261123 },
        { TestNames.LongestRun, "", .024390, .718945, .012117, .446726 },
        { TestNames.Rank, "", .083553, .306156, .823810, .314498 },
        { TestNames.Spectral, "", .010186, .847187, .581909, .776046 },
        { TestNames.NonOverlapping, "000000001", .165757, .078790, .569461, .532235 },
        { TestNames.Overlapping, "", .296897, .110434, .791982, .082716 },
        { TestNames.Universal, "", .669012, .282568, .130805, .165981 },
        { TestNames.ApproximateEntropy, "", .361595, .700073, .884740, .180481 },
        { TestNames.Excursions, "+1", .844143, .786868, .216235, .783283 },
        { TestNames.ExcursionsVariant, "-1", .760966, .826009, .566118, .155066 },
        { TestNames.Serial, "first", .143005, .766182, .861925, .157500 },
        { TestNames.Serial, "second", .034354, .462921, .629225, .171100 },
        { TestNames.LinearComplexity, "", .255475, .826335, .317127, .346469 },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Published_results_of_a_million_bits(string test, string part, double pi, double e, double root2, double root3)
    {
        Assert.Equal(pi, Result("pi", true, test, part), Near);
        Assert.Equal(e, Result("e", true, test, part), Near);
        Assert.Equal(root2, Result("sqrt2", true, test, part), Near);
        Assert.Equal(root3, Result("sqrt3", true, test, part), Near);
    }

    /// <summary>What the right constants give, recomputed elsewhere.</summary>
    [Theory]
    [InlineData(TestNames.Overlapping, .260704, .159032, .828881, .080770)]
    [InlineData(TestNames.LinearComplexity, .246857, .826194, .321859, .338275)]
    public void Corrected_results_of_a_million_bits(string test, double pi, double e, double root2, double root3)
    {
        Assert.Equal(pi, Result("pi", false, test, ""), 1e-4);
        Assert.Equal(e, Result("e", false, test, ""), 1e-4);
        Assert.Equal(root2, Result("sqrt2", false, test, ""), 1e-4);
        Assert.Equal(root3, Result("sqrt3", false, test, ""), 1e-4);
    }

    [Fact]
    public void A_million_bits_give_188_results() => Assert.Equal(188, Results("pi", true).Count);

    [Fact]
    public void Small_examples()
    {
        var pi = new BitSequence("1100100100001111110110101010001000100001011010001100001000110100110001001100011001100010100010111000");
        Assert.Equal(100, pi.Length);
        Assert.Equal(.527089, Counting.Frequency(new BitSequence("1011010101")), Near);
        Assert.Equal(.109599, Counting.Frequency(pi), Near);
        Assert.Equal(.801252, Counting.BlockFrequency(new BitSequence("0110011010"), 3), Near);
        Assert.Equal(.706438, Counting.BlockFrequency(pi, 10), Near);
        Assert.Equal(.147232, Counting.Runs(new BitSequence("1001101011")), Near);
        Assert.Equal(.500798, Counting.Runs(pi), Near);
        var bits128 = new BitSequence("11001100000101010110110001001100111000000000001001001101010100010001001111010110100000001101011111001100111001101101100010110010");
        Assert.Equal(.180598, Counting.LongestRun(bits128, legacy: true), Near);
        Assert.Equal(.180609, Counting.LongestRun(bits128, legacy: false), Near);
        Assert.Equal(.411659, Counting.CumulativeSums(new BitSequence("1011010111"), backward: false), Near);
        Assert.Equal(.219194, Counting.CumulativeSums(pi, backward: false), Near);
        Assert.Equal(.114866, Counting.CumulativeSums(pi, backward: true), Near);
        Assert.Equal(.344154, Patterns.NonOverlapping(new BitSequence("10100100101110010110"), 0b001, 3, 2), Near);
        (double first, double second) = Patterns.Serial(Patterns.Cyclic(new BitSequence("0011011101"), 3));
        Assert.Equal(.808792, first, Near);
        Assert.Equal(.670320, second, Near);
        Assert.Equal(.261961, Patterns.ApproximateEntropy(Patterns.Cyclic(new BitSequence("0100110101"), 4)), Near);
        Assert.Equal(.235301, Patterns.ApproximateEntropy(Patterns.Cyclic(pi, 3)), Near);
        Assert.Equal(.468160, new Spectral().Test(new BitSequence("1001010011")), Near);
        Assert.Equal(.646355, new Spectral().Test(pi), Near);
        Excursions.Walk walk = Excursions.Of(new BitSequence("0110110101"));
        Assert.Equal(.502488, walk.Test()[Excursions.Near], Near);
        Assert.Equal(.683091, walk.Variant(legacy: true)[Excursions.Far], Near);
        Assert.Equal(4, new LinearComplexity().Of(new BitSequence("1101011110001"), 0, 13));
    }

    [Fact]
    public void Examples_on_the_bits_of_e()
    {
        (double first, double second) = Patterns.Serial(Patterns.Cyclic(KnownBits.Of("e"), 2).Length == 4 ? Patterns.Cyclic(KnownBits.Of("e"), 2) : []);
        Assert.Equal(.843764, first, Near);
        Assert.Equal(.561915, second, Near);
        Assert.Equal(.532069, Structure.Rank(KnownBits.Of("e").Head(100_000)), Near);
        Assert.Equal(.845406, new LinearComplexity().Test(KnownBits.Of("e"), 1000, legacy: true), Near);
        Assert.Equal(.844721, new LinearComplexity().Test(KnownBits.Of("e"), 1000, legacy: false), 2e-5);
    }

    static readonly Dictionary<(string, bool), Dictionary<(string, string), double>> s_results = [];

    static Dictionary<(string, string), double> Results(string name, bool legacy)
    {
        lock (s_results)
        {
            if (s_results.TryGetValue((name, legacy), out Dictionary<(string, string), double>? known))
                return known;
            var results = new Dictionary<(string, string), double>();
            new NistSuite(legacy).Run(KnownBits.Of(name), r => results.Add((r.Test, r.Part), r.P));
            return s_results[(name, legacy)] = results;
        }
    }

    static double Result(string name, bool legacy, string test, string part) => Results(name, legacy)[(test, part)];
}

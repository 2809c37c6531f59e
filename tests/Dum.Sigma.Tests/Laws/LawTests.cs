using Dum.Numerics;
using Dum.Sigma.Formats;
using Dum.Sigma.Laws;
using Xunit;

namespace Dum.Sigma.Tests.Laws;

/// <summary>The laws on normal deviates, where their numbers are known in closed form.</summary>
public class LawTests
{
    static readonly float[] s_normal = [.. Enumerable.Range(0, 1 << 20).Select(i => (float)new Philox(1, 99).Normal(0, 0, (uint)i).First)];

    /// <summary>For a step of Δ deviations the law is Δ²/(24 ln 2) bits; int4 over ±2.8 and what was published for the eights.</summary>
    [Fact]
    public void The_tilt_of_normal_numbers_is_that_of_the_law()
    {
        TiltResult four = TiltLaw.Check(s_normal, v => Cell.Of(4, 2.8 / 7, v));
        // Of normal numbers inside ±2.6, beyond which the outermost cells begin, the mean square is 0.929.
        Assert.Equal(0.929 * 0.4 * 0.4 / (24 * Math.Log(2)), four.Law, 0.0005);
        Assert.InRange(four.Bits / four.Law, 0.9, 1.1);
        Assert.True(four.Shuffled < 0);
        TiltResult e5m2 = TiltLaw.Check(s_normal, v => Cell.Of(FloatFormat.E5M2, v)), e4m3 = TiltLaw.Check(s_normal, v => Cell.Of(FloatFormat.E4M3, v));
        Assert.Equal(5.8e-3, e5m2.Law, 6e-4);
        Assert.InRange(e5m2.Bits / e5m2.Law, 0.85, 1.15);
        Assert.Equal(1.49e-3, e4m3.Law, 2e-4);
        Assert.InRange(e4m3.Bits / e4m3.Law, 0.8, 1.2);
    }

    /// <summary>Even numbers have no tilt to find.</summary>
    [Fact]
    public void Even_numbers_have_no_tilt()
    {
        float[] even = [.. Enumerable.Range(0, 1 << 18).Select(i => (float)(new Philox(2, 99).Unit(0, 0, (uint)i) - 0.5))];
        TiltResult r = TiltLaw.Check(even, v => Cell.Of(4, 1.0 / 14, v));
        Assert.InRange(r.Law, -2e-5, 2e-5);
        Assert.InRange(r.Bits, -1e-4, 1e-4);
    }

    /// <summary>Normal numbers: e^(−2π²/c²·…) for c deviations a cell.</summary>
    [Theory]
    [InlineData(0.25)]
    [InlineData(0.4)]
    public void Harmonics_are_the_characteristic_function(double cells)
    {
        (double predicted, double measured, double noise) = MixingLaw.Check(s_normal, 1 / cells, 1);
        double exact = Math.Exp(-2 * Math.PI * Math.PI * cells * cells);
        Assert.Equal(exact, predicted, 5 * noise);
        Assert.Equal(exact, measured, 5 * noise);
    }

    /// <summary>Independent inputs leave nothing to win, shared ones a known part.</summary>
    [Fact]
    public void Shaping_wins_what_the_inputs_share()
    {
        const int Size = 64, Rows = 2000;
        var random = new Philox(4, 99);
        float[][] weights = [.. Enumerable.Range(0, 48).Select(o => Enumerable.Range(0, Size).Select(i => (float)random.Normal(1, (uint)o, (uint)i).First).ToArray())];
        float[][] alone = [.. Enumerable.Range(0, Rows).Select(r => Enumerable.Range(0, Size).Select(i => (float)random.Normal(2, (uint)r, (uint)i).First).ToArray())];
        float[][] shared = [.. alone.Select(x => { float common = 2 * x[0]; return x.Select(v => v + common).ToArray(); })];
        (double predicted, double measured) = ShapingLaw.Check(weights, alone, IntegerFormat.Int4Asymmetric);
        Assert.Equal(0.98, predicted, 0.03);
        Assert.Equal(predicted, measured, 0.1);
        (predicted, measured) = ShapingLaw.Check(weights, shared, IntegerFormat.Int4Asymmetric);
        Assert.InRange(predicted, 0.15, 0.35);
        Assert.Equal(1, measured / predicted, 0.1);
    }

    /// <summary>Errors handed on cancel where neighbours have like weights, and only in their own order; a sharp weight loses twofold.</summary>
    [Fact]
    public void Averages_keep_what_their_weights_do_not_share()
    {
        const int Columns = 64;
        float[][] rows = [.. Enumerable.Range(0, (12 * AveragingLaw.Length) + 1).Select(r => s_normal.AsSpan(r * Columns, Columns).ToArray())];
        AveragingResult even = AveragingLaw.Check(rows, _ => [.. Enumerable.Repeat(1.0 / AveragingLaw.Length, AveragingLaw.Length)], 1);
        Assert.Equal(1.0 / AveragingLaw.Length, even.Predicted, 1e-12);
        Assert.Equal(1, even.Measured / even.Predicted, 0.2);
        AveragingResult fading = AveragingLaw.Check(rows, _ => AveragingLaw.Fading(32), 1);
        // With r = 2^(−1/32): 1 − r² + (1 − r)², up to what the 128 rows cut off.
        Assert.Equal(0.0433, fading.Predicted, 0.001);
        Assert.Equal(1, fading.Measured / fading.Predicted, 0.15);
        Assert.InRange(fading.Shuffled, 0.6, 0.9);
        AveragingResult sharp = AveragingLaw.Check(rows, from => AveragingLaw.Attending(rows, from, 4), 1);
        Assert.InRange(sharp.Predicted, 1.5, 2);
        Assert.Equal(1, sharp.Measured / sharp.Predicted, 0.15);
    }
}

using System.Text;
using Dum.Models;
using Dum.Numerics;
using Dum.Sigma.Formats;
using Dum.Sigma.Tap;
using Xunit;

namespace Dum.Sigma.Tests.Tap;

public class TapTests
{
    static readonly byte[] s_text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("It was a wet night, and nobody in the house could sleep. Шёл дождь, и никто не спал. ", 12)));

    /// <summary>Residuals of known numbers: what is exact, what a tie, and to which side the rest.</summary>
    [Fact]
    public void A_sketch_counts_what_there_is()
    {
        var sketch = new ResidualSketch(FloatFormat.BF16);
        float cell = 1 / 128f;
        sketch.Add([1, 1 + cell, 1 + (cell / 2), 1 + (cell / 4), -1 - (cell / 4), float.NaN, float.PositiveInfinity]);
        Assert.Equal(5, sketch.Count);
        Assert.Equal(2, sketch.NotFinite);
        Assert.Equal(2, sketch.Exact);
        Assert.Equal(1, sketch.Ties);
        Assert.Equal((0.5 + 0.25 - 0.25) / 5, sketch.Mean, 1e-7);
        Assert.Equal(12 * (0.25 + 0.0625 + 0.0625) / 5, sketch.Variance, 1e-6);
    }

    /// <summary>An even spread has the moments of its law, 8 bits, and no correlation.</summary>
    [Fact]
    public void An_even_spread_looks_even()
    {
        var sketch = new ResidualSketch(FloatFormat.BF16);
        var random = new Philox(3, 77);
        float[] run = new float[64];
        for (uint r = 0; r < 4000; r++)
        {
            for (uint i = 0; i < run.Length; i++)
                run[i] = (float)(1 + random.Unit(0, r, i));
            sketch.Add(run);
        }
        double root = Math.Sqrt(sketch.Count);
        Assert.InRange(sketch.Mean * root, -1.5, 1.5);
        Assert.Equal(1, sketch.Variance, 0.01);
        Assert.Equal(1, sketch.Fourth, 0.02);
        Assert.Equal(1, sketch.Coherence, 0.1);
        Assert.Equal(8, sketch.Entropy, 0.002);
        Assert.All(Enumerable.Range(1, ResidualSketch.Lags), lag => Assert.InRange(sketch.CorrelationZ(lag), -5, 5));
        Assert.All(sketch.Spectrum(9), power => Assert.Equal(1, power, 0.05));
    }

    /// <summary>Listening does not change what is said; every operation has a name; the accumulator's own error is far below a cell.</summary>
    [Fact]
    public void A_tap_changes_nothing_and_sees_every_operation()
    {
        using LanguageModel model = LanguageModel.Open(LanguageModel.DefaultName);
        int[] ids = model.Tokenizer.Encode(s_text)[..100];
        var tap = new ResidualTap(new TapOptions { Share = 1 });
        tap.Name(model.Matrices);
        using LanguageSession bare = model.NewSession(1), tapped = model.NewSession(inner => new TapKernels(inner, tap), 1);
        float[] expected = bare.Append(bare.Open(), ids).ToArray(), found = tapped.Append(tapped.Open(), ids).ToArray();
        Assert.Equal(expected, found);
        TapRecord product = Assert.Single(tap.Records, r => r.Operation == "decoder.layers.1.mlp.down_proj");
        Assert.Equal(100 * 192, product.Sketch.Count);
        Assert.InRange(tap.Records.Max(r => r.AccumulatorError), 1e-7, 0.05);
        Assert.Contains(tap.Records, r => r.Operation == "sum after decoder.layers.1.mlp.down_proj");
        Assert.Contains(tap.Records, r => r.Operation == "gate after decoder.layers.1.mlp.gate_up_proj");
    }

    /// <summary>A share of a hundredth is about that, and the same one every time.</summary>
    [Fact]
    public void Sampling_is_a_share_and_repeats()
    {
        using LanguageModel model = LanguageModel.Open(LanguageModel.DefaultName);
        double[] shares = [0.05, 0.05, 1];
        long[] counts = [.. shares.Select(share =>
        {
            var tap = new ResidualTap(new TapOptions { Share = share });
            TappedRun.Read(model, s_text, 200, tap);
            return tap.Records.Sum(r => r.Sketch.Count);
        })];
        Assert.Equal(counts[0], counts[1]);
        Assert.InRange((double)counts[0] / counts[2], 0.04, 0.06);
    }

    /// <summary>With the state in bfloat16 sums fall on the lattice of their operands, as the exponents foretell; products do not.</summary>
    [Fact]
    public void Sums_of_a_rounded_state_show_their_lattice()
    {
        using LanguageModel model = LanguageModel.Open(LanguageModel.DefaultName);
        var tap = new ResidualTap(new TapOptions { Share = 1, RoundState = true });
        TappedRun.Read(model, s_text, 250, tap);
        TapRecord sum = tap.Records.Single(r => r.Operation == "sum after decoder.layers.0.mlp.down_proj"), product = tap.Records.Single(r => r.Operation == "decoder.layers.0.mlp.gate_up_proj");
        Assert.InRange(sum.Sketch.Entropy, 2, 5);
        Assert.InRange(product.Sketch.Entropy, 7.99, 8.001);
        Assert.Equal(sum.Foretold.Exact, (double)sum.Sketch.Exact / sum.Sketch.Count, 0.05);
        Assert.Equal(sum.Foretold.Tie, (double)sum.Sketch.Ties / sum.Sketch.Count, 0.03);
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        Assert.Throws<DumException>(() => new ResidualTap(new TapOptions { Share = 0 }));
        Assert.Throws<DumException>(() => new ResidualTap(new TapOptions { Share = double.NaN }));
        using LanguageModel model = LanguageModel.Open(LanguageModel.DefaultName);
        Assert.Throws<DumException>(() => TappedRun.Read(model, [], 10, null));
    }

    /// <summary>The fast residual is the slow one, for floats of all exponents in all formats.</summary>
    [Fact]
    public void The_fast_residual_is_the_exact_one()
    {
        foreach (FloatFormat format in FloatFormat.All)
            for (long i = 0; i < 1L << 32; i += 40_009)
            {
                float value = BitConverter.UInt32BitsToSingle((uint)i);
                double expected = format.Residual((double)value);
                float found = format.Residual(value, out float rounded);
                Assert.Equal((float)format.Round(value), rounded);
                Assert.Equal((float)expected, found);
            }
    }
}

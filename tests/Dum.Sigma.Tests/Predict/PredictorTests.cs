using Dum.Numerics;
using Dum.Sigma.Predict;
using Xunit;

namespace Dum.Sigma.Tests.Predict;

public class PredictorTests
{
    const int Count = 1 << 19;
    static readonly Philox s_random = new(8, 99);

    [Fact]
    public void Even_residuals_tell_nothing()
    {
        (Gain histogram, Gain before, Gain value, Gain scale) = ResidualPredictor.Learn(Even(), Values());
        Assert.All([histogram, before, value, scale], gain => Assert.True(gain.Low <= 0, $"{gain}"));
    }

    /// <summary>A known tilt: the value tells a²/(24 ln 2) bits, the histogram and the neighbours nothing.</summary>
    [Fact]
    public void A_known_tilt_is_found_at_its_size()
    {
        const double Tilt = 0.5;
        float[] values = Values(), even = Even();
        float[] u = [.. even.Select((x, i) => { double t = Tilt * Math.Sign(values[i]); return (float)((-1 + Math.Sqrt(1 - (2 * t * (0.5 - (t / 8) - (x + 0.5))))) / t); })];
        (Gain histogram, Gain before, Gain value, Gain scale) = ResidualPredictor.Learn(u, values);
        double truth = Tilt * Tilt / (24 * Math.Log(2));
        Assert.InRange(value.Bits, 0.85 * truth, 1.15 * truth);
        Assert.True(value.P < 1e-9);
        // The sign, which is all that matters here, is known to both.
        Assert.InRange(scale.Bits, 0.85 * truth, 1.15 * truth);
        Assert.True(histogram.Low <= 0 && before.Low <= 0);
    }

    /// <summary>A tilt that depends on the value against its neighbours: whoever does not know their scale sees none of it.</summary>
    [Fact]
    public void What_neighbours_tell_takes_their_scale()
    {
        float[] even = Even(), values = Values();
        for (int i = 0; i < values.Length; i++)
            values[i] *= (float)Math.ScaleB(1, 3 * (i / 512 % 4));
        var u = new float[values.Length];
        for (int i = 0; i < u.Length; i++)
        {
            bool large = Math.Abs(values[i]) > Math.ScaleB(1, 3 * (i / 512 % 4));
            double t = (large ? 0.6 : -0.6) * Math.Sign(values[i]);
            u[i] = (float)((-1 + Math.Sqrt(1 - (2 * t * (0.5 - (t / 8) - (even[i] + 0.5))))) / t);
        }
        (_, _, Gain value, Gain scale) = ResidualPredictor.Learn(u, values);
        Assert.True(scale.Low > value.High && scale.Bits > 0.5 * 0.36 / (24 * Math.Log(2)), $"{value} {scale}");
    }

    /// <summary>One residual in four exact: the histogram saves what that is worth.</summary>
    [Fact]
    public void Atoms_are_found_at_their_size()
    {
        float[] u = [.. Even().Select((x, i) => s_random.Unit(5, 0, (uint)i) < 0.25 ? 0 : x)];
        double most = 0.25 + (0.75 / 256), rest = 0.75 / 256;
        double truth = 8 + (most * Math.Log2(most)) + (255 * rest * Math.Log2(rest));
        Assert.Equal(truth, ResidualPredictor.Learn(u, Values()).Histogram.Bits, 0.02);
    }

    /// <summary>A residual that leans a third after the one before.</summary>
    [Fact]
    public void Neighbours_are_heard()
    {
        float[] u = Even();
        for (int i = 1; i < u.Length; i++)
            u[i] = Math.Clamp((u[i] * 0.7f) + (u[i - 1] * 0.3f), -0.5f, 0.5f);
        Gain before = ResidualPredictor.Learn(u, Values()).Before;
        Assert.True(before.Low > 0.01, $"{before}");
    }

    [Fact]
    public void The_protocol_is_its_text()
    {
        var a = new Protocol("m", "t", 10, ["x"], "bf16", 1);
        Assert.Equal(64, a.Hash.Length);
        Assert.NotEqual(a.Hash, (a with { Seed = 2 }).Hash);
        Assert.NotEqual(a.Hash, (a with { Alpha = 0.01 }).Hash);
    }

    static float[] Even() => [.. Enumerable.Range(0, Count).Select(i => (float)(s_random.Unit(0, 0, (uint)i) - 0.5))];

    static float[] Values() => [.. Enumerable.Range(0, Count).Select(i => (float)s_random.Normal(1, 0, (uint)i).First)];
}

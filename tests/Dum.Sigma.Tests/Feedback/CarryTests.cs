using Dum.Numerics;
using Dum.Sigma.Feedback;
using Dum.Sigma.Formats;
using Xunit;

namespace Dum.Sigma.Tests.Feedback;

public class CarryTests
{
    /// <summary>1 + 1000 × 0.001 stays at 1 in bfloat16, and comes to 2 where the residual is carried.</summary>
    [Fact]
    public void A_sum_of_small_numbers_arrives()
    {
        var carried = new CarriedFloats(1, FloatFormat.BF16);
        carried.Set([1]);
        double plain = 1;
        for (int i = 0; i < 1000; i++)
        {
            carried.Add([0.001f]);
            plain = FloatFormat.BF16.Round(plain + 0.001f);
        }
        Assert.Equal(1, plain);
        Assert.Equal(2, carried.Values[0] + carried.Carry[0], 0.01);
        Assert.Equal(carried.Values[0], FloatFormat.BF16.Round(carried.Values[0]));
    }

    /// <summary>Carried in its own place a residual takes nearly all drift away, in another place none of it.</summary>
    [Fact]
    public void Only_the_right_place_helps()
    {
        var random = new Philox(6, 99);
        float[][] weights = [.. Enumerable.Range(0, 48).Select(o => Enumerable.Range(0, 48).Select(i => (float)random.Normal(0, (uint)o, (uint)i).First).ToArray())];
        CarryResult state = CarryExperiment.State(weights, 200, FloatFormat.BF16, 1);
        Assert.True(state.Removed >= 0.99, $"{state}");
        Assert.True(state.RemovedByShuffled <= 0.05, $"{state}");
        CarryResult training = CarryExperiment.Weights(32, 6000, FloatFormat.BF16, 1);
        Assert.True(training.Removed >= 0.99, $"{training}");
        Assert.True(training.RemovedByShuffled <= 0.3, $"{training}");
        Assert.Equal(state, CarryExperiment.State(weights, 200, FloatFormat.BF16, 1));
    }

    /// <summary>Kept residuals foretell the deviation from the unrounded run; in other places they foretell nothing.</summary>
    [Theory]
    [InlineData("bf16")]
    [InlineData("e4m3")]
    public void Residuals_foretell_the_deviation(string format)
    {
        var random = new Philox(6, 99);
        float[][] weights = [.. Enumerable.Range(0, 40).Select(o => Enumerable.Range(0, 40).Select(i => (float)random.Normal(0, (uint)o, (uint)i).First).ToArray())];
        DeviationResult r = DeviationExperiment.Run(weights, 200, FloatFormat.Of(format), 1);
        Assert.True(r.Explained >= 0.9 && r.ByShuffled <= 0.02, $"{r}");
    }
}

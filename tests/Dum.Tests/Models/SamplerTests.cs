using Dum.Models;
using Xunit;

namespace Dum.Tests.Models;

public class SamplerTests
{
    static readonly float[] s_logits = [0, 3, 1, 2, -5, 3, float.NegativeInfinity, 0.5f];

    [Fact]
    public void Without_temperature_the_first_of_the_best_wins() =>
        Assert.Equal(1, new Sampler(new SamplingOptions { Temperature = 0 }).Next(s_logits, [], 0, 0));

    [Fact]
    public void With_nothing_cut_frequencies_are_the_softmax()
    {
        var sampler = new Sampler(new SamplingOptions { Temperature = 1, TopK = 0, TopP = 1, MinP = 0 });
        const int Draws = 200_000;
        int[] counts = new int[s_logits.Length];
        for (int i = 0; i < Draws; i++)
            counts[sampler.Next(s_logits, [], 0, i)]++;
        double sum = s_logits.Sum(x => Math.Exp(x));
        for (int i = 0; i < counts.Length; i++)
        {
            double p = Math.Exp(s_logits[i]) / sum;
            Assert.InRange(counts[i], (p * Draws) - (5 * Math.Sqrt(p * Draws)) - 1, (p * Draws) + (5 * Math.Sqrt(p * Draws)) + 1);
        }
    }

    [Theory]
    [InlineData(2, 1, 0, new[] { 1, 5 })]
    [InlineData(0, 0.5, 0, new[] { 1, 5 })]
    [InlineData(0, 1, 0.3, new[] { 1, 3, 5 })]
    [InlineData(3, 0.99, 0.1, new[] { 1, 3, 5 })]
    [InlineData(1, 1, 0, new[] { 1 })]
    public void What_is_cut_never_comes_and_the_rest_does(int topK, double topP, double minP, int[] allowed)
    {
        var sampler = new Sampler(new SamplingOptions { Temperature = 1, TopK = topK, TopP = topP, MinP = minP });
        var seen = new SortedSet<int>();
        for (int i = 0; i < 5000; i++)
            seen.Add(sampler.Next(s_logits, [], 0, i));
        Assert.Equal(allowed, seen);
    }

    [Fact]
    public void Repetition_moves_recent_tokens_down_on_both_sides_of_zero()
    {
        var sampler = new Sampler(new SamplingOptions { Temperature = 0, Repetition = 2 });
        Assert.Equal(5, sampler.Next(s_logits, [1, 1, 1], 0, 0));
        Assert.Equal(3, sampler.Next(s_logits, [1, 5], 0, 0));
        Assert.Equal(1, sampler.Next([-1, -1.5f], [0], 0, 0));
    }

    [Fact]
    public void Sequences_draw_differently_and_draws_can_be_made_again_in_any_order()
    {
        var sampler = new Sampler(new SamplingOptions { Temperature = 2, TopK = 0 });
        int[] a = [.. Enumerable.Range(0, 50).Select(i => sampler.Next(s_logits, [], 0, i))], b = [.. Enumerable.Range(0, 50).Select(i => sampler.Next(s_logits, [], 1, i))];
        Assert.NotEqual(a, b);
        Assert.Equal(a.Reverse(), Enumerable.Range(0, 50).Select(i => sampler.Next(s_logits, [], 0, 49 - i)));
    }

    [Fact]
    public void Numbers_that_are_none_are_passed_over_and_only_such_numbers_are_an_error()
    {
        Assert.Equal(2, Sampler.Best([float.NaN, -3, 4, float.NaN]));
        Assert.Throws<DumException>(() => Sampler.Best([float.NaN, float.NaN]));
    }

    [Theory]
    [InlineData(-1, 0, 1, 0, 1)]
    [InlineData(double.NaN, 0, 1, 0, 1)]
    [InlineData(1, -1, 1, 0, 1)]
    [InlineData(1, 0, 0, 0, 1)]
    [InlineData(1, 0, 1.1, 0, 1)]
    [InlineData(1, 0, 1, 2, 1)]
    [InlineData(1, 0, 1, 0, 0)]
    public void Rules_out_of_range_are_refused(double temperature, int topK, double topP, double minP, double repetition) =>
        Assert.Throws<DumException>(() => new Sampler(new SamplingOptions { Temperature = temperature, TopK = topK, TopP = topP, MinP = minP, Repetition = repetition }));
}

using Dum.Bench.Rhythm;
using Xunit;

namespace Dum.Rhythm.Tests.Series;

/// <summary>The Numenta Anomaly Benchmark's score, by hand and from the stored results of its peers.</summary>
public class NabScorerTests
{
    static readonly NabSeries s_hundred = new("hundred", [], new double[100], [(40, 49)]);

    static NabScore Score(NabProfile profile, params int[] alarms)
    {
        var scores = new double[100];
        foreach (int at in alarms)
            scores[at] = 1;
        return NabScorer.Score([(s_hundred, scores)], profile, 1);
    }

    [Theory]
    [InlineData(100, 40)]
    [InlineData(62.4121, 49)]
    [InlineData(100, 40, 49)]
    [InlineData(-5.5, 20)]
    [InlineData(-1.4896, 50)]
    [InlineData(-5.5, 90)]
    [InlineData(0, 5)]
    [InlineData(94.5, 20, 40)]
    public void An_alarm_is_paid_by_its_place(double expected, params int[] alarms) =>
        Assert.Equal(expected, Score(NabProfile.Standard, alarms).Score, 0.001);

    [Fact]
    public void Profiles_weigh_false_alarms_and_misses()
    {
        Assert.Equal(-11, Score(NabProfile.LowFalseAlarms, 20).Score, 0.001);
        Assert.Equal(-3.6667, Score(NabProfile.LowMisses, 20).Score, 0.001);
        Assert.Equal(100, Score(NabProfile.LowMisses, 40).Score, 0.001);
    }

    [Fact]
    public void The_best_threshold_is_found()
    {
        var scores = new double[100];
        (scores[40], scores[20], scores[70]) = (0.8, 0.7, 0.3);
        NabScore best = NabScorer.Score([(s_hundred, scores)], NabProfile.Standard);
        Assert.Equal(new NabScore(100, 0.8, 1, 1, 0), best with { Score = Math.Round(best.Score, 6) });
    }

    [NabTheory]
    [InlineData("numenta", 70.10, 74.32)]
    [InlineData("windowedGaussian", 39.65, 47.41)]
    public void Published_scores_come_out_of_stored_results(string detector, double standard, double lowMisses)
    {
        List<(NabSeries, double[])> said = [.. NabSeries.ReadAll(NabTheoryAttribute.Folder!).Select(s => (s, s.Results(NabTheoryAttribute.Folder!, detector)))];
        Assert.Equal(58, said.Count);
        Assert.Equal(116, NabScorer.Score(said, NabProfile.Standard).Windows);
        Assert.Equal(standard, NabScorer.Score(said, NabProfile.Standard).Score, 0.1);
        Assert.Equal(lowMisses, NabScorer.Score(said, NabProfile.LowMisses).Score, 0.1);
    }
}

/// <summary>A test that needs a checkout of numenta/NAB, with its results; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NabTheoryAttribute : TheoryAttribute
{
    public NabTheoryAttribute() => Skip = Folder is null ? "no numenta/NAB here: set DUM_TEST_NAB to a checkout of it" : null;

    internal static string? Folder => Environment.GetEnvironmentVariable("DUM_TEST_NAB") is { Length: > 0 } folder && Directory.Exists(folder) ? folder : null;
}

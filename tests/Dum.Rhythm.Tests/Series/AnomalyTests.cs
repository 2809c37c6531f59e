using Dum.Numerics;
using Dum.Rhythm.Series;
using Xunit;

namespace Dum.Rhythm.Tests.Series;

/// <summary>What is found, in signals where it is known what is strange.</summary>
public class AnomalyTests
{
    /// <summary>A wild value among the first is not the measure of all that follow.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(29)]
    public void One_wild_value_at_the_beginning_blinds_nobody(int at)
    {
        var detector = new AnomalyDetector(1);
        var (forecaster, said) = (new Forecaster(1, new ForecastOptions()), new Forecast[1]);
        double found = 0, error = 0;
        for (int t = 0; t < 4000; t++)
        {
            double value = t == at ? 1e9 : 100 + (10 * Math.Sin(2 * Math.PI * t / 50)) + (0.3 * Math.Sin(t * t));
            error = t is > 2000 and < 3000 ? Math.Max(error, Math.Abs(value - said[0].Value)) : error;
            forecaster.Step([value], 1, said);
            found = detector.Step([t == 3500 ? 1000 : value]) is var a && t == 3500 ? a.Score : found;
        }
        Assert.InRange(found, 0.9, 1);
        Assert.InRange(error, 0, 5);
    }

    /// <summary>A sensor that dies at its last value; and one that often stands still is left alone.</summary>
    [Fact]
    public void A_dead_sensor_is_told_and_a_lazy_one_is_not()
    {
        var dead = new AnomalyDetector(1);
        var told = new List<(int At, AnomalyKind Kind)>();
        for (int t = 0; t < 4000; t++)
            if (dead.Step([Math.Sin(Math.Min(t, 3001) / 4.0)]) is { Score: >= 0.5 } found && t >= 3000)
                told.Add((t, found.Kind));
        Assert.Equal(AnomalyKind.Flat, told[0].Kind);
        Assert.InRange(told[0].At, 3000, 3100);

        var lazy = new AnomalyDetector(1);
        int alarms = 0;
        for (int t = 0; t < 6000; t++)
            alarms += lazy.Step([t % 200 < 120 ? 0.2 : Math.Sin(t / 4.0)]) is { Score: >= 0.5, Kind: AnomalyKind.Flat } && t >= 1000 ? 1 : 0;
        Assert.Equal(0, alarms);
    }

    const double Alarm = 0.5;

    static Anomaly[] Scores(int count, Func<int, double> signal, Func<int, double>? second = null)
    {
        var detector = new AnomalyDetector(1);
        return [.. Enumerable.Range(0, count).Select(t => detector.Step([signal(t)], second?.Invoke(t) ?? double.NaN))];
    }

    static Func<int, double> Noise(double size, uint key) => t => size * new Philox(key, 4).Normal(0, (uint)t, 0).First;

    [Fact]
    public void A_beat_that_stops_is_found_within_its_silence()
    {
        Func<int, double> noise = Noise(0.05, 4);
        Anomaly[] scores = Scores(3000, t => (t is >= 2500 and < 2560 ? 0 : Math.Sin(2 * Math.PI * t / 12)) + noise(t));
        double usual = scores[1000..2500].Max(s => s.Score);
        Anomaly found = scores[2500..2560].MaxBy(s => s.Score);
        Assert.True(found.Score > usual, $"{found} against {usual}");
        Assert.Contains(scores[2500..2560], s => s.Kind == AnomalyKind.Rhythm && s.Period is > 9 and < 16);
    }

    [Fact]
    public void A_rhythm_that_grows_is_named_by_its_period()
    {
        // One beat of twelve samples in every hundred; then one after the other: no value, step or level is new.
        Func<int, double> noise = Noise(0.02, 5);
        Anomaly[] scores = Scores(3000, t => (t >= 2500 || t % 100 < 12 ? Math.Sin(2 * Math.PI * t / 12) : 0) + noise(t));
        Anomaly found = scores[2500..2600].Where(s => s.Kind == AnomalyKind.Rhythm).MaxBy(s => s.Score);
        Assert.True(found.Score > 0.1);
        // At its onset a rhythm is known to within an octave only.
        Assert.InRange(found.Period, 6, 24);
    }

    [Fact]
    public void What_comes_at_the_wrong_time_of_day_is_found_by_the_clock()
    {
        // A day of 288 records with noon above midnight; on one day they change places.
        Func<int, double> noise = Noise(0.05, 6);
        double Day(int t) => Math.Sin(2 * Math.PI * t / 288);
        Anomaly[] scores = Scores(288 * 12, t => (t / 288 == 10 ? -Day(t) : Day(t)) + noise(t), t => t % 288 * 300.0);
        Assert.Contains(scores[(288 * 10)..(288 * 11)], s => s.Kind == AnomalyKind.Clock && s.Score > Alarm);
    }

    [Fact]
    public void An_event_is_told_once()
    {
        Func<int, double> noise = Noise(1, 7);
        Anomaly[] scores = Scores(1200, t => noise(t) + (t >= 1000 ? 100 : 0));
        Assert.Equal(AnomalyKind.Range, scores[1000].Kind);
        Assert.True(scores[1000].Score > 0.95);
        Assert.Equal(0, scores[1002..1100].Count(s => s.Score > Alarm));
    }

    [Theory]
    [InlineData(1e-30, 0)]
    [InlineData(1e30, 0)]
    [InlineData(1, 1e6)]
    public void Units_change_nothing(double unit, double zero)
    {
        Func<int, double> noise = Noise(1, 8);
        double Signal(int t) => noise(t) + (t == 700 ? 20 : 5);
        Anomaly[] plain = Scores(800, Signal), other = Scores(800, t => zero + (unit * Signal(t)));
        Assert.True(plain[700].Score > Alarm && other[700].Score > Alarm);
        Assert.Equal(plain[700].Score, other[700].Score, 0.05);
    }

    [Fact]
    public void A_constant_is_never_strange()
    {
        Assert.All(Scores(500, _ => 42.5), s => Assert.Equal(0, s.Score));
    }
}

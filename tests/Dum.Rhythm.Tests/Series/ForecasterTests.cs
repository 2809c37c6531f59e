using Dum.Numerics;
using Dum.Rhythm.Series;
using Dum.Tests.App;
using Xunit;

namespace Dum.Rhythm.Tests.Series;

/// <summary>Forecasts, anomalies and classes, on signals whose answer is known.</summary>
public class ForecasterTests
{
    static (double Error, double Still) Run(Func<int, double> signal, int count, int horizon)
    {
        var forecaster = new Forecaster(1, new ForecastOptions { Horizon = horizon });
        var said = new Forecast[1];
        var values = new double[count];
        double error = 0, still = 0;
        for (int t = 0; t < count; t++)
        {
            forecaster.Step([signal(t)], 1, said);
            values[t] = said[0].Value;
            if (t >= count / 2 && t >= horizon)
            {
                error += Math.Pow(signal(t) - values[t - horizon], 2);
                still += Math.Pow(signal(t) - signal(t - horizon), 2);
            }
        }
        return (Math.Sqrt(error), Math.Sqrt(still));
    }

    [Theory]
    [InlineData(1, 300)]
    [InlineData(10, 600)]
    public void A_sine_is_learned_in_a_few_hundred_samples(int horizon, int count)
    {
        (double error, double still) = Run(t => 5 + (3 * Math.Sin(0.2 * t)), count, horizon);
        Assert.True(error < 0.1 * still, $"{error / still}");
    }

    [Fact]
    public void A_period_of_a_day_in_five_minute_samples_is_learned()
    {
        var noise = new Philox(1, 1);
        (double error, double still) = Run(t => (10 * Math.Sin(2 * Math.PI * t / 288)) + (2 * Math.Sin(2 * Math.PI * t / 24)) + (0.1 * noise.Normal(0, (uint)t, 0).First), 4000, 36);
        Assert.True(error < 0.15 * still, $"{error / still}");
    }

    [Fact]
    public void Samples_may_come_at_any_moment()
    {
        // A third of the samples never came. Told how much time has passed, the medium keeps its phase; else it is lost.
        var random = new Philox(2, 2);
        double told = Error(tells: true), untold = Error(tells: false);
        Assert.True(told < 0.75 * untold, $"{told} {untold}");

        double Error(bool tells)
        {
            var forecaster = new Forecaster(1, new ForecastOptions());
            var said = new Forecast[1];
            double error = 0;
            int last = 0;
            for (int t = 0; t < 4000; t++)
            {
                if (random.Unit(0, (uint)t, 0) < 0.33)
                    continue;
                double value = Math.Sin(0.7 * t) + Math.Sin(0.33 * t);
                error += t > 2000 && t - last == 1 ? (value - said[0].Value) * (value - said[0].Value) : 0;
                forecaster.Step([value], tells ? t - last : 1, said);
                last = t;
            }
            return Math.Sqrt(error);
        }
    }

    [Fact]
    public void Intervals_hold_their_share()
    {
        var noise = new Philox(3, 3);
        var forecaster = new Forecaster(1, new ForecastOptions { Share = 0.8 });
        var said = new Forecast[1];
        int held = 0;
        for (int t = 0; t < 6000; t++)
        {
            double value = Math.Sin(0.1 * t) + (0.3 * noise.Normal(0, (uint)t, 0).First);
            held += t >= 1000 && value >= said[0].Low && value <= said[0].High ? 1 : 0;
            forecaster.Step([value], 1, said);
        }
        Assert.Equal(0.8, held / 5000.0, 0.03);
    }

    [Fact]
    public void Nothing_breaks_it()
    {
        double[] bad = [double.NaN, double.PositiveInfinity, 1e99, -1e99, 0, 1e-300, 7, double.MaxValue, 1e308];
        var forecaster = new Forecaster(2, new ForecastOptions { Horizon = 3, LongestPeriod = 50 });
        var detector = new AnomalyDetector(2);
        var said = new Forecast[2];
        bool heard = false;
        for (int t = 0; t < 3000; t++)
        {
            double[] sample = [bad[t * 7 % bad.Length], t < 1500 ? 4 : bad[t * 5 % bad.Length]];
            forecaster.Step(sample, t % 11 == 0 ? 1e9 : 1, said);
            // Of a column that begins with gaps nothing can be said.
            heard |= Forecaster.IsNumber(sample[0]);
            Assert.Equal(!heard, double.IsNaN(said[0].Value));
            Assert.All(said, f => Assert.True((double.IsFinite(f.Value) || !heard) && !double.IsInfinity(f.Low) && !double.IsInfinity(f.High)));
            Anomaly a = detector.Step(sample, t * 60.0 % 86_400);
            Assert.InRange(a.Score, 0, 1);
        }
    }

    /// <summary>A slip of the sensor is over when it is over; what comes to stay is believed.</summary>
    [Fact]
    public void One_slip_spoils_nothing_and_a_shift_is_followed()
    {
        double[] clean = Errors(t => Math.Sin(t / 5.0)), slipped = Errors(t => t == 1500 ? 100 : Math.Sin(t / 5.0)), shifted = Errors(t => Math.Sin(t / 5.0) + (t >= 1500 ? 20 : 0));
        Assert.InRange(slipped[1502..2500].Max(), 0, 2 * clean[1502..2500].Max());
        Assert.InRange(shifted[1502..1600].Average(), 0, 3);

        static double[] Errors(Func<int, double> signal)
        {
            var forecaster = new Forecaster(1, new ForecastOptions());
            var (said, errors) = (new Forecast[1], new double[2500]);
            for (int t = 0; t < errors.Length; t++)
            {
                errors[t] = t == 0 ? 0 : Math.Abs(signal(t) - said[0].Value);
                forecaster.Step([signal(t)], 1, said);
            }
            return errors;
        }
    }

    [Fact]
    public void Wrong_lengths_and_times_are_refused_by_name()
    {
        var forecaster = new Forecaster(2, new ForecastOptions());
        Assert.ThrowsAny<ArgumentException>(() => forecaster.Step([1], 1, new Forecast[2]));
        Assert.ThrowsAny<ArgumentException>(() => forecaster.Step([1, 2, 3], 1, new Forecast[2]));
        Assert.ThrowsAny<ArgumentException>(() => forecaster.Step([1, 2], 1, new Forecast[1]));
        Assert.ThrowsAny<ArgumentException>(() => forecaster.Step([1, 2], double.NaN, new Forecast[2]));
        Assert.ThrowsAny<ArgumentException>(() => forecaster.Step([1, 2], -1, new Forecast[2]));
        Assert.ThrowsAny<ArgumentException>(() => new AnomalyDetector(2).Step([1]));
    }

    [Fact]
    public void A_constant_is_forecast_as_itself()
    {
        var forecaster = new Forecaster(1, new ForecastOptions());
        var said = new Forecast[1];
        for (int t = 0; t < 200; t++)
            forecaster.Step([42.5], 1, said);
        Assert.Equal(42.5, said[0].Value);
    }

    [Fact]
    public void A_saved_forecaster_goes_on_with_the_same_bits()
    {
        using var folder = new ScratchFolder();
        var whole = new Forecaster(2, new ForecastOptions { Horizon = 4 });
        var (a, b) = (new Forecast[2], new Forecast[2]);
        for (int t = 0; t < 150; t++)
            whole.Step([Math.Sin(t), t % 7], 1, a);
        whole.Save(folder["f"]);
        Forecaster again = Forecaster.Load(folder["f"]);
        for (int t = 150; t < 250; t++)
        {
            whole.Step([Math.Sin(t), t % 7], 1, a);
            again.Step([Math.Sin(t), t % 7], 1, b);
            Assert.Equal(a, b);
        }
    }

    [Fact]
    public void Sequences_of_different_rhythm_are_told_apart()
    {
        var noise = new Philox(5, 5);
        LabelledSequence Make(int i) => new(i % 3 == 0 ? "slow" : i % 3 == 1 ? "fast" : "both", [.. Enumerable.Range(0, 40 + (i % 5)).Select(t => new[]
        {
            (i % 3 != 1 ? Math.Sin(0.3 * t + i) : 0) + (i % 3 != 0 ? Math.Sin(1.1 * t + i) : 0) + (0.3 * noise.Normal((uint)i, (uint)t, 0).First),
        })]);
        SequenceClassifier c = SequenceClassifier.Learn([.. Enumerable.Range(0, 60).Select(Make)], SequenceClassifier.Default(1), 2, 1);

        int wrong = Enumerable.Range(60, 60).Count(i => c.Classify(Make(i)).Label != Make(i).Label);
        Assert.InRange(wrong, 0, 8);
    }
}

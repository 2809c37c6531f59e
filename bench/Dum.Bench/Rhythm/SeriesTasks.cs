using Dum.Numerics;
using Dum.Rhythm.Map;
using Dum.Rhythm.Rings;
using Dum.Rhythm.Series;
using static Dum.Bench.Rhythm.Draw;

namespace Dum.Bench.Rhythm;

/// <summary>One benchmark of prediction.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Goal">What it should reach.</param>
/// <param name="Less">Whether less is better.</param>
/// <param name="Peer">The best peer measured.</param>
/// <param name="Tuned">Parameters chosen on validation series.</param>
/// <param name="Draw">Random parameters for a search.</param>
/// <param name="Score">Result of a model for a seed, on validation or test series.</param>
sealed record SeriesTask(string Name, double Goal, bool Less, double Peer, PredictorOptions Tuned, Func<Philox, PredictorOptions> Draw, Func<SeriesMaker, ulong, bool, double> Score);

/// <summary>The prediction rows of the table. Validation series have seeds of their own and test series are seen once, by the final run.</summary>
static class SeriesTasks
{
    const ulong Validation = 0x76616C, Test = 0x746573;

    public static IReadOnlyList<SeriesTask> All { get; } =
    [
        new("mackey-glass", -4.2, true, -3.79, TunedShapes.MackeyGlass(1000), DrawMackeyGlass, MackeyGlass),
        new("lorenz", 13.5, false, 12.1, TunedShapes.Fill(1000, new()
        {
            Inputs = 3, Echo = 2, Damping = 0.762, FirstDelay = 1, Delays = 1, Ridge = 4.9e-14, Refinements = 80,
            Tuning = new() { Ears = 3, Strength = 0.423, Damping = 1, DampingSpread = 0.31, Spread = 0.86, Speed = 12 },
        }), DrawLorenz, Lorenz),
        new("narma-10", 0.15, true, 0.164, TunedShapes.Narma(400), DrawNarma, Narma),
        new("santa-fe laser", 0.0055, true, 0.0075, TunedShapes.Fill(500, new()
        {
            Echo = 19, Damping = 0.21, FirstDelay = 1, Delays = 8, Ridge = 1.25e-7,
            Tuning = new() { Ears = 5, Strength = 0.372, Damping = 1.31, DampingSpread = 0.1, Spread = 0.306, Now = 1 },
        }), DrawLaser, Laser),
    ];

    /// <summary>Free run of 84 steps from 50 places: log10 of the root mean square error at the end, in standard deviations.</summary>
    static double MackeyGlass(SeriesMaker make, ulong seed, bool test)
    {
        const int Train = 3000, WashOut = 1000, Before = 300, Ahead = 84, Starts = 50;
        double[][] series = Scaled(Signals.MackeyGlass(Train + 1, seed)), other = Scaled(Signals.MackeyGlass(3000, (test ? Test : Validation) + seed));
        SeriesModel model = make(seed, series[..Train], Changes(series), WashOut);
        model.Reset();
        double mean = other.Average(s => s[0]), variance = other.Average(s => (s[0] - mean) * (s[0] - mean)), error = 0;
        for (int s = 0, t = 0; s < Starts; s++)
        {
            for (; t < Before + (s * 50); t++)
                model.Lead(other[t]);
            model.Free(other[t - 1], (k, said) =>
            {
                if (k < Ahead - 1)
                    return true;
                error += (said[0] - other[t + k][0]) * (said[0] - other[t + k][0]);
                return false;
            });
        }
        return Math.Log10(Math.Sqrt(error / Starts / variance));

        static double[][] Scaled(double[] x) => [.. x.Select(v => new[] { (v + 0.065) / 0.22 })];
    }

    /// <summary>Free runs from 50 places: the median time until the error passes 0.4 of the root mean square of the signal, in Lyapunov times.</summary>
    static double Lorenz(SeriesMaker make, ulong seed, bool test)
    {
        const int Train = 5000, WashOut = 200, Starts = 50, Gap = 300, Lead = 150, Most = 1500;
        double[][] series = Signals.Lorenz(Train + 1, seed), other = Signals.Lorenz((Starts * Gap) + Lead + Most, (test ? Test : Validation) + seed);
        SeriesModel model = make(seed, series[..Train], Changes(series), WashOut);
        double size = Math.Sqrt(other.Average(s => s.Sum(v => v * v)));
        var valid = new double[Starts];
        for (int s = 0; s < Starts; s++)
        {
            model.Reset();
            int t = s * Gap;
            for (int i = 0; i < Lead; i++)
                model.Lead(other[t++]);
            model.Free(other[t - 1], (k, said) =>
            {
                valid[s] = k * 0.02 * 0.9056;
                return k < Most - 1 && Math.Sqrt(said.Zip(other[t + k], (a, b) => (a - b) * (a - b)).Sum()) <= 0.4 * size;
            });
        }
        return Spread.Of(valid).Median;
    }

    static double Narma(SeriesMaker make, ulong seed, bool test)
    {
        (double[] input, double[] next) = Signals.Narma(4400, (test ? Test : Validation) + seed);
        return Math.Sqrt(Led(make, seed, input, next, 200, 2200, 2300, 4300));
    }

    /// <summary>Learned on the first 2,000; validated on the 2,900 after it, tested on samples 5,000 to 10,000.</summary>
    static double Laser(SeriesMaker make, ulong seed, bool test)
    {
        double[] laser = [.. File.ReadLines(SeriesData.Require("santafe_laser.txt")).Select(l => double.Parse(l, System.Globalization.CultureInfo.InvariantCulture))];
        double mean = laser[..2000].Average(), size = Math.Sqrt(laser[..2000].Average(v => (v - mean) * (v - mean)));
        double[] x = [.. laser.Select(v => (v - mean) / size)];
        return test ? Led(make, seed, x[..^1], x[1..], 100, 2000, 5000, 10000) : Led(make, seed, x[..^1], x[1..], 100, 2000, 2100, 4900);
    }

    /// <summary>Error of a led run in units of the target's variance.</summary>
    static double Led(SeriesMaker make, ulong seed, double[] input, double[] target, int washOut, int train, int from, int to)
    {
        double[][] u = [.. input.Select(v => new[] { v })], y = [.. target.Select(v => new[] { v })];
        SeriesModel model = make(seed, u[..train], y, washOut);
        double error = 0, mean = target[from..to].Average(), variance = target[from..to].Sum(v => (v - mean) * (v - mean));
        for (int t = train; t < to; t++)
        {
            model.Lead(u[t]);
            double said = t >= from ? model.Say()[0] : 0;
            error += t >= from ? (said - target[t]) * (said - target[t]) : 0;
        }
        return error / variance;
    }

    static double[][] Changes(double[][] series) => [.. Enumerable.Range(0, series.Length - 1).Select(t => series[t + 1].Zip(series[t], (a, b) => a - b).ToArray())];

    static PredictorOptions DrawMackeyGlass(Philox p)
    {
        int first = Whole(p, 0, 8, 16);
        return TunedShapes.Fill(1000, new()
        {
            Echo = Whole(p, 1, 12, 36),
            Damping = Log(p, 2, 0.08, 0.35),
            FirstDelay = first,
            Delays = Whole(p, 3, 19, 25) - first,
            Ridge = Log(p, 4, 2e-14, 3e-13),
            Noise = p.Unit(5, 0, 0) < 0.5 ? 0 : Log(p, 6, 1e-8, 1e-6),
            Refinements = Whole(p, 7, 1, 10),
            Tuning = Tune(p, 0.4, 3, 0.6, 4) with { Speed = p.Unit(8, 0, 0) < 0.5 ? 1 : 12 },
        });
    }

    static PredictorOptions DrawLorenz(Philox p) => TunedShapes.Fill(1000, new()
    {
        Inputs = 3,
        Echo = Whole(p, 1, 1, 3),
        Damping = Log(p, 2, 0.1, 2),
        FirstDelay = 1,
        Delays = p.Unit(3, 0, 0) < 0.6 ? 0 : 1,
        Ridge = Log(p, 4, 1e-14, 4e-13),
        Noise = p.Unit(5, 0, 0) < 0.5 ? 0 : Log(p, 6, 1e-9, 3e-8),
        Refinements = (int)Log(p, 7, 8, 90),
        Energy = p.Unit(9, 0, 0) < 0.3,
        Tuning = Tune(p, 0.3, 1.4, 0.4, 2) with { Now = 0, Speed = p.Unit(8, 0, 0) < 0.6 ? 1 : 12 },
    });

    static PredictorOptions DrawNarma(Philox p)
    {
        int first = p.Unit(0, 0, 0) < 0.5 ? 1 : Whole(p, 0, 1, 7);
        return TunedShapes.Fill(400, new()
        {
            Echo = Whole(p, 1, 11, 26),
            Damping = Log(p, 2, 0.08, 0.25),
            FirstDelay = first,
            Delays = Whole(p, 3, 16, 22) - first,
            Ridge = Log(p, 4, 3e-9, 1e-6),
            Refinements = Whole(p, 7, 1, 5),
            Tuning = Tune(p, 0.08, 1, 0.5, 2.4) with { Now = 1 },
        });
    }

    static PredictorOptions DrawLaser(Philox p) => TunedShapes.Fill(500, new()
    {
        Echo = Whole(p, 1, 6, 24),
        Damping = Log(p, 2, 0.05, 0.4),
        FirstDelay = 1,
        Delays = Whole(p, 3, 4, 18),
        Ridge = Log(p, 4, 1e-7, 2e-4),
        Refinements = Whole(p, 7, 1, 5),
        Tuning = Tune(p, 0.1, 1.2, 0.3, 2),
    });

    static ResonanceOptions Tune(Philox p, double weakest, double strongest, double slowest, double fastest) => new()
    {
        Ears = Whole(p, 20, 2, 6),
        Strength = Log(p, 21, weakest, strongest),
        Damping = Log(p, 22, slowest, fastest),
        DampingSpread = p.Unit(23, 0, 0),
        Spread = Log(p, 24, 0.1, 3),
        Now = p.Unit(25, 0, 0) < 0.7 ? 1 : 0,
    };
}

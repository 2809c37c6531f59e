using Dum.Numerics;
using static Dum.Bench.Rhythm.Draw;

namespace Dum.Bench.Rhythm;

/// <summary>
/// Plain peers of our own make on the prediction rows, in the same run: as many features, the same readout, parameters by
/// as many random draws on the same validation series as it is asked for, then the test series once.
/// </summary>
static class PeerTasks
{
    public static Table Measure(int seeds, int draws)
    {
        var table = new Table($"Peers of our own make, the best of {draws} draws on validation; {seeds} seeds", ("row", ""), ("features at most", "0"), ("median", "0.0000"), ("quartile 1", "0.0000"), ("quartile 3", "0.0000"), ("rings", "0.0000"), ("CPU s each", "0.00"));
        foreach (SeriesTask task in SeriesTasks.All)
        {
            if (task.Name.StartsWith("santa", StringComparison.Ordinal) && SeriesData.Find("santafe_laser.txt") is null)
                continue;
            double rings = Spread.Of(Enumerable.Range(1, seeds).Select(s => task.Score(RingModel.Maker(task.Tuned), (ulong)s, true))).Median;
            foreach ((string name, Func<Philox, (SeriesMaker, object)> draw) in ((string, Func<Philox, (SeriesMaker, object)>)[])[
                ("echo state network", p => Echo(p, task.Tuned.Features)), ("nonlinear vector autoregression", p => Taps(p, task.Tuned.Features))])
            {
                SeriesMaker best = Best(task, name, draw, draws);
                double before = Cpu.Self;
                var spread = Spread.Of(Enumerable.Range(1, seeds).Select(s => task.Score(best, (ulong)s, true)));
                table.Add($"{task.Name}: {name}", task.Tuned.Features, spread.Median, spread.Low, spread.High, rings, (Cpu.Self - before) / seeds);
                Console.Error.WriteLine($"{task.Name}, {name}: {spread.Median:0.0000}, rings {rings:0.0000}");
            }
        }
        return table;
    }

    static SeriesMaker Best(SeriesTask task, string name, Func<Philox, (SeriesMaker Make, object Options)> draw, int draws)
    {
        (SeriesMaker? best, double least) = (null, double.PositiveInfinity);
        for (int i = 0; i < draws; i++)
        {
            (SeriesMaker make, object options) = draw(new Philox((ulong)i + 1, 0x50454552));
            double score = task.Score(make, 1, false), less = double.IsFinite(score) ? task.Less ? score : -score : double.PositiveInfinity;
            if (best is not null && less >= least)
                continue;
            (best, least) = (make, less);
            Console.Error.WriteLine($"{task.Name}, {name}, draw {i}: {score:0.0000} {options}");
        }
        return best!;
    }

    static (SeriesMaker, object) Echo(Philox p, int features)
    {
        var o = new EchoOptions(features, Log(p, 0, 0.1, 1.4), Log(p, 1, 0.003, 2), Log(p, 2, 0.01, 1), p.Unit(3, 0, 0) < 0.5 ? 1 : Log(p, 4, 0.1, 1), Log(p, 5, 1e-14, 1e-5), Whole(p, 6, 1, 10));
        return (EchoModel.Maker(o), o);
    }

    static (SeriesMaker, object) Taps(Philox p, int features)
    {
        var o = new TapsOptions(Whole(p, 0, 2, 28), p.Unit(1, 0, 0) < 0.7 ? 1 : Whole(p, 2, 2, 6), Whole(p, 3, 2, 3), features, Log(p, 4, 1e-14, 1e-5), Whole(p, 5, 1, 10));
        return (TapsModel.Maker(o), o);
    }
}

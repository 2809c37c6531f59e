using Dum.Numerics;
using Dum.Rhythm.Series;

namespace Dum.Bench.Rhythm;

/// <summary>The rhythm engine beside what reservoirs, solvers and memories reach: speed, prediction, memory.</summary>
static class RhythmBench
{
    public const string Usage = "rhythm [FILE…] [--only ROW] [--seeds N] [--series FOLDER] [--search ROW --draws N] | " + NabBench.Usage;

    public static int Run(Arguments arguments)
    {
        if (arguments.Rest is ["nab", .. string[] rest])
            return NabBench.Run(new Arguments("rhythm nab", rest));
        arguments.Options("--only", "--seeds", "--series", "--search", "--draws");
        SeriesData.Folder = arguments.One("--series");
        int seeds = arguments.Number("--seeds", 10);
        if (arguments.One("--search") == "vowels")
        {
            VowelTask.Search(arguments.Number("--draws", 50));
            return 0;
        }
        if (arguments.One("--search") is { } searched)
            return Search(SeriesTasks.All.First(t => t.Name.StartsWith(searched, StringComparison.Ordinal)), arguments.Number("--draws", 50), Math.Min(seeds, 3));
        string? only = arguments.One("--only");
        var report = new Report(arguments);
        if (Wanted("speed"))
            report.Add(SpeedTasks.Measure());
        Predict(report, seeds, Wanted);
        if (Wanted("blocks"))
            report.Add(BlockTasks.Measure(seeds));
        if (Wanted("peers"))
            report.Add(PeerTasks.Measure(seeds, arguments.Number("--draws", 40)));
        if (Wanted("recall"))
            report.Add(MemoryTasks.Recall());
        bool named = arguments.Rest.Any(a => !a.StartsWith("--", StringComparison.Ordinal) && File.Exists(a));
        if (named && Wanted("bytes"))
            report.Add(MemoryTasks.Bytes(Files()));
        if (named && Wanted("medium"))
            report.Add(MediumBytes.Measure(Files()));
        return report.Finish();

        IReadOnlyList<string> Files() => arguments.Files("--only", "--seeds", "--series", "--search", "--draws");

        bool Wanted(string row) => only is null || row.StartsWith(only, StringComparison.Ordinal);
    }

    static void Predict(Report report, int seeds, Func<string, bool> wanted)
    {
        var table = new Table($"Prediction, {seeds} seeds: structure and series", ("row", ""), ("features", "0"), ("median", "0.0000"), ("quartile 1", "0.0000"), ("quartile 3", "0.0000"), ("goal", "0.0000"), ("best peer", "0.0000"), ("CPU s each", "0.00"));
        foreach (SeriesTask task in SeriesTasks.All)
        {
            if (!wanted(task.Name))
                continue;
            if (task.Name.StartsWith("santa", StringComparison.Ordinal) && SeriesData.Find("santafe_laser.txt") is null)
            {
                report.Note("santafe_laser.txt is not here: its row is left out");
                continue;
            }
            double before = Cpu.Self;
            var spread = Spread.Of(Enumerable.Range(1, seeds).Select(s => task.Score(RingModel.Maker(task.Tuned), (ulong)s, true)));
            table.Add(task.Name, task.Tuned.Features, spread.Median, spread.Low, spread.High, task.Goal, task.Peer, (Cpu.Self - before) / seeds);
            Console.Error.WriteLine($"{task.Name}: {spread.Median:0.0000}");
        }
        if (wanted("vowels") && SeriesData.Find("JapaneseVowels_TEST.ts") is not null)
            Row("japanese vowels, errors of 370", null, s => VowelTask.Errors(VowelTask.Tuned, VowelTask.Parts, s), 3, 4);
        if (wanted("capacity"))
            Row("memory capacity, 50 oscillators", 100, s => CapacityTask.Measure(s), 95, 34);
        if (table.Rows > 0)
            report.Add(table);

        void Row(string name, int? features, Func<ulong, double> score, double goal, double peer)
        {
            double before = Cpu.Self;
            var spread = Spread.Of(Enumerable.Range(1, seeds).Select(s => score((ulong)s)));
            table.Add(name, features, spread.Median, spread.Low, spread.High, goal, peer, (Cpu.Self - before) / seeds);
            Console.Error.WriteLine($"{name}: {spread.Median:0.0000}");
        }
    }

    /// <summary>Random parameters, scored on validation series; better ones are printed as they are found.</summary>
    static int Search(SeriesTask task, int draws, int seeds)
    {
        double best = task.Less ? double.PositiveInfinity : double.NegativeInfinity;
        for (int i = -1; i < draws; i++)
        {
            PredictorOptions o = i < 0 ? task.Tuned : task.Draw(new Philox((ulong)i + 1, 0x44524157));
            SeriesMaker make = RingModel.Maker(o);
            double first = task.Score(make, 1, false);
            // Most draws are clearly worse: one seed tells.
            if (i >= 0 && (task.Less ? first > best + (Math.Abs(best) * 0.3) : first < best * 0.85))
                continue;
            double score = Spread.Of([first, .. Enumerable.Range(2, seeds - 1).Select(s => task.Score(make, (ulong)s, false))]).Median;
            if (task.Less ? score < best : score > best)
            {
                best = score;
                Console.Out.WriteLine($"{i} {score:0.00000} {o}");
            }
        }
        return 0;
    }
}

using System.Diagnostics;
using Dum.Rhythm.Series;

namespace Dum.Bench.Rhythm;

/// <summary>The Numenta Anomaly Benchmark: stored results of peers scored again, then <c>dum rhythm anomaly</c>'s own detector.</summary>
static class NabBench
{
    public const string Usage = "rhythm nab FOLDER: a checkout of numenta/NAB";

    // What the benchmark publishes of itself in results/final_results.json, standard profile.
    static readonly (string Name, double Published)[] s_peers =
        [("ARTime", 74.85), ("numenta", 70.10), ("contextOSE", 69.90), ("htmjava", 65.55), ("knncad", 57.99), ("windowedGaussian", 39.65)];

    public static int Run(Arguments arguments)
    {
        string folder = arguments.Files() is [var one] ? one : throw new DumException("rhythm nab: name one folder");
        IReadOnlyList<NabSeries> all = NabSeries.ReadAll(folder);
        var report = new Report(arguments);
        var table = new Table($"Numenta Anomaly Benchmark, {all.Count} files, {all.Sum(s => s.Windows.Length)} windows, {all.Sum(s => s.Values.Length):N0} records",
            ("detector", ""), ("standard", "0.00"), ("low FP", "0.00"), ("low FN", "0.00"), ("windows found", "0"), ("false alarms", "0"), ("published", "0.00"));
        foreach ((string name, double published) in s_peers)
            if (Directory.Exists(Path.Combine(folder, "results", name)))
                Row(table, name, [.. all.Select(s => (s, s.Results(folder, name)))], null, published);
            else
                report.Note($"results/{name} is not here: its row is left out");

        long started = Stopwatch.GetTimestamp();
        double before = Cpu.Self;
        List<(NabSeries Series, double[] Scores)> ours = [.. all.Select(s => (s, Detect(folder, s)))];
        double micros = (Cpu.Self - before) * 1e6 / all.Sum(s => s.Values.Length);
        List<(NabSeries Series, double[] Scores)> choosing = [.. ours.Where(o => o.Series.ForChoosing)], held = [.. ours.Where(o => !o.Series.ForChoosing)];
        Row(table, "dum rhythm anomaly, all files", ours, null, null);
        Row(table, "… the files its parameters were chosen on", choosing, null, null);
        Row(table, "… the files held out, thresholds from the others", held, choosing, null);
        report.Add(table);
        report.Note($"Processor time of our detector {micros:0.0} µs a record ({Stopwatch.GetElapsedTime(started).TotalSeconds:0} s in all).");
        return report.Finish();
    }

    /// <summary>Runs the detector over a file, as the command does.</summary>
    static double[] Detect(string folder, NabSeries series)
    {
        using StreamReader input = File.OpenText(Path.Combine(folder, "data", series.Name));
        var records = new RecordReader(input, series.Name, ["value"], "timestamp");
        var detector = new AnomalyDetector(1);
        var scores = new double[series.Values.Length];
        var record = new double[1];
        while (records.Read(record, out _))
            scores[records.Records - 1] = detector.Step(record, records.SecondOfDay).Score;
        return scores;
    }

    static void Row(Table table, string name, List<(NabSeries Series, double[] Scores)> said, List<(NabSeries Series, double[] Scores)>? thresholds, double? published)
    {
        NabScore Score(NabProfile profile) => NabScorer.Score(said, profile, thresholds is null ? null : NabScorer.Score(thresholds, profile).Threshold);
        NabScore standard = Score(NabProfile.Standard);
        table.Add(name, standard.Score, Score(NabProfile.LowFalseAlarms).Score, Score(NabProfile.LowMisses).Score, standard.Found, standard.FalseAlarms, published);
        Console.Error.WriteLine($"{name}: {standard.Score:0.00} at {standard.Threshold:0.000}");
    }
}

using Dum.Models;
using Dum.Sigma.Doctor;

namespace Dum.Bench.Sigma;

/// <summary>The nondeterminism doctor: injected faults that are named exactly, the bits of our own inference over batches, threads and caches, and what recording costs.</summary>
static class DoctorBench
{
    const int Rounds = 17;

    static readonly RunScript s_faulty = new() { Sequences = 15, Batch = 5, Prompt = 6, Steps = 3, Ladder = true };
    static readonly RunScript s_same = new() { Sequences = 44, Prompt = 8, Steps = 3 };

    public static void Run(Arguments arguments, Report report)
    {
        if (arguments.One("--text") is not { } text)
        {
            report.Note("doctor: give --text FILE, any text of some 100 KB");
            return;
        }
        using LanguageModel model = LanguageModel.Open(arguments.One("--model") ?? LanguageModel.DefaultName);
        int[] ids = model.Tokenizer.Encode(File.ReadAllBytes(text));
        report.Add(Faults(model, ids, arguments.Number("--faults", 100)));
        report.Add(Bits(model, ids, arguments.Number("--runs", 100)));
        report.Add(Cost(model, ids));
    }

    static Table Faults(LanguageModel model, int[] ids, int count)
    {
        string folder = Directory.CreateTempSubdirectory("dum-doctor-").FullName;
        try
        {
            var trial = new FaultTrial(model, ids, s_faulty, folder);
            var outcomes = new List<FaultOutcome>();
            int silent = 0;
            for (int number = 0; outcomes.Count < count; number++)
            {
                if (trial.Run(number) is { } outcome)
                    outcomes.Add(outcome);
                else
                    silent++;
                if (outcomes is [.., { Named: false } missed])
                    Console.Error.WriteLine($"missed: {missed}");
            }
            var table = new Table($"Injected faults named exactly: operation, sequence, position, element, batch boundary ({silent} more changed no bit)", ("fault", ""), ("injected", "N0"), ("named", "N0"));
            foreach (IGrouping<FaultKind, FaultOutcome> kind in outcomes.GroupBy(o => o.Fault.Kind))
                table.Add(kind.Key.ToString(), kind.Count(), kind.Count(o => o.Named));
            table.Add("all", outcomes.Count, outcomes.Count(o => o.Named));
            return table;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static Table Bits(LanguageModel model, int[] ids, int runs)
    {
        var hashes = new Dictionary<string, int>();
        for (int run = 0; run < runs; run++)
            foreach (int batch in (int[])[1, 2, 3, 8, 32, 44])
                foreach (int threads in (int[])[1, 2])
                    foreach (bool warm in (bool[])[false, true])
                    {
                        string root = RecordedRun.Hash(model, ids, s_same with { Batch = batch, Threads = threads, Warm = warm }).Root;
                        hashes[root] = hashes.GetValueOrDefault(root) + 1;
                    }
        var table = new Table($"{runs} runs × batch 1, 2, 3, 8, 32, 44 × 1 and 2 threads × cold and warm cache, every row of every operation", ("hash of the run", ""), ("runs", "N0"));
        foreach ((string root, int count) in hashes)
            table.Add(root, count);
        return table;
    }

    static Table Cost(LanguageModel model, int[] ids)
    {
        var table = new Table("What recording costs, processor time, one thread", ("run", ""), ("bare, ms", "F1"), ("hashes, %", "F1"), ("recording, %", "F1"), ("with all numbers, %", "F1"));
        foreach ((string name, RunScript script) in new[] { ("reading 16 × 256 tokens", new RunScript { Sequences = 16, Prompt = 256, Steps = 0 }), ("16 sequences at once, 64 steps", new RunScript { Sequences = 16, Batch = 16, Prompt = 8, Steps = 64 }) })
        {
            (double bare, double[] more) = Turns(() => RecordedRun.Bare(model, ids, script), [() => RecordedRun.Hash(model, ids, script), () => Write(false), () => Write(true)]);
            table.Add(name, bare * 1000, more[0], more[1], more[2]);

            void Write(bool values)
            {
                string path = Path.GetTempFileName();
                using (FileStream stream = File.Create(path))
                    RecordedRun.Write(model, ids, script, stream, values);
                File.Delete(path);
            }
        }
        return table;
    }

    /// <summary>
    /// Each run beside the bare one before and after it, in turns; the median of what it takes more, in per cent. The machine's
    /// speed changes with what else it does: the least of many runs would compare one's luck with another's.
    /// </summary>
    static (double Bare, double[] More) Turns(Action bare, Action[] runs)
    {
        List<double>[] more = [.. runs.Select(_ => new List<double>())];
        List<double> alone = [Time(bare)];
        for (int round = 0; round < Rounds; round++)
            for (int i = 0; i < runs.Length; i++)
            {
                double run = Time(runs[i]);
                alone.Add(Time(bare));
                // The first two rounds are for the compiler.
                if (round >= 2)
                    more[i].Add(100 * ((2 * run / (alone[^2] + alone[^1])) - 1));
            }
        return (Median(alone), [.. more.Select(Median)]);
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    static double Time(Action run)
    {
        double before = Cpu.Self;
        run();
        return Cpu.Self - before;
    }
}

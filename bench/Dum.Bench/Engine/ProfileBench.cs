using System.Diagnostics;
using Dum.Numerics.Kernels;

namespace Dum.Bench;

/// <summary>Where the time goes, kernel by kernel.</summary>
static class ProfileBench
{
    const int Shown = 16;

    public static void Run(Report report, int[] threads, int rounds)
    {
        foreach (int n in threads)
        {
            TimedKernels timed = null!;
            KernelTable Observe(KernelTable inner) => timed = new TimedKernels(inner);

            using (var step = new StepWork(4, n, Observe))
            {
                step.Step();
                Measure(report, $"Training step, batch 4, threads {n}", timed, rounds, step.Step);
            }
            foreach ((WeightFormat format, string name, _) in InferenceBench.Formats)
            {
                using var work = new InferenceWork(format, n, Observe);
                work.Prefill(64);
                Measure(report, $"Reading {InferenceBench.Prompt} tokens, {name}, threads {n}", timed, rounds, () => work.Prefill());
                work.Begin();
                work.Decode(8);
                work.Begin();
                Measure(report, $"Generating {InferenceBench.Generated} tokens, {name}, threads {n}", timed, 1, () => work.Decode());
            }
        }
        report.Note("Profile: by the clock; \"the rest\" is what no kernel of the table does, in inference attention and its cache.");
    }

    static void Measure(Report report, string title, TimedKernels timed, int times, Action work)
    {
        timed.Clear();
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < times; i++)
            work();
        double all = clock.Elapsed.TotalSeconds;
        KernelCost[] costs = [.. timed.Costs];
        var table = new Table(title, ("kernel", ""), ("calls", "0"), ("ms", "0.00"), ("share", "0.000"), ("GFLOP/s", "0.0"), ("GB/s", "0.0"));
        foreach (KernelCost cost in costs.Take(Shown))
            table.Add(cost.Name, cost.Calls / times, cost.Seconds / times * 1e3, cost.Seconds / all, cost.Flops / cost.Seconds / 1e9, cost.Bytes / cost.Seconds / 1e9);
        double rest = all - costs.Sum(c => c.Seconds);
        table.Add("the rest", null, rest / times * 1e3, rest / all, null, null);
        table.Add("all", null, all / times * 1e3, 1.0, null, null);
        report.Add(table);
    }
}

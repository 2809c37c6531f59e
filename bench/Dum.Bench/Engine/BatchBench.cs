using Dum.Numerics.Kernels;

namespace Dum.Bench;

/// <summary>Generating for many sequences at once: weights are read once for all of them.</summary>
static class BatchBench
{
    const int Tokens = 64, LeastSteps = 4;
    static readonly int[] s_sizes = [1, 2, 4, 8, 16, 32];

    public static void Run(Report report, int[] threads, int rounds)
    {
        var table = new Table("Generating for several sequences at once, Llama of 110 M weights: tokens/s, and against one sequence",
            [("weights", ""), ("threads", "0"), .. s_sizes.Select(s => ($"{s}", "0.0")), .. s_sizes.Skip(1).Select(s => ($"{s} : 1", "0.00"))]);
        foreach ((WeightFormat format, string name, _) in InferenceBench.Formats)
            foreach (int n in threads)
            {
                Samples[] samples = [.. s_sizes.Select(_ => new Samples())];
                for (int round = 0; round < rounds; round++)
                {
                    using var work = new InferenceWork(format, n);
                    for (int i = 0; i < s_sizes.Length; i++)
                    {
                        int[] sequences = work.Open(s_sizes[i]);
                        work.Step(sequences, 1);
                        samples[i].Time(() => work.Step(sequences, Steps(sequences.Length)));
                        work.Close(sequences);
                    }
                }
                double[] speeds = [.. samples.Select((s, i) => Steps(s_sizes[i]) * s_sizes[i] / s.Median)];
                table.Add([name, n, .. speeds.Cast<object?>(), .. speeds.Skip(1).Select(s => (object?)(s / speeds[0]))]);
                Console.Error.WriteLine($"{name}, {n} threads: {speeds[0]:0.0} tokens/s for one sequence, {speeds[^1]:0.0} for {s_sizes[^1]}");
            }
        report.Add(table);
        report.Note("Several sequences: each after a short prompt of its own, one token for each of them a step.");
    }

    static int Steps(int sequences) => Math.Max(LeastSteps, Tokens / sequences);
}

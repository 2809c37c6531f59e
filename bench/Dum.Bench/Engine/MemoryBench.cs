using Dum.Numerics.Kernels;
using Dum.Plans;

namespace Dum.Bench;

/// <summary>What models take in memory: counted, not sampled, since all of it is asked for at once.</summary>
static class MemoryBench
{
    static readonly int[] s_batches = [4, 16];

    public static void Run(Report report)
    {
        var training = new Table("Memory of training, 12 M weights, MB",
            ("batch", ""), ("parameters", "0.0"), ("gradients", "0.0"), ("AdamW", "0.0"), ("activations", "0.0"), ("their gradients", "0.0"), ("all", "0.0"), ("bytes allocated per step", "0"));
        foreach (int sequences in s_batches)
        {
            using var work = new StepWork(sequences, 1);
            work.Step();
            (_, long allocated) = Allocation.Of(work.Step);
            Plan plan = work.Model.Plan;
            long[] bytes = [plan.Values.Bytes, plan.Gradients.Bytes, work.OptimiserBytes, plan.Activations.Bytes, plan.ActivationGradients.Bytes];
            training.Add([$"{sequences} × {work.Model.Length}", .. bytes.Append(bytes.Sum()).Select(b => (object?)(b / 1e6)), allocated]);
        }
        report.Add(training);
        var weights = new Table("Memory of inference, Llama of 110 M weights", ("weights", ""), ("MB", "0.0"), ("bits per weight", "0.00"), ("bytes allocated per token", "0"));
        foreach ((WeightFormat format, string name, _) in InferenceBench.Formats)
        {
            using var work = new InferenceWork(format, 1);
            work.Begin();
            work.Decode(4);
            (_, long allocated) = Allocation.Of(() => work.Decode(16));
            weights.Add(name, work.Bytes / 1e6, 8.0 * work.Bytes / RandomModel.Llama110M.Parameters, allocated / 16);
        }
        report.Add(weights);
        report.Note("Memory: bytes of the arenas and of the packed matrices; allocated: managed bytes of all threads after a warm-up.");
    }
}

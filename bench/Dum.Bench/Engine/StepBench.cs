namespace Dum.Bench;

/// <summary>Training against llm.c and PyTorch.</summary>
static class StepBench
{
    const int EnoughTokens = 3072;
    static readonly int[] s_batches = [4, 16];

    public static void Run(Report report, string? llmc, string? torch, int[] threads, int rounds)
    {
        TrainPeer[] peers = [.. new[] { TrainPeer.LlmC(llmc), TrainPeer.Torch(torch) }.OfType<TrainPeer>()];
        var table = new Table("Training, 6 layers of 384, vocabulary 4096, context 256, AdamW, f32: tokens/s",
            [("batch", ""), ("threads", "0"), ("tokens/s", "0"), ("best", "0"), .. peers.SelectMany(p => ((string, string)[])[(p.Name, "0"), (p.Name + ", best", "0"), ("ours : " + p.Name, "0.00")]),
                ("bytes allocated per step, this thread", "0"), ("all threads", "0")]);
        foreach (int sequences in s_batches)
            foreach (int n in threads)
            {
                using var work = new StepWork(sequences, n);
                work.Step();
                work.Step();
                (long here, long all) = Allocation.Of(work.Step);
                var ours = new Samples();
                Dictionary<TrainPeer, Samples> theirs = peers.ToDictionary(p => p, _ => new Samples());
                for (int round = 0; round < rounds; round++)
                {
                    work.Step(); // the peers have been here since
                    for (int i = 0; i < Math.Max(1, EnoughTokens / work.Tokens); i++)
                        ours.Time(work.Step);
                    foreach (TrainPeer peer in peers)
                        foreach (double seconds in peer.Steps(sequences, n))
                            theirs[peer].Add(seconds);
                }
                double speed = work.Tokens / ours.Median;
                table.Add([$"{sequences} × {RandomModel.Gpt12M.Context}", n, speed, work.Tokens / ours.Best,
                    .. peers.SelectMany(p => (object?[])[work.Tokens / theirs[p].Median, work.Tokens / theirs[p].Best, theirs[p].Median / ours.Median]), here, all]);
                Console.Error.WriteLine($"training, batch {sequences}, {n} threads: {speed:0} tokens/s");
            }
        report.Add(table);
        report.Note("Training: a step is forward, backward, the length of the gradient and AdamW; medians over all steps, the peers run between our rounds. " +
            "Ours has RMSNorm, SwiGLU of 1,024 and rotary positions, theirs LayerNorm, GELU of 1,536 and learned positions: as many weights and multiply-adds in the products.");
        foreach (TrainPeer peer in peers)
            report.Note(peer.Failed ? $"{peer.Name} failed: `{peer.Command}`" : $"{peer.Name}: `{peer.Command}`");
        if (llmc is null)
            report.Note("llm.c is not compared: give --llmc PATH of its train_gpt2.");
        if (torch is null)
            report.Note("PyTorch is not compared: give --torch PYTHON:SCRIPT (bench/peers/torch-step.py).");
    }
}

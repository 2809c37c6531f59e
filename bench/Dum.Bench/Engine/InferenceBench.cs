using Dum.Numerics.Kernels;

namespace Dum.Bench;

/// <summary>Reading a prompt and generating, against builds of llama-bench over models of the same sizes.</summary>
sealed class InferenceBench(Report report, LlamaPeer[] peers, string? models)
{
    public const int Prompt = 512, Generated = 64;

    /// <summary>Ours, and what the peers call formats of as many bits.</summary>
    public static IReadOnlyList<(WeightFormat Format, string Name, string[] Peers)> Formats { get; } =
    [
        (WeightFormat.F32, "f32", ["F32"]),
        (WeightFormat.BF16, "bf16", ["BF16", "F16"]),
        (WeightFormat.I8, "int8", ["Q8_0"]),
        (WeightFormat.I4, "int4", ["Q4_0"]),
    ];

    readonly Table _reading = new($"Reading a prompt of {Prompt} tokens, Llama of 110 M weights: tokens/s",
        ("weights", ""), ("threads", "0"), ("tokens/s", "0.0"), ("best", "0.0"), ("best peer", ""), ("its tokens/s", "0.0"), ("its best", "0.0"), ("ratio", "0.00"));

    readonly Table _writing = new($"Generating {Generated} tokens after a short prompt, one sequence, Llama of 110 M weights: tokens/s",
        ("weights", ""), ("threads", "0"), ("tokens/s", "0.0"), ("best", "0.0"), ("GB/s of weights", "0.0"), ("best peer", ""), ("its tokens/s", "0.0"), ("its best", "0.0"), ("ratio", "0.00"),
        ("bytes allocated per token, this thread", "0"), ("all threads", "0"));

    readonly Table _all = new("All peers, tokens/s, medians", ("program", ""), ("model", ""), ("threads", "0"), ("prompt", "0.0"), ("generating", "0.0"));

    public void Run(bool prefill, bool decode, int[] threads, int rounds)
    {
        if (models is not null)
            Arguments.Existing([models]);
        foreach ((WeightFormat format, string name, string[] kin) in Formats)
            foreach (int n in threads)
                Row(format, name, kin, n, prefill, decode, rounds);
        if (prefill)
            report.Add(_reading);
        if (decode)
            report.Add(_writing);
        if (peers.Length > 0 && models is not null)
            report.Add(_all);
        report.Note("Inference: random weights, placed anew in every round; keys and values f32 (the peers': f16), tokens given, no sampling; logits after the last token only. " +
            "\"Best peer\": of all programs and all models of as many bits (f16 counts beside bf16, Q8_0 beside int8, Q4_0 beside int4); each program runs once a round, between ours. GB/s: bytes of all matrices, the tied one once, for each token.");
        foreach (LlamaPeer peer in peers)
        {
            report.Note($"{peer.Name}: `{peer.Command}`");
            if (peer.Failed.Count > 0)
                report.Note($"{peer.Name} is missing or failed with {string.Join(", ", peer.Failed.Select(Path.GetFileName))}.");
        }
        if (peers.Length == 0 || models is null)
            report.Note("llama.cpp is not compared: give --llama-bench PATH, as often as there are builds, and --models DIR with llama-110m-F32.gguf and its kin (bench/peers).");
    }

    void Row(WeightFormat format, string name, string[] kin, int threads, bool prefill, bool decode, int rounds)
    {
        (LlamaPeer Peer, string Model, Samples Reading, Samples Writing)[] theirs = models is null ? []
            : [.. from p in peers from k in kin select (p, Path.Combine(models, $"llama-110m-{k}.gguf"), new Samples(), new Samples())];
        Samples reading = new(), writing = new();
        (long here, long everywhere, long bytes) = (0, 0, 0);
        for (int round = 0; round < rounds; round++)
        {
            using (var work = new InferenceWork(format, threads))
            {
                bytes = work.Bytes;
                work.Prefill(64);
                if (prefill)
                    reading.Time(() => work.Prefill());
                if (decode)
                {
                    work.Begin();
                    work.Decode(8);
                    (here, everywhere) = Allocation.Of(() => work.Decode(16));
                    work.Begin();
                    writing.Time(() => work.Decode());
                }
            }
            foreach ((LlamaPeer peer, string model, Samples read, Samples written) in theirs)
                if (peer.Run(model, threads, prefill, decode) is { } speeds)
                {
                    if (prefill)
                        read.Add(1 / speeds.Prefill);
                    if (decode)
                        written.Add(1 / speeds.Decode);
                }
        }
        foreach ((LlamaPeer peer, string model, Samples read, Samples written) in theirs)
            if (read.Any || written.Any)
                _all.Add(peer.Name, Path.GetFileName(model), threads, 1 / read.Median, 1 / written.Median);
        if (prefill)
        {
            double speed = Prompt / reading.Median;
            _reading.Add([name, threads, speed, Prompt / reading.Best, .. Best(speed, theirs.Select(t => (Say(t.Peer, t.Model), t.Reading)))]);
            Console.Error.WriteLine($"{name}, {threads} threads: reading {speed:0.0} tokens/s");
        }
        if (decode)
        {
            double speed = Generated / writing.Median;
            _writing.Add([name, threads, speed, Generated / writing.Best, bytes * speed / 1e9, .. Best(speed, theirs.Select(t => (Say(t.Peer, t.Model), t.Writing))), here / 16, everywhere / 16]);
            Console.Error.WriteLine($"{name}, {threads} threads: generating {speed:0.0} tokens/s");
        }
    }

    static string Say(LlamaPeer peer, string model) => $"{peer.Name}, {Path.GetFileNameWithoutExtension(model).Split('-')[^1]}";

    /// <summary>The fastest peer's name, speed and best speed, and ours against it.</summary>
    static object?[] Best(double ours, IEnumerable<(string Name, Samples Samples)> theirs)
    {
        (string name, Samples samples) = theirs.Where(t => t.Samples.Any).OrderBy(t => t.Samples.Median).FirstOrDefault();
        return samples is null ? [null, null, null, null] : [name, 1 / samples.Median, 1 / samples.Best, ours * samples.Median];
    }
}

using System.Diagnostics;
using System.Globalization;
using Dum.Checkpoints;
using Dum.Models;
using Dum.Numerics.Kernels;

namespace Dum.Bench;

/// <summary>What adapters cost: memory, exchange, and a batch in which every sequence has its own, against the bare model.</summary>
static class AdapterBench
{
    public const string Usage = "[MODEL] [--weights f32,bf16,int8,int4] [--rank N] [--batch 16,32] [--threads 1,2] [--rounds N] [--steps N] [--json] [--save]";

    const int Different = 8, Prompt = 8, Swaps = 10_000;

    public static int Run(Arguments arguments)
    {
        arguments.Options("--weights", "--rank", "--batch", "--threads", "--rounds", "--steps");
        int rank = arguments.Number("--rank", 8), rounds = arguments.Number("--rounds", 5), steps = arguments.Number("--steps", 4);
        int[] batches = Numbers(arguments.One("--batch") ?? "16,32"), threads = Numbers(arguments.One("--threads") ?? "1,2");
        string[] formats = (arguments.One("--weights") ?? "f32,bf16,int8").Split(',');
        string? path = arguments.Rest.Length > 0 && !arguments.Rest[0].StartsWith('-') ? arguments.Rest[0] : null;
        var report = new Report(arguments);
        var size = new Table($"Memory and exchange of an adapter of rank {rank} on all seven matrices", ("weights of the base", ""), ("base, MB", "0.0"), ("adapter, MB", "0.00"), ("share", "0.0 %"), ("loading from disk, ms", "0.0"), ("exchange, ms", "0.00000"));
        var speed = new Table("Generating for several sequences at once: tokens/s, and against the bare model",
            ("weights", ""), ("threads", "0"), ("sequences", "0"), ("bare", "0.0"), ("one adapter", "0.0"), ($"{Different} adapters", "0.0"), ("one each", "0.0"), ("one : bare", "0.0 %"), ($"{Different} : bare", "0.0 %"), ("one each : bare", "0.0 %"));
        foreach (string format in formats)
        {
            WeightFormat kept = Format(format);
            using LanguageModel? model = path is null ? null : LanguageModel.Open(path, kept);
            using TokenWeights? random = path is null ? RandomModel.Make(RandomModel.Llama110M, kept) : null;
            TokenWeights weights = model?.Weights ?? random!;
            LoraAdapter[] adapters = [.. Enumerable.Range(0, batches.Max()).Select(i => LoraAdapter.Load(Random(weights, rank, (uint)i), weights.Stacks))];
            size.Add(format, weights.Bytes / 1e6, adapters[0].Bytes / 1e6, (double)adapters[0].Bytes / weights.Bytes, 1e3 * Loading(weights, rank), 1e3 * Exchange(weights, adapters));
            foreach (int n in threads)
                foreach (int batch in batches)
                    Row(speed, weights, adapters, format, n, batch, rounds, steps);
            foreach (LoraAdapter adapter in adapters)
                adapter.Dispose();
        }
        report.Add(size);
        report.Add(speed);
        report.Note(path is null ? "Model: Llama of 110 M weights, random." : $"Model: {Path.GetFileName(path)}.");
        report.Note($"Medians over {rounds} interleaved rounds of {steps} steps, one token for each sequence a step, adapters dealt out in turn; one thread by processor time, more by the clock.");
        return report.Finish();
    }

    static void Row(Table table, TokenWeights weights, LoraAdapter[] adapters, string format, int threads, int batch, int rounds, int steps)
    {
        using var session = new TokenSession(weights, threads, context: Prompt + ((rounds + 1) * 4 * steps));
        int[] ids = RandomModel.Ids(Prompt + batch, weights.Shape.Vocabulary), sequences = new int[batch];
        foreach (ref int sequence in sequences.AsSpan())
            session.Append(sequence = session.Open(), ids.AsSpan(0, Prompt));
        int[] kinds = [0, 1, Different, batch];
        Samples[] samples = [.. kinds.Select(_ => new Samples())];
        for (int round = 0; round <= rounds; round++)
            for (int k = 0; k < kinds.Length; k++)
            {
                for (int i = 0; i < batch; i++)
                    session.Swap(sequences[i], kinds[k] == 0 ? null : adapters[i % kinds[k]]);
                session.Step(sequences, ids.AsSpan(0, batch));
                foreach (int sequence in sequences)
                    session.Truncate(sequence, Prompt);
                void Work()
                {
                    for (int step = 0; step < steps; step++)
                        session.Step(sequences, ids.AsSpan(step, batch));
                }
                // The first round warms up.
                if (round == 0)
                    Work();
                else if (threads == 1)
                    samples[k].TimeProcessor(Work);
                else
                    samples[k].Time(Work);
            }
        double[] speeds = [.. samples.Select(s => batch * steps / s.Median)];
        table.Add([format, threads, batch, .. speeds.Cast<object?>(), .. speeds.Skip(1).Select(s => (object?)(s / speeds[0]))]);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{format}, {threads} threads, {batch} sequences: bare {speeds[0]:0.0} tokens/s, then {string.Join(", ", speeds.Skip(1).Select(s => (s / speeds[0]).ToString("P1", CultureInfo.InvariantCulture)))}"));
    }

    /// <summary>Seconds from a folder to an adapter that can be used, the best of some.</summary>
    static double Loading(TokenWeights weights, int rank)
    {
        string folder = Directory.CreateTempSubdirectory("dum-bench-").FullName;
        try
        {
            AdapterWriter.Write(folder, rank, 2 * rank, [.. Random(weights, rank, 1).Modules.SelectMany(m => new[]
            {
                WeightSource.From(new TensorSpec(m.Name + ".lora_A.weight", m.Rank, m.Inputs), m.A),
                WeightSource.From(new TensorSpec(m.Name + ".lora_B.weight", m.Outputs, m.Rank), m.B),
            })], "base", "id");
            double best = double.MaxValue;
            for (int i = 0; i < 10; i++)
            {
                long start = Stopwatch.GetTimestamp();
                using LoraAdapter adapter = LoraAdapter.Load(AdapterFile.Read(folder), weights.Stacks);
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
            return best;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Seconds to exchange the adapter of a sequence for another that is in memory.</summary>
    static double Exchange(TokenWeights weights, LoraAdapter[] adapters)
    {
        using var session = new TokenSession(weights, 1, context: 16);
        int sequence = session.Open();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Swaps; i++)
            session.Swap(sequence, adapters[i % adapters.Length]);
        return Stopwatch.GetElapsedTime(start).TotalSeconds / Swaps;
    }

    static AdapterFile Random(TokenWeights weights, int rank, uint seed)
    {
        return new AdapterFile("random", [.. weights.Stacks.SelectMany(s => s.Targets).Select(t => new AdapterModule(t.Name, rank, 2, Draw(rank * t.Inputs), Draw(t.Outputs * rank)))], null);

        float[] Draw(int count)
        {
            float[] all = new float[count];
            foreach (ref float value in all.AsSpan())
                value = 0.02f * RandomModel.Small(ref seed);
            return all;
        }
    }

    static WeightFormat Format(string name) => InferenceBench.Formats.FirstOrDefault(f => f.Name == name) is { Name: not null } found ? found.Format
        : throw new DumException($"--weights {name}: give some of {string.Join(',', InferenceBench.Formats.Select(f => f.Name))}");

    static int[] Numbers(string text) => [.. text.Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n is > 0 and <= TokenSession.MaxRows ? n
        : throw new DumException($"{text}: give numbers from 1 to {TokenSession.MaxRows}, such as 1,2"))];
}

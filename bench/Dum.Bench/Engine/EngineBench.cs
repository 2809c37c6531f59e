using System.Globalization;

namespace Dum.Bench;

/// <summary>The engine for models, beside the programs that do the same: products, training, reading a prompt, generating.</summary>
static class EngineBench
{
    public const string Usage = "[--only gemm,train,prefill,decode,batch,memory,profile] [--llama-bench \"PATH OPTIONS\"]… [--models DIR] [--llmc PATH] [--torch PYTHON:SCRIPT] [--blas LIB] [--threads 1,2] [--rounds N] [--json] [--save]";

    // The profile is for finding what is slow, not a result: only where it is asked for.
    static readonly string[] s_usual = ["gemm", "train", "prefill", "decode", "batch", "memory"];

    public static int Run(Arguments arguments)
    {
        arguments.Options("--only", "--llama-bench", "--models", "--llmc", "--torch", "--blas", "--threads", "--rounds");
        string[] asked = arguments.One("--only")?.Split(',') ?? s_usual;
        if (asked.FirstOrDefault(a => a != "profile" && !s_usual.Contains(a)) is { } unknown)
            throw new DumException($"--only {unknown}: give some of {string.Join(',', s_usual)},profile");
        int[] threads = Threads(arguments.One("--threads"));
        int rounds = arguments.Number("--rounds", 5);
        var report = new Report(arguments);
        if (asked.Contains("gemm"))
            ProductBench.Run(report, arguments.One("--blas"), threads, rounds);
        if (asked.Contains("train"))
            StepBench.Run(report, arguments.One("--llmc"), arguments.One("--torch"), threads, rounds);
        if (asked.Contains("prefill") || asked.Contains("decode"))
            new InferenceBench(report, [.. arguments.All("--llama-bench").Select(LlamaPeer.Parse)], arguments.One("--models"))
                .Run(asked.Contains("prefill"), asked.Contains("decode"), threads, rounds);
        if (asked.Contains("batch"))
            BatchBench.Run(report, threads, rounds);
        if (asked.Contains("memory"))
            MemoryBench.Run(report);
        if (asked.Contains("profile"))
            ProfileBench.Run(report, threads, rounds);
        report.Note("Medians over interleaved rounds, by the clock unless said otherwise; \"best\" is the best single round. What the machine does besides slows two threads that wait for each other by more than its share.");
        return report.Finish();
    }

    static int[] Threads(string? text)
    {
        if (text is null)
            return [.. new[] { 1, Environment.ProcessorCount }.Distinct()];
        var threads = new List<int>();
        foreach (string part in text.Split(','))
            threads.Add(int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n is > 0 and <= 1024 ? n
                : throw new DumException($"--threads {text}: give numbers from 1 on, such as 1,2"));
        return [.. threads.Distinct().Order()];
    }
}

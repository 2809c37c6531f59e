using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Dum.Bench;

/// <summary>A build of llama-bench, of llama.cpp or one of its kin, with options of its own.</summary>
sealed class LlamaPeer
{
    readonly string _program;
    readonly string[] _options;

    LlamaPeer(string program, string[] options)
    {
        (_program, _options) = (program, options);
        Name = string.Join(' ', [Path.GetFileName(program), .. options]);
    }

    public string Name { get; }

    public string Command => $"{Name} -m MODEL -t T -p {InferenceBench.Prompt} -n {InferenceBench.Generated} -r 1 -o json";

    /// <summary>What it could not run.</summary>
    public HashSet<string> Failed { get; } = [];

    /// <param name="text">The program and, after blanks, its options.</param>
    public static LlamaPeer Parse(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var program, .. var options] ? new(program, options) : throw new DumException("--llama-bench: give a program");

    /// <summary>Tokens per second of reading and of generating, NaN where not asked; null when the program is not there or fails.</summary>
    public (double Prefill, double Decode)? Run(string model, int threads, bool prefill, bool decode)
    {
        if (Failed.Contains(model))
            return null;
        var start = new ProcessStartInfo(_program,
            ["-m", model, "-t", Say(threads), "-p", Say(prefill ? InferenceBench.Prompt : 0), "-n", Say(decode ? InferenceBench.Generated : 0), "-r", "1", "-o", "json", .. _options]);
        start.Environment["OMP_NUM_THREADS"] = start.Environment["OPENBLAS_NUM_THREADS"] = Say(threads);
        try
        {
            if (Child.Run(start) is not ({ } output, _))
                throw new JsonException("it failed");
            using JsonDocument json = JsonDocument.Parse(output);
            (double Prefill, double Decode) speeds = (double.NaN, double.NaN);
            foreach (JsonElement test in json.RootElement.EnumerateArray())
            {
                double speed = test.GetProperty("avg_ts").GetDouble();
                if (test.GetProperty("n_gen").GetInt32() > 0)
                    speeds.Decode = speed;
                else
                    speeds.Prefill = speed;
            }
            return speeds;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            Failed.Add(model);
            return null;
        }
    }

    static string Say(int number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Dum.Bench;

/// <summary>A program that trains the same model and prints what each step took.</summary>
sealed partial class TrainPeer
{
    readonly Func<int, int, ProcessStartInfo> _start;
    readonly Regex _step;
    readonly double _unit;
    readonly int _warm;

    TrainPeer(string name, string command, Func<int, int, ProcessStartInfo> start, Regex step, double unit, int warm) =>
        (Name, Command, _start, _step, _unit, _warm) = (name, command, start, step, unit, warm);

    public string Name { get; }
    public string Command { get; }
    public bool Failed { get; private set; }

    /// <summary>The only batch the program was compiled for; 0 where it takes any.</summary>
    int Batch { get; init; }

    /// <summary>llm.c's train_gpt2, run where it lies, beside its checkpoint and tokens.</summary>
    public static TrainPeer? LlmC(string? path) => path is null ? null
        : new TrainPeer("llm.c", $"OMP_NUM_THREADS=T ./{Path.GetFileName(path)}",
            (_, _) => new ProcessStartInfo(Path.GetFullPath(path)) { WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(path)) },
            LlmCStep(), 1e-3, 1)
        { Batch = 4 };

    /// <summary>PyTorch by bench/peers/torch-step.py, given as PYTHON:SCRIPT.</summary>
    public static TrainPeer? Torch(string? text)
    {
        if (text is null)
            return null;
        int colon = text.LastIndexOf(':');
        if (colon <= 0)
            throw new DumException($"--torch {text}: give PYTHON:SCRIPT");
        (string python, string script) = (text[..colon], text[(colon + 1)..]);
        Arguments.Existing([script]);
        return new TrainPeer("PyTorch", $"OPENBLAS_NUM_THREADS=T {Path.GetFileName(python)} {Path.GetFileName(script)} --threads T --batch B --steps 3",
            (batch, threads) => new ProcessStartInfo(python, [script, "--threads", Say(threads), "--batch", Say(batch), "--steps", "3"]), TorchStep(), 1, 2);
    }

    /// <summary>Seconds of each step but the first ones; nothing when it cannot do this batch, is not there or fails.</summary>
    public IReadOnlyList<double> Steps(int batch, int threads)
    {
        if (Failed || (Batch != 0 && Batch != batch))
            return [];
        ProcessStartInfo start = _start(batch, threads);
        start.Environment["OMP_NUM_THREADS"] = start.Environment["OPENBLAS_NUM_THREADS"] = Say(threads);
        double[] seconds = Child.Run(start) is ({ } output, _)
            ? [.. _step.Matches(Encoding.UTF8.GetString(output)).Select(m => double.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * _unit).Skip(_warm)] : [];
        Failed = seconds.Length == 0;
        return seconds;
    }

    static string Say(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^step \d+: .*\(took ([0-9.]+) ms\)", RegexOptions.Multiline)]
    private static partial Regex LlmCStep();

    [GeneratedRegex(@"^step \d+: .*, ([0-9.]+) s, CPU", RegexOptions.Multiline)]
    private static partial Regex TorchStep();
}

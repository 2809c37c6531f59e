using System.Diagnostics;
using Dum.Sigma.Battery;
using Dum.Sigma.Controls;

namespace Dum.Bench.Sigma;

/// <summary>Every weak source at so many seconds of processor time: found by ours, and by PractRand where it was built.</summary>
static class WeakPanel
{
    public static void Run(Arguments arguments, Report report)
    {
        double seconds = arguments.Number("--seconds", 3);
        string? practRand = arguments.One("--practrand");
        var table = new Table($"Weak sources at {seconds} s of processor time each", ("source", ""), ("found by", ""), ("after MB", "F2"), ("PractRand", ""), ("after MB", "F2"));
        int ours = 0, theirs = 0, weak = 0, alarms = 0;
        foreach (Source source in Source.All)
        {
            (string? finding, double bytes) = Ours(source, seconds);
            (bool found, double peerBytes)? peer = practRand is null ? null : Theirs(practRand, source, seconds);
            table.Add(source.Name, finding ?? "–", bytes / 1e6, peer is { } p ? p.found ? "found" : "–" : null, peer?.peerBytes / 1e6);
            weak += source.Weak ? 1 : 0;
            ours += source.Weak && finding is not null ? 1 : 0;
            theirs += source.Weak && peer is { found: true } ? 1 : 0;
            alarms += !source.Weak && finding is not null ? 1 : 0;
            Console.Error.WriteLine($"{source.Name}: {finding ?? "not found"}; {peer}");
        }
        report.Add(table);
        report.Note($"found {ours} of {weak}; false alarms on good sources {alarms}" + (practRand is null ? "" : $"; PractRand found {theirs}"));
    }

    /// <summary>Doubles the length until something is found or the next doubling would go over the time.</summary>
    static (string? Finding, double Bytes) Ours(Source source, double seconds)
    {
        Source.Filler fill = source.Open(1);
        byte[] data = new byte[RandomnessBattery.Least];
        double spent = 0;
        for (int segments = 1; ; segments *= 2)
        {
            // A stream is judged at its lengths 1, 2, 4 …, as PractRand does; each look is at a level of its own share.
            var battery = new RandomnessBattery(new BatteryOptions { EntropyBytes = 0, CodeBytes = 0, Alpha = 1e-5 });
            fill = source.Open(1);
            double before = 0;
            for (int s = 0; s < segments; s++)
            {
                fill(data);
                before = Cpu.Self;
                battery.Add(data);
                spent += Cpu.Self - before;
            }
            before = Cpu.Self;
            BatteryReport result = battery.Finish();
            spent += Cpu.Self - before;
            if (result.Verdict == BatteryVerdict.Structured)
                return ($"{result.Findings[0].Test} {result.Findings[0].Worst}", (double)segments * data.Length);
            if (spent >= seconds)
                return (null, (double)segments * data.Length);
        }
    }

    static (bool Found, double Bytes) Theirs(string program, Source source, double seconds)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, ["stdin", "-tlmin", "1MB", "-tlmax", "1GB"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        Source.Filler fill = source.Open(1);
        byte[] data = new byte[1 << 16];
        double bytes = 0;
        try
        {
            while (!process.HasExited && process.TotalProcessorTime.TotalSeconds < seconds)
            {
                fill(data);
                process.StandardInput.BaseStream.Write(data);
                bytes += data.Length;
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It stops reading when it is sure.
        }
        // At the end of its input it says what it has found so far.
        process.StandardInput.Close();
        if (!process.WaitForExit(30_000))
            process.Kill();
        process.WaitForExit();
        return (output.Result.Contains("FAIL", StringComparison.Ordinal), bytes);
    }
}

using System.Diagnostics;
using Dum.Sigma.Battery;
using Dum.Sigma.Controls;

namespace Dum.Bench.Sigma;

/// <summary>
/// Every weak source at so many seconds of processor time: found by ours, and by PractRand where it was built. The making of
/// the streams counts for neither.
/// </summary>
static class WeakPanel
{
    /// <summary>
    /// A look costs PractRand three to four seconds whatever the length, so that one late look finds the most; it reads about
    /// 45 MB a second.
    /// </summary>
    const string PeerOptions = "-tf 1 -te 0 -tlmin 256MB -tlmax 256MB";

    public static void Run(Arguments arguments, Report report)
    {
        double seconds = arguments.Number("--seconds", 10);
        string? practRand = arguments.One("--practrand");
        string options = arguments.One("--practrand-options") ?? PeerOptions;
        string? only = arguments.One("--source");
        var table = new Table($"Weak sources at {seconds} s of processor time each", ("source", ""), ("found by", ""), ("after MB", "F2"), ("s", "F1"), ("PractRand", ""), ("after MB", "F2"), ("s", "F1"));
        int ours = 0, theirs = 0, weak = 0, alarms = 0, peerAlarms = 0;
        foreach (Source source in Source.All.Where(s => only is null || only.Split(',').Contains(s.Name)))
        {
            Outcome here = Ours(source, seconds);
            Outcome? peer = practRand is null ? null : Theirs(practRand, options, source, seconds);
            table.Add(source.Name, here.Finding ?? "–", here.Bytes / 1e6, here.Seconds, peer is null ? null : peer.Finding ?? "–", peer?.Bytes / 1e6, peer?.Seconds);
            weak += source.Weak ? 1 : 0;
            ours += source.Weak && here.Finding is not null ? 1 : 0;
            theirs += source.Weak && peer?.Finding is not null ? 1 : 0;
            alarms += !source.Weak && here.Finding is not null ? 1 : 0;
            peerAlarms += !source.Weak && peer?.Finding is not null ? 1 : 0;
            Console.Error.WriteLine($"{source.Name}: {here}; {peer}");
        }
        report.Add(table);
        report.Note($"found {ours} of {weak}; false alarms on good sources {alarms}" + (practRand is null ? "" : $"; PractRand ({options}) found {theirs}, false alarms {peerAlarms}"));
    }

    /// <summary>What was found, after how many bytes and seconds of processor time; null for nothing.</summary>
    sealed record Outcome(string? Finding, double Bytes, double Seconds);

    /// <summary>A look at 1, 2, 4 … segments and at the last that the time allows, each at a level of its own share.</summary>
    static Outcome Ours(Source source, double seconds)
    {
        Source.Filler fill = source.Open(1);
        byte[] data = new byte[RandomnessBattery.Least];
        var battery = new RandomnessBattery(new BatteryOptions { EntropyBytes = 0, CodeBytes = 0, Alpha = 1e-5 });
        double spent = 0;
        for (long next = data.Length; ;)
        {
            fill(data);
            double before = Cpu.Self;
            battery.Add(data);
            bool last = spent + Cpu.Self - before >= seconds;
            BatteryReport? result = last || battery.Bytes == next ? battery.Finish() : null;
            spent += Cpu.Self - before;
            if (result is { Verdict: BatteryVerdict.Structured })
                return new Outcome($"{result.Findings[0].Test} {result.Findings[0].Worst}".TrimEnd(), battery.Bytes, spent);
            if (last)
                return new Outcome(null, battery.Bytes, spent);
            if (result is not null)
                next *= 2;
        }
    }

    static Outcome Theirs(string program, string options, Source source, double seconds)
    {
        double before = Cpu.OfChildren;
        using Process process = Process.Start(new ProcessStartInfo(program, ["stdin", .. options.Split(' ')])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        Source.Filler fill = source.Open(1);
        byte[] data = new byte[1 << 16];
        double bytes = 0;
        try
        {
            // Behind its last look it stops reading.
            while (!process.HasExited && process.TotalProcessorTime.TotalSeconds < 2 * seconds)
            {
                fill(data);
                process.StandardInput.BaseStream.Write(data);
                bytes += data.Length;
            }
            process.Kill();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It has ended.
        }
        process.WaitForExit();
        double spent = Cpu.OfChildren - before;
        return new Outcome(output.Result.Contains("FAIL", StringComparison.Ordinal) && spent < 1.1 * seconds ? "found" : null, bytes, spent);
    }
}

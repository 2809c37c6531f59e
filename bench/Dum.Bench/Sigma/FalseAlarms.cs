using Dum.Sigma.Battery;
using Dum.Sigma.Controls;

namespace Dum.Bench.Sigma;

/// <summary>How often good streams are called structured, and which tests come nearest to it.</summary>
static class FalseAlarms
{
    public static void Run(Arguments arguments, Report report)
    {
        int streams = arguments.Number("--streams", 1000), bytes = arguments.Number("--bytes", 1 << 20);
        var options = new BatteryOptions { EntropyBytes = 0, CodeBytes = 0 };
        var family = new List<double>();
        var tests = new Dictionary<string, List<double>>();
        byte[] data = new byte[bytes];
        double before = Cpu.Self;
        for (int stream = 0; stream < streams; stream++)
        {
            new ChaCha20((ulong)stream + 1).Fill(data);
            var battery = new RandomnessBattery(options);
            battery.Add(data);
            BatteryReport result = battery.Finish();
            family.Add(result.P);
            if (result.P < 2e-3)
                Console.Error.WriteLine($"stream {stream}: {result.P:E1}, {result.Tests.MinBy(t => t.P)}");
            foreach (TestSummary test in result.Tests)
                (tests.TryGetValue(test.Test, out List<double>? list) ? list : tests[test.Test] = []).Add(test.P);
            if (stream % 50 == 49)
                Console.Error.WriteLine($"{stream + 1} of {streams}, {family.Count(p => p < 1e-3)} below 1e-3");
        }
        var table = new Table($"{streams} ChaCha20 streams of {bytes} bytes: shares of family and test probabilities below a level",
            ("test", ""), ("0.1", "F4"), ("0.01", "F4"), ("0.001", "F4"), ("least", "E1"));
        foreach ((string name, List<double> p) in tests.Prepend(new("family", family)))
            table.Add(name, Share(p, 0.1), Share(p, 0.01), Share(p, 0.001), p.Min());
        report.Add(table);
        report.Note($"false alarms at family level 1e-3: {family.Count(p => p < 1e-3)} of {streams} (at most 5 asked); {Cpu.Self - before:F0} s of processor time");
    }

    static double Share(List<double> p, double level) => (double)p.Count(x => x < level) / p.Count;
}

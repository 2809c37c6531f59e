namespace Dum.Bench.Sigma;

/// <summary><c>sigma PART…</c>: the table of docs/sigma.md, part by part.</summary>
static class SigmaBench
{
    public const string Usage = "[speed] [alarms] [panel] [tap] [doctor] [quantise] [--streams 1000] [--bytes 1048576] [--seconds 10] [--source NAME,…] [--practrand RNG_test] [--practrand-options TEXT] [--text FILE] [--calibration FILE --held FILE]: the battery's speed, false alarms, weak sources found, cost of the tap, faults named and bits kept, loss won back";

    public static int Run(Arguments arguments)
    {
        arguments.Options("--streams", "--bytes", "--seconds", "--practrand", "--practrand-options", "--source", "--model", "--text", "--faults", "--runs", "--calibration", "--held", "--draws", "--tokens", "--tested", "--bits", "--method");
        var parts = new Dictionary<string, Action<Arguments, Report>>
        {
            ["speed"] = BatterySpeed.Run,
            ["alarms"] = FalseAlarms.Run,
            ["panel"] = WeakPanel.Run,
            ["doctor"] = DoctorBench.Run,
            ["quantise"] = QuantisationBench.Run,
            ["tap"] = TapCost.Run,
        };
        string[] wanted = [.. arguments.Rest.Where(parts.ContainsKey)];
        var report = new Report(arguments);
        foreach (string part in wanted.Length > 0 ? wanted : [.. parts.Keys])
            parts[part](arguments, report);
        return report.Finish();
    }
}

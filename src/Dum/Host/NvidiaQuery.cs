using System.Text.RegularExpressions;

namespace Dum.Host;

/// <summary>Asks nvidia-smi for one table. A driver that does not know a field refuses the whole query, so that field is taken out and asked again.</summary>
static partial class NvidiaQuery
{
    static readonly string[] s_fields =
    [
        "index", "name", "pci.bus_id", "driver_version", "compute_cap", "memory.total", "memory.used", "memory.free",
        "pcie.link.gen.gpucurrent", "pcie.link.gen.gpumax", "pcie.link.gen.hostmax", "pcie.link.gen.max", "pcie.link.width.current", "pcie.link.width.max",
        "pstate", "mig.mode.current", "ecc.mode.current", "ecc.errors.uncorrected.volatile.total", "retired_pages.pending",
        "clocks_event_reasons.active", "power.draw", "power.limit", "power.default_limit", "temperature.gpu", "compute_mode", "fabric.state",
    ];

    /// <summary>Names that a driver older than the one that brought the first name knows instead.</summary>
    static readonly Dictionary<string, string> s_older = new()
    {
        ["clocks_event_reasons.active"] = "clocks_throttle_reasons.active",
        ["pcie.link.gen.gpucurrent"] = "pcie.link.gen.current",
    };

    public static Recorded Run()
    {
        var fields = new List<string>(s_fields);
        long deadline = Environment.TickCount64 + 15_000;
        while (true)
        {
            var limit = TimeSpan.FromMilliseconds(Math.Clamp(deadline - Environment.TickCount64, 1, 10_000));
            Recorded answer = ForeignCommand.Run("nvidia-smi", ["--query-gpu=" + string.Join(',', fields), "--format=csv,nounits"], limit);
            Match unknown = Unknown().Match(answer.Text);
            int at = unknown.Success ? fields.IndexOf(unknown.Groups[1].Value) : -1;
            if (at < 0 || Environment.TickCount64 > deadline)
                return answer;
            if (s_older.TryGetValue(fields[at], out string? older))
                fields[at] = older;
            else
                fields.RemoveAt(at);
        }
    }

    [GeneratedRegex(@"Field ""([a-z_.]+)"" is not a valid field to query")]
    private static partial Regex Unknown();
}

using System.Globalization;
using System.Text.Json;
using Dum.Sigma.Battery;
using Dum.Sigma.Battery.Entropy;
using static Dum.Tongue;

namespace Dum.App.Views.Sigma;

/// <summary>The answer of a battery for a terminal and for programs.</summary>
static class BatteryView
{
    static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    public static string Name(BatteryVerdict verdict) => verdict switch
    {
        BatteryVerdict.Random => Say("RANDOM", "СЛУЧАЙНО"),
        BatteryVerdict.Structured => Say("STRUCTURED", "СТРУКТУРА"),
        _ => Say("INSUFFICIENT", "НЕДОСТАТОЧНО"),
    };

    /// <summary>The answer as one sentence.</summary>
    public static string Sentence(BatteryReport r) => r.Verdict switch
    {
        BatteryVerdict.Random => Say(
            $"nothing that random bytes would not show; of what these tests look at, structure above about {Bits(r.Visible)} bits a byte would have been seen",
            $"ничего, чего не бывает у случайных байтов; из того, на что смотрят эти проверки, была бы видна структура сильнее примерно {Bits(r.Visible)} бит на байт"),
        BatteryVerdict.Structured => Say(
            $"first in {r.Findings[0].Test}{Part(r.Findings[0])}; at least {Bits(Strength(r))} bits a byte",
            $"прежде всего {r.Findings[0].Test}{Part(r.Findings[0])}; не меньше {Bits(Strength(r))} бит на байт"),
        _ => Say($"{r.Bytes} bytes are too few to call them random: {r.Needed} are needed", $"байтов {r.Bytes} мало, чтобы назвать их случайными: нужно {r.Needed}"),
    };

    public static void Write(TextWriter to, BatteryReport r, double seconds, double entropySeconds)
    {
        to.WriteLine($"{Name(r.Verdict)}  {(r.Tests.Count == 0 ? "" : $"p = {P(r.P)}  ")}{Sentence(r)}");
        to.WriteLine();
        foreach (TestSummary t in r.Tests)
            to.WriteLine($"  {(r.Findings.Contains(t) ? "!" : " ")} {t.Test,-20} p = {P(t.P),-9} {(t.Parts > 1 ? Say($"of {t.Parts}, worst {t.Worst}", $"из {t.Parts}, худшая: {PartNames.Say(t.Worst)}") : PartNames.Say(t.Worst))}{(t.Place >= 0 && r.Findings.Contains(t) ? Say($", at byte {t.Place}", $", с байта {t.Place}") : "")}");
        to.WriteLine();
        if (r.Entropy is { } e)
        {
            to.WriteLine(Say($"  min-entropy (SP 800-90B, biased low): {N(e.PerByte, 3)} bits a byte", $"  мин-энтропия (SP 800-90B, занижает): {N(e.PerByte, 3)} бит на байт"));
            foreach (EntropyEstimate bit in e.Bits)
                to.WriteLine($"    {bit.Method,-20} {(bit.Bits is { } b ? N(b, 4) : "–"),8} {Say("a bit", "на бит"),-8} {(e.Symbols.FirstOrDefault(s => s.Method == bit.Method).Bits is { } s ? $"{N(s, 4),8} {Say("a byte", "на байт")}" : "")}");
            to.WriteLine();
        }
        to.WriteLine(Say(
            $"  {r.Bytes} bytes read, {r.Tested} tested, {N(r.Bytes / 1e6 / Math.Max(seconds, 1e-9), 2)} MB/s{(r.Entropy is null ? "" : $"; SP 800-90B {N(entropySeconds, 1)} s")}",
            $"  прочитано байтов {r.Bytes}, проверено {r.Tested}, {N(r.Bytes / 1e6 / Math.Max(seconds, 1e-9), 2)} МБ/с{(r.Entropy is null ? "" : $"; SP 800-90B {N(entropySeconds, 1)} с")}"));
    }

    public static string Json(BatteryReport r) => JsonSerializer.Serialize(new
    {
        verdict = r.Verdict.ToString().ToUpperInvariant(),
        p = r.Tests.Count == 0 ? (double?)null : r.P,
        alpha = r.Alpha,
        bytes = r.Bytes,
        tested = r.Tested,
        needed = r.Needed,
        visible_bits_per_byte = r.Visible,
        saved_bits_per_byte = r.Saved,
        tests = r.Tests.Select(t => new { test = t.Test, p = t.P, parts = t.Parts, worst = t.Worst, place = t.Place, bits_per_byte = t.Bits, found = r.Findings.Contains(t) }),
        min_entropy_per_byte = r.Entropy?.PerByte,
        entropy = r.Entropy is null ? null : new { symbols = r.Entropy.Symbols.ToDictionary(s => s.Method, s => s.Bits), bits = r.Entropy.Bits.ToDictionary(b => b.Method, b => b.Bits) },
    }, s_json);

    public static double Strength(BatteryReport r) => Math.Max(r.Saved, r.Findings.Max(f => f.Bits));

    public static string P(double p) => p < 1e-290 ? "<1e-290" : p.ToString(p < 1e-3 ? "0.0e0" : "0.0000", CultureInfo.InvariantCulture);

    public static string Bits(double bits) => bits.ToString(bits == 0 ? "0" : bits < 0.01 ? "0.0e0" : "0.000", CultureInfo.InvariantCulture);

    static string Part(TestSummary t) => t.Worst.Length > 0 ? $" ({PartNames.Say(t.Worst)})" : "";

    static string N(double value, int digits) => value.ToString("F" + digits, CultureInfo.InvariantCulture);
}

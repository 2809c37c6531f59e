using System.Text.Json;
using System.Text.Json.Serialization;
using Dum.Host.Fit;

namespace Dum.Host;

/// <summary>The check as JSON, for programs: ids never change with the language.</summary>
public static class HostReportJson
{
    /// <summary>One indented object; the fit is left out when no device is given.</summary>
    public static string Render(HostCheck check, Device? device = null, IReadOnlyList<FitReport.Row>? fit = null) => JsonSerializer.Serialize(
        new HostDocument(
            "dum-check 1",
            check.IsReady,
            new HostDocument.SystemPart(check.System.OsName, check.System.Kernel, check.System.Wsl, check.System.Container),
            [.. check.Capabilities.Select(c => new HostDocument.CapabilityPart(c.Id, Word(c.State), c.Detail))],
            [.. check.Problems.Select(p => new HostDocument.ProblemPart(p.Id, Word(p.Severity), p.Capabilities, p.What, p.Why, p.FixId, p.Fix, p.Verify))],
            device is null ? null : new HostDocument.DevicePart(device.Name, Round(device.Budget), Round(device.Total), Round(device.Bandwidth), Round(device.Flops), device.Measured),
            fit is null ? null : [.. fit.Select(r => new HostDocument.FitPart(r.Name, Round(r.Mebibytes), r.LargestContext, r.Writing is { } w ? Math.Round(w, 1) : null))]),
        HostJson.Default.HostDocument);

    internal static string Word(Readiness state) => state switch
    {
        Readiness.Ready => "ready",
        Readiness.Limited => "limited",
        Readiness.Blocked => "blocked",
        Readiness.Unknown => "unknown",
        _ => "absent",
    };

    static double Round(double value) => Math.Round(value);
    static double? Round(double? value) => value is { } v ? Math.Round(v) : null;

    internal static string Word(Severity severity) => severity switch
    {
        Severity.Block => "block",
        Severity.Unknown => "unknown",
        Severity.Limit => "limit",
        _ => "note",
    };
}

sealed record HostDocument(
    string Format, bool Ready, HostDocument.SystemPart System,
    IReadOnlyList<HostDocument.CapabilityPart> Capabilities, IReadOnlyList<HostDocument.ProblemPart> Problems,
    HostDocument.DevicePart? Device, IReadOnlyList<HostDocument.FitPart>? Fit)
{
    public sealed record SystemPart(string Name, string Kernel, int Wsl, string? Container);
    public sealed record CapabilityPart(string Id, string State, string Detail);
    public sealed record ProblemPart(string Id, string Severity, IReadOnlyList<string> Capabilities, string What, string Why, string FixId, string Fix, string Verify);
    public sealed record DevicePart(string Name, double UsableMebibytes, double TotalMebibytes, double? GigabytesPerSecond, double? GigaflopsPerSecond, bool Measured);
    public sealed record FitPart(string Model, double Mebibytes, int LargestContext, double? TokensPerSecond);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HostDocument))]
sealed partial class HostJson : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dum.Host;

/// <summary>The check as JSON, for programs: ids never change with the language.</summary>
public static class HostReportJson
{
    /// <summary>One indented object.</summary>
    public static string Render(HostCheck check) => JsonSerializer.Serialize(
        new HostDocument(
            "dum-check 1",
            check.IsReady,
            new HostDocument.SystemPart(check.System.OsName, check.System.Kernel, check.System.Wsl, check.System.Container),
            [.. check.Capabilities.Select(c => new HostDocument.CapabilityPart(c.Id, Word(c.State), c.Detail))],
            [.. check.Problems.Select(p => new HostDocument.ProblemPart(p.Id, Word(p.Severity), p.Capabilities, p.What, p.Why, p.FixId, p.Fix, p.Verify))]),
        HostJson.Default.HostDocument);

    internal static string Word(Readiness state) => state switch
    {
        Readiness.Ready => "ready",
        Readiness.Limited => "limited",
        Readiness.Blocked => "blocked",
        Readiness.Unknown => "unknown",
        _ => "absent",
    };

    static string Word(Severity severity) => severity switch
    {
        Severity.Block => "block",
        Severity.Unknown => "unknown",
        Severity.Limit => "limit",
        _ => "note",
    };
}

sealed record HostDocument(
    string Format, bool Ready, HostDocument.SystemPart System,
    IReadOnlyList<HostDocument.CapabilityPart> Capabilities, IReadOnlyList<HostDocument.ProblemPart> Problems)
{
    public sealed record SystemPart(string Name, string Kernel, int Wsl, string? Container);
    public sealed record CapabilityPart(string Id, string State, string Detail);
    public sealed record ProblemPart(string Id, string Severity, IReadOnlyList<string> Capabilities, string What, string Why, string FixId, string Fix, string Verify);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HostDocument))]
sealed partial class HostJson : JsonSerializerContext;

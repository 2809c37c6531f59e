using System.Runtime.CompilerServices;
using Dum.Host;

namespace Dum.Tests.Host;

/// <summary>A recorded machine and what must be said of it; both stand in one file under <c>hosts/</c>.</summary>
public sealed record RecordedHost(string Name, string Text, string Expect, IReadOnlyList<string> Problems, string? Fault)
{
    /// <summary>Path of the file, for the tools that read it themselves.</summary>
    public string Path => System.IO.Path.Combine(RecordedHosts.Folder, Name + ".host");

    public override string ToString() => Name;
}

public static class RecordedHosts
{
    public static string Folder { get; } = System.IO.Path.Combine(Here(), "hosts");

    static string Here([CallerFilePath] string path = "") => System.IO.Path.GetDirectoryName(path)!;

    public static string Root { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(Here(), "..", "..", ".."));

    public static IReadOnlyList<RecordedHost> All { get; } = [.. Directory.EnumerateFiles(Folder, "*.host").Order(StringComparer.Ordinal).Select(Load)];

    static RecordedHost Load(string path)
    {
        string text = File.ReadAllText(path);
        string Comment(string key) => text.Split('\n').First(l => l.StartsWith("# " + key + " ", StringComparison.Ordinal))[(key.Length + 3)..];
        string problems = Comment("problems");
        return new RecordedHost(System.IO.Path.GetFileNameWithoutExtension(path), text, Comment("expect"),
            problems == "-" ? [] : problems.Split(' '),
            text.Contains("\n# fault ", StringComparison.Ordinal) ? Comment("fault") : null);
    }

    public static string Verdicts(HostCheck check) =>
        string.Join(' ', check.Capabilities.Select(c => $"{c.Id}={HostReportJson.Word(c.State)}"));
}

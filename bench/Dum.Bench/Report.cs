using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dum.Bench;

/// <summary>The result of a verb: its tables, what was missing, and on what machine, from what command and commit.</summary>
sealed partial class Report(Arguments arguments)
{
    static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly List<Table> _tables = [];
    readonly List<string> _notes = [];

    public void Add(Table table) => _tables.Add(table);

    /// <summary>A sentence below the tables: how it was measured, which peer is missing.</summary>
    public void Note(string text) => _notes.Add(text);

    /// <summary>Prints the result and, where <c>--save</c> asks for it, keeps it under bench/results.</summary>
    public int Finish()
    {
        bool json = arguments.Has("--json");
        string text = json ? ToJson() : ToMarkdown();
        Console.Out.Write(text);
        if (!arguments.Has("--save"))
            return 0;
        string name = $"{DateTime.UtcNow:yyyy-MM-dd}-{NotInNames().Replace(CpuName, "-").Trim('-')}-{arguments.Verb}.{(json ? "json" : "md")}";
        string path = Path.Combine(Root, "bench", "results", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        Console.Error.WriteLine($"saved as bench/results/{name}");
        return 0;
    }

    /// <summary>The folder of the repository.</summary>
    public static string Root { get; } = FindRoot();

    string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"## {arguments.Verb}\n\n    {arguments.Command}\n\n{Machine}\n\n");
        foreach (Table table in _tables)
            text.Append(table.ToMarkdown()).Append('\n');
        foreach (string note in _notes)
            text.Append("- ").Append(note).Append('\n');
        return text.ToString();
    }

    string ToJson() => JsonSerializer.Serialize(
        new { verb = arguments.Verb, command = arguments.Command, machine = Machine, tables = _tables.Select(t => t.ToJson()), notes = _notes }, s_json) + "\n";

    static string Machine => string.Create(CultureInfo.InvariantCulture,
        $"{DateTime.UtcNow:yyyy-MM-dd}, commit {Commit}; {CpuName}, {Environment.ProcessorCount} cores; {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}");

    static string CpuName { get; } =
        (File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() : null)
        ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();

    static string Commit
    {
        get
        {
            try
            {
                string commit = Git("rev-parse", "--short", "HEAD");
                return commit.Length == 0 ? "unknown" : Git("status", "--porcelain", "--untracked-files=no").Length == 0 ? commit : commit + " with changes";
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return "unknown";
            }
        }
    }

    static string Git(params string[] arguments)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = Root, RedirectStandardOutput = true })!;
        string said = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return said;
    }

    static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "40kDUM.slnx")))
                return folder.FullName;
        return Environment.CurrentDirectory;
    }

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex NotInNames();
}

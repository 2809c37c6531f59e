using System.Diagnostics;

namespace Dum.Mind.Tests;

/// <summary>
/// A PostgreSQL server for the tests: the one that DUM_TEST_POSTGRES names (a connection string), else one started from the
/// programs found here, on a folder and a socket of its own, stopped when the tests end.
/// </summary>
static class PostgresServer
{
    static readonly Lazy<string?> s_started = new(Start);
    static int s_schemas;

    /// <summary>Whether the tests can have a server.</summary>
    public static bool IsHere => Environment.GetEnvironmentVariable("DUM_TEST_POSTGRES") is { Length: > 0 } || Programs() is not null;

    /// <summary>A connection string that names a schema nobody has used.</summary>
    public static string NewSchema() => $"{s_started.Value};Search Path=test_{Environment.ProcessId}_{Interlocked.Increment(ref s_schemas)}";

    /// <summary>The folder that holds initdb and postgres.</summary>
    static string? Programs() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(d => Path.Combine(d, "bin")) : [])
        .FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "postgres")));

    static string? Start()
    {
        if (Environment.GetEnvironmentVariable("DUM_TEST_POSTGRES") is { Length: > 0 } given)
            return given.TrimEnd(';');
        string programs = Programs()!, folder = Directory.CreateTempSubdirectory("dum-pg-").FullName, data = Path.Combine(folder, "data");
        // postgres refuses to run as root
        string[] other = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--"] : [];
        if (other.Length > 0)
            Process.Start("chown", ["postgres", folder]).WaitForExit();
        using (Process init = Begin([.. other, Path.Combine(programs, "initdb"), "-D", data, "-U", "dum", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]))
            init.WaitForExit();
        // The shell waits for the end of its input, which comes however the tests end, and takes the server and the folder with it.
        Begin([.. other, "sh", "-c", "\"$@\" & cat >/dev/null; kill -QUIT $!; wait $!; rm -rf \"$0\"", folder,
            Path.Combine(programs, "postgres"), "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=32MB"]);
        for (int i = 0; i < 100 && !File.Exists(Path.Combine(folder, ".s.PGSQL.5432")); i++)
            Thread.Sleep(100);
        return $"Host={folder};Username=dum;Database=postgres";
    }

    static Process Begin(string[] command)
    {
        Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Dum.Host;

/// <summary>Runs a program that may hang, flood, or not exist, and always comes back.</summary>
static class ForeignCommand
{
    /// <summary>Runs it in the C locale; both streams are kept up to <see cref="Scrub.LongestText"/> characters, then it is killed.</summary>
    public static Recorded Run(string program, IReadOnlyList<string> arguments, TimeSpan limit)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["LC_ALL"] = "C";
        start.Environment["LANGUAGE"] = "C";
        // A user's PATH often lacks the system folders where ldconfig, dkms and modinfo live.
        start.Environment["PATH"] = Path();
        Process process;
        try
        {
            start.FileName = Find(program) ?? program;
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            const int PermissionDenied = 13;
            return Recorded.Missing with { State = e.NativeErrorCode == PermissionDenied ? SourceState.Denied : SourceState.Absent };
        }
        catch (IOException)
        {
            return Recorded.Missing;
        }
        using (process)
        {
            process.StandardInput.Close();
            Task<(string Text, bool Cut)> output = Drain(process.StandardOutput), errors = Drain(process.StandardError);
            long deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
            // A flood ends the reading before the program ends; a child that keeps the pipe open must not hold us either.
            int first = Task.WaitAny([output, errors], limit);
            if (first >= 0 && (first == 0 ? output : errors).Result.Cut)
                Kill(process);
            bool drained = Task.WaitAll([output, errors], Left());
            bool cut = drained && (output.Result.Cut || errors.Result.Cut);
            bool ended = !cut && drained && process.WaitForExit(Left());
            if (!ended)
                Kill(process);
            if (!drained)
                return new Recorded("", SourceState.TimedOut);
            string text = output.Result.Text;
            if (errors.Result.Text.Length > 0)
                text += (text.Length > 0 && !text.EndsWith('\n') ? "\n" : "") + errors.Result.Text;
            return new Recorded(Scrub.Clean(text).TrimEnd('\n'), ended || cut ? SourceState.Present : SourceState.TimedOut, ended ? process.ExitCode : null, cut);

            TimeSpan Left() => TimeSpan.FromMilliseconds(Math.Max(1, deadline - Environment.TickCount64));
        }
    }

    static async Task<(string, bool)> Drain(StreamReader reader)
    {
        var buffer = new char[8192];
        var text = new StringBuilder();
        int read;
        while ((read = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            text.Append(buffer, 0, read);
            if (text.Length > Scrub.LongestText)
                return (text.ToString(0, Scrub.LongestText), true);
        }
        return (text.ToString(), false);
    }

    static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself in the meantime, or belongs to someone else; either way there is nothing left to do.
        }
    }

    static string Path() => Environment.GetEnvironmentVariable("PATH") + ":/usr/local/sbin:/usr/sbin:/sbin:/usr/lib/wsl/lib:/opt/rocm/bin:/usr/local/cuda/bin";

    static string? Find(string program) =>
        Path().Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => System.IO.Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}

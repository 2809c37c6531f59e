using System.ComponentModel;
using System.Diagnostics;
using Dum.Folding;

namespace Dum.App.Views;

/// <summary>Runs the compressors that are installed over the same bytes, to their strongest usual setting.</summary>
static class PeerCompressor
{
    static readonly (string Name, string Program, string[] Arguments)[] s_known =
    [
        ("xz -9e", "xz", ["-9e", "-c", "-T1"]),
        ("zstd -19", "zstd", ["-19", "-c", "-q", "-T1"]),
    ];

    public static IReadOnlyList<PeerSize> Measure(IReadOnlyList<FoldInput> inputs, CancellationToken cancel)
    {
        var sizes = new List<PeerSize>();
        foreach ((string name, string program, string[] arguments) in s_known)
            if (Run(program, arguments, inputs, cancel) is var (bytes, seconds))
                sizes.Add(new PeerSize(name, bytes, seconds));
        return sizes;
    }

    /// <summary>Compressed size of all inputs as one stream; null when the program is not there or fails.</summary>
    static (long Bytes, double Seconds)? Run(string program, string[] arguments, IReadOnlyList<FoldInput> inputs, CancellationToken cancel)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            var clock = Stopwatch.StartNew();
            using Process process = Process.Start(start)!;
            using CancellationTokenRegistration stop = cancel.Register(() => process.Kill());
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            Task<long> size = Task.Run(() => Count(process.StandardOutput.BaseStream), CancellationToken.None);
            using (Stream to = process.StandardInput.BaseStream)
                foreach (FoldInput input in inputs.Where(i => i.Document.Kind == DocumentKind.File))
                {
                    using FileStream from = File.OpenRead(input.Path);
                    from.CopyTo(to);
                }
            process.WaitForExit();
            cancel.ThrowIfCancellationRequested();
            return process.ExitCode == 0 ? (size.Result, clock.Elapsed.TotalSeconds) : null;
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }
    }

    static long Count(Stream stream)
    {
        var buffer = new byte[1 << 16];
        long total = 0;
        for (int read; (read = stream.Read(buffer)) > 0;)
            total += read;
        return total;
    }
}

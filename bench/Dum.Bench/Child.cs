using System.ComponentModel;
using System.Diagnostics;

namespace Dum.Bench;

/// <summary>Runs other programs and measures the processor time of each as a whole. One at a time.</summary>
static class Child
{
    /// <summary>What a program wrote to standard output, and its processor time; null when it is not there or fails.</summary>
    public static (byte[] Output, double Seconds)? Run(string program, params IEnumerable<string> arguments) =>
        Run(new ProcessStartInfo(program, arguments));

    /// <summary>The same with a folder or an environment of its own.</summary>
    public static (byte[] Output, double Seconds)? Run(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        try
        {
            double before = Cpu.OfChildren;
            using Process process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            using var output = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(output);
            process.WaitForExit();
            return process.ExitCode == 0 ? (output.ToArray(), Cpu.OfChildren - before) : null;
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return null;
        }
    }
}

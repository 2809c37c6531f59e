using System.ComponentModel;
using System.Diagnostics;

namespace Dum.Bench;

/// <summary>Runs other programs and measures the processor time of each as a whole. One at a time.</summary>
static class Child
{
    /// <summary>What a program wrote to standard output, and its processor time; null when it is not there or fails.</summary>
    public static (byte[] Output, double Seconds)? Run(string program, params IEnumerable<string> arguments)
    {
        try
        {
            double before = Cpu.OfChildren;
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
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

using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Dum.Bench;

/// <summary>
/// Processor time, of this process or of the children it has waited for. On a machine that does other work too, the
/// clock on the wall measures that work; processor time does not.
/// </summary>
static partial class Cpu
{
    const int Children = -1, UsageBytes = 256;

    /// <summary>Seconds of processor time spent by all threads of this process.</summary>
    public static double Self => Environment.CpuUsage.TotalTime.TotalSeconds;

    /// <summary>True where the processor time of children can be told; elsewhere their time on the wall stands in for it.</summary>
    public static bool KnowsChildren { get; } = !OperatingSystem.IsWindows();

    /// <summary>Seconds of processor time spent by children that have ended.</summary>
    public static double OfChildren
    {
        get
        {
            if (!KnowsChildren)
                return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
            // struct rusage starts with two times (user, system) of two machine words each: seconds and microseconds.
            Span<long> usage = stackalloc long[UsageBytes / sizeof(long)];
            usage.Clear();
            if (GetUsage(Children, ref MemoryMarshal.GetReference(usage)) != 0)
                throw new InvalidOperationException("the system does not say how much time the children took");
            return usage[0] + usage[2] + ((int)usage[1] + (int)usage[3]) / 1e6;
        }
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetUsage(int who, ref long usage);
}

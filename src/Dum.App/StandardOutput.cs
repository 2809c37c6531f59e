using Microsoft.Win32.SafeHandles;

namespace Dum.App;

/// <summary>Where results go.</summary>
static class StandardOutput
{
    /// <summary>
    /// Standard output, for what may be long. Behind a pipe whose reader has gone a write fails, and the program ends as others
    /// do; the console's own stream would say nothing and let it write for ever.
    /// </summary>
    public static Stream Open()
    {
        if (!OperatingSystem.IsWindows())
            try
            {
                var direct = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, 0);
                // A file that several programs write to in turn has one place, which only the console's stream keeps up.
                if (!direct.CanSeek)
                    return direct;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // Closed from the beginning: what is written goes nowhere.
            }
        return Console.OpenStandardOutput();
    }
}

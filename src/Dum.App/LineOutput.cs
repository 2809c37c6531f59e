using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Dum.App;

/// <summary>
/// Lines to standard output that notice when nobody reads on, so that an endless input ends with its reader
/// (<c>sensor | dum … | head</c>). The console's own stream swallows that, and the work would go on for nothing.
/// </summary>
sealed class LineOutput : IDisposable
{
    // EPIPE, which is 32 wherever there are pipes of this kind.
    const int BrokenPipe = 32;

    readonly StreamWriter _to;

    /// <param name="live">Whether somebody may be waiting for each line.</param>
    public LineOutput(bool live) => _to = new StreamWriter(Open(), new UTF8Encoding(false), 1 << 14) { AutoFlush = live };

    /// <summary>True once the reader has gone; then lines go nowhere.</summary>
    public bool Closed { get; private set; }

    /// <summary>Writes a line.</summary>
    /// <exception cref="IOException">It cannot be written, for another reason than that nobody reads.</exception>
    public void WriteLine(string line) => Try(() => _to.WriteLine(line));

    /// <summary>Writes what is left.</summary>
    public void Dispose() => Try(_to.Dispose);

    void Try(Action write)
    {
        if (Closed)
            return;
        try
        {
            write();
        }
        catch (IOException e) when (e.HResult == BrokenPipe)
        {
            Closed = true;
        }
    }

    static Stream Open()
    {
        // A file keeps its place with the console's stream; this one would not share it with the command that comes after.
        if (!OperatingSystem.IsWindows() && new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, 0) is { CanSeek: false } pipe)
            return pipe;
        return Console.OpenStandardOutput();
    }
}

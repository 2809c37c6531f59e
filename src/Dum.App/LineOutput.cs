using System.Text;

namespace Dum.App;

/// <summary>
/// Lines to standard output that notice when nobody reads on, so that an endless input ends with its reader
/// (<c>sensor | dum … | head</c>). The console's own stream swallows that, and the work would go on for nothing.
/// </summary>
sealed class LineOutput : IDisposable
{
    readonly StreamWriter _to;

    /// <param name="live">Whether somebody may be waiting for each line.</param>
    public LineOutput(bool live) => _to = new StreamWriter(StandardOutput.Open(), new UTF8Encoding(false), 1 << 14) { AutoFlush = live };

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
        catch (IOException e) when (e.HResult == Cli.BrokenPipe)
        {
            Closed = true;
        }
    }
}

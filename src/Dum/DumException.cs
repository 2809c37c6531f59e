namespace Dum;

/// <summary>
/// A failure the user can act on: what is wrong and what to do, in one line.
/// The command prints <see cref="Exception.Message"/> and exits with 2 (bad input) or 3 (missing resource).
/// </summary>
public sealed class DumException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Process exit code: 2 for bad input, 3 for a missing resource.</summary>
    public int ExitCode { get; init; } = 2;
}

namespace Dum.Host;

/// <summary>How much a problem matters.</summary>
public enum Severity
{
    /// <summary>Works, and there is something to know.</summary>
    Note,
    /// <summary>Works with limits.</summary>
    Limit,
    /// <summary>Nothing can be said: an answer is missing or unreadable.</summary>
    Unknown,
    /// <summary>Does not work.</summary>
    Block,
}

/// <summary>One thing that is wrong: what, why, the command that mends it on this very system, and how to verify the mend.</summary>
/// <param name="Id">Stable name, the same in both tools: <c>nvidia.driver-old</c>.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Capabilities">What it blocks or limits: <c>cpu-infer</c>, <c>cpu-train</c>, <c>nvidia</c>, <c>amd</c>, <c>docker</c>.</param>
/// <param name="What">One sentence.</param>
/// <param name="Why">One sentence.</param>
/// <param name="FixId">The recipe behind <paramref name="Fix"/>, for instance <c>install.open</c>.</param>
/// <param name="Fix">A shell command; begins with '#' when no command can do it.</param>
/// <param name="Verify">A shell command.</param>
public sealed record HostProblem(
    string Id, Severity Severity, IReadOnlyList<string> Capabilities, string What, string Why, string FixId, string Fix, string Verify)
{
    internal int Rank { get; init; }
}

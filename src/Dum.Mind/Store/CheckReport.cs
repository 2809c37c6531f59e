namespace Dum.Mind.Store;

/// <summary>Whether a memory still holds what was put into it.</summary>
/// <param name="Exact">Files that came back to the byte.</param>
/// <param name="Forgotten">Files of which something was forgotten on purpose, and the rest came back exactly.</param>
/// <param name="Broken">Files that did not come back.</param>
/// <param name="Unreadable">Conversations whose words cannot be read.</param>
/// <param name="Fault">What the database says is wrong with its own file; null when nothing is.</param>
public sealed record CheckReport(int Exact, IReadOnlyList<string> Forgotten, IReadOnlyList<string> Broken, IReadOnlyList<long> Unreadable, string? Fault)
{
    /// <summary>True when nothing is damaged; what was forgotten is no damage.</summary>
    public bool IsSound => Broken.Count == 0 && Unreadable.Count == 0 && Fault is null;
}

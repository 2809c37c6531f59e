using Dum.Mind.Store;

namespace Dum.Mind.Upkeep;

/// <summary>What was saved of a damaged memory.</summary>
/// <param name="Conversations">Conversations saved.</param>
/// <param name="Reread">Those of them whose words were read anew from the original.</param>
/// <param name="Lost">Conversations known by name of which nothing can be read.</param>
/// <param name="LostPieces">Pieces of originals that cannot be read.</param>
/// <param name="LostBytes">Their bytes.</param>
/// <param name="Check">The new memory, checked: files with a lost piece are broken, and the next import of such a file mends it.</param>
public sealed record RepairReport(long Conversations, long Reread, long Lost, long LostPieces, long LostBytes, CheckReport Check)
{
    /// <summary>True when all of it was saved.</summary>
    public bool IsWhole => Lost == 0 && LostPieces == 0 && Check.IsSound;
}

using Dum.Mind.Turns;

namespace Dum.Mind.Store;

/// <summary>
/// Which of two states of a conversation is the older one, by evidence in this order: times of the last change, where both are known
/// with their zone; the ids of the turns, where one state has all of the other's and more; the number of turns. Nothing of that: the
/// one that is given now is the newer.
/// </summary>
static class Succession
{
    /// <param name="given">The state that has just been read.</param>
    /// <param name="updated">When the known state was last changed, in milliseconds since 1970; 0 when not known for certain.</param>
    /// <param name="known">Reads the turns of the known state; asked for only when the times do not decide.</param>
    public static bool IsOlder(Chat given, long updated, Func<IReadOnlyList<Turn>> known)
    {
        if (given.Updated > 0 && updated > 0 && given.Updated != updated)
            return given.Updated < updated;
        IReadOnlyList<Turn> turns = known();
        HashSet<string> old = Ids(turns), now = Ids(given.Turns);
        if (old.Count > 0 && now.Count > 0)
        {
            if (now.IsProperSubsetOf(old))
                return true;
            if (old.IsProperSubsetOf(now))
                return false;
        }
        return given.Turns.Count < turns.Count;
    }

    static HashSet<string> Ids(IReadOnlyList<Turn> turns) => [.. turns.Select(t => t.Id).Where(id => id.Length > 0)];
}

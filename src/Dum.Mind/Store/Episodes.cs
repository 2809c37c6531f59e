using Dum.Mind.Turns;

namespace Dum.Mind.Store;

/// <summary>Where episodes begin: a sitting ends with a long silence, or when it has grown too long to be one.</summary>
static class Episodes
{
    /// <summary>A silence of so many milliseconds ends an episode.</summary>
    const long Silence = 4 * 3600_000L;

    /// <summary>No episode holds more turns.</summary>
    const int MostTurns = 64;

    /// <summary>The first turn of every episode.</summary>
    public static List<int> Starts(IReadOnlyList<Turn> turns)
    {
        var starts = new List<int>();
        for (int i = 0; i < turns.Count; i++)
            if (i == 0 || i - starts[^1] >= MostTurns || (turns[i].Time > 0 && turns[i - 1].Time > 0 && Math.Abs(turns[i].Time - turns[i - 1].Time) > Silence))
                starts.Add(i);
        return starts;
    }
}

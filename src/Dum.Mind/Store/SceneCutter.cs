using Dum.Mind.Turns;
using Dum.Mind.Words;

namespace Dum.Mind.Store;

/// <summary>
/// Where scenes begin within an episode: where the words of the turns after share the least with those before (TextTiling,
/// Hearst 1997, over stems, in whole numbers). Worked out from the turns whenever asked for, so nothing of it is stored.
/// </summary>
static class SceneCutter
{
    /// <summary>Turns on each side of a seam that are compared.</summary>
    const int Window = 3;

    /// <summary>No scene holds more turns, and none but the last fewer.</summary>
    const int MostTurns = 12, LeastTurns = 2;

    /// <summary>A silence of so many milliseconds ends a scene.</summary>
    const long Silence = 30 * 60_000L;

    /// <summary>The first turn of every scene; the first is 0.</summary>
    public static List<int> Starts(ReadOnlySpan<Turn> turns)
    {
        var words = new HashSet<ulong>[turns.Length];
        for (int i = 0; i < turns.Length; i++)
            words[i] = WordsOf(turns[i].Text);
        var shared = new int[turns.Length];
        for (int i = 1; i < turns.Length; i++)
            shared[i] = Shared(words, i);
        var starts = new List<int>();
        for (int i = 0; i < turns.Length; i++)
            if (i == 0 || (turns[i].Time > 0 && turns[i - 1].Time > 0 && Math.Abs(turns[i].Time - turns[i - 1].Time) > Silence)
                || (i - starts[^1] >= LeastTurns && turns.Length - i >= LeastTurns && !IsAnswer(turns[i]) && IsValley(shared, i)))
                starts.Add(i);
            else if (i - starts[^1] >= MostTurns)
                starts.Add(Weakest(shared, starts[^1] + LeastTurns, i));
        return starts;
    }

    // An answer stays with its question.
    static bool IsAnswer(Turn turn) => turn.Role is TurnRole.Assistant or TurnRole.Tool;

    /// <summary>Lower than on both sides, and by a half of the higher one.</summary>
    static bool IsValley(int[] shared, int at)
    {
        int left = at > 1 ? shared[at - 1] : shared[at], right = at + 1 < shared.Length ? shared[at + 1] : shared[at];
        return shared[at] <= left && shared[at] <= right && 2 * shared[at] <= Math.Max(left, right) && Math.Max(left, right) > 0;
    }

    static int Weakest(int[] shared, int from, int to)
    {
        int best = from;
        for (int i = from + 1; i <= to; i++)
            if (shared[i] <= shared[best])
                best = i;
        return best;
    }

    /// <summary>Stems on both sides of a seam, in thousandths of the smaller side.</summary>
    static int Shared(HashSet<ulong>[] words, int at)
    {
        var before = new HashSet<ulong>();
        var after = new HashSet<ulong>();
        for (int i = Math.Max(0, at - Window); i < at; i++)
            before.UnionWith(words[i]);
        for (int i = at; i < Math.Min(words.Length, at + Window); i++)
            after.UnionWith(words[i]);
        int smaller = Math.Min(before.Count, after.Count);
        before.IntersectWith(after);
        return smaller == 0 ? 0 : 1000 * before.Count / smaller;
    }

    static HashSet<ulong> WordsOf(string text)
    {
        var words = new HashSet<ulong>();
        var reader = new TermReader(text);
        while (reader.Next())
            if (reader.IsTerm)
                words.Add(reader.Stem);
        return words;
    }
}

using System.Globalization;
using Dum.Mind.Search;

namespace Dum.Bench;

/// <summary>Tries weights of ranking one after the other on the conversations meant for it, and prints the best.</summary>
static class RecallSweep
{
    public static int Run(List<RecallData> talks)
    {
        RankSettings best = RankSettings.Default;
        double score = Score(talks, best);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{score:0.000} {best}"));
        for (bool better = true; better;)
        {
            better = false;
            foreach (RankSettings next in Near(best))
            {
                double s = Score(talks, next);
                if (s <= score + 0.02)
                    continue;
                (best, score, better) = (next, s, true);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{score:0.000} {best}"));
            }
        }
        return 0;
    }

    static IEnumerable<RankSettings> Near(RankSettings s)
    {
        foreach (float f in (float[])[0.5f, 0.8f, 1.25f, 2f])
        {
            yield return s with { K1 = s.K1 * f };
            yield return s with { B = Math.Min(1, s.B * f) };
            yield return s with { Before = s.Before * f };
            yield return s with { Before2 = s.Before2 * f };
            yield return s with { After = s.After * f };
            yield return s with { After2 = s.After2 * f };
            yield return s with { Episode = s.Episode * f };
            yield return s with { Speaker = s.Speaker * f };
            yield return s with { Focus = Math.Min(1, 1 - (1 - s.Focus) * f) };
            yield return s with { NameInText = s.NameInText * f };
            yield return s with { Length = s.Length * f };
            yield return s with { Spread = s.Spread * f };
            yield return s with { Time = s.Time * f };
        }
    }

    // Recall at 10 over all, the hard kinds a little heavier.
    static double Score(List<RecallData> talks, RankSettings settings)
    {
        (double sum, double weight) = (0, 0);
        foreach (RecallData talk in talks)
        {
            talk.Memory.Use(settings);
            foreach (AskedQuestion q in talk.Questions)
            {
                double w = q.Category == 5 ? 0.7 : 1;
                long[] found = talk.Search(q.Text, 20, out _);
                sum += w * (0.7 * RecallBench.Found(found, q.Evidence, 10) + 0.15 * RecallBench.Found(found, q.Evidence, 5) + 0.15 * RecallBench.Found(found, q.Evidence, 20));
                weight += w;
            }
        }
        return 100 * sum / weight;
    }
}

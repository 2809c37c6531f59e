using System.Globalization;
using Dum.Mind.Search;

namespace Dum.Bench;

/// <summary>Tries weights of ranking one after the other on the conversations meant for it, and prints the best.</summary>
static class RecallSweep
{
    public static int Run(List<RecallData> talks, bool confidenceOnly)
    {
        RankSettings best = RankSettings.Default;
        double score = Score(talks, best);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{score:0.000} {best}"));
        for (bool better = !confidenceOnly; better;)
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
        FitConfidence(talks);
        return 0;
    }

    /// <summary>Prints the logistic curve of coverage that tells a conversation's own questions from those of the next one.</summary>
    static void FitConfidence(List<RecallData> talks)
    {
        var asked = new List<(double Coverage, int IsOwn)>();
        for (int t = 0; t < talks.Count; t++)
            foreach (AskedQuestion q in talks[t].Questions)
            {
                talks[t].Memory.Use(RankSettings.Default);
                talks[t].Search(q.Text, 10, out float own);
                talks[(t + 1) % talks.Count].Search(q.Text, 10, out float other);
                asked.AddRange([(own, 1), (other, 0)]);
            }
        (double slope, double offset) = (10, -3);
        for (int i = 0; i < 200_000; i++)
        {
            (double bySlope, double byOffset) = (0, 0);
            foreach ((double coverage, int isOwn) in asked)
            {
                double wrong = isOwn - 1 / (1 + Math.Exp(-(slope * coverage + offset)));
                (bySlope, byOffset) = (bySlope + wrong * coverage, byOffset + wrong);
            }
            (slope, offset) = (slope + 20 * bySlope / asked.Count, offset + 20 * byOffset / asked.Count);
            if (Math.Abs(bySlope) + Math.Abs(byOffset) < 1e-6 * asked.Count)
                break;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"confidence = 1 / (1 + exp(-({slope:0.00} * coverage + {offset:0.00})))"));
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
            yield return s with { Recency = s.Recency * f };
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

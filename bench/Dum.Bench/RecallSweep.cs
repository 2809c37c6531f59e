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

    /// <summary>
    /// Prints the logistic curve of how well a question fits that tells a conversation's own questions from those without an answer in it: the
    /// questions of the next conversation, and its own with a word that nobody said, or a time long before, put into them.
    /// </summary>
    static void FitConfidence(List<RecallData> talks)
    {
        var asked = new List<(double[] Features, int IsOwn, double Weight)>();
        for (int t = 0; t < talks.Count; t++)
            foreach (AskedQuestion q in talks[t].Questions)
            {
                Add(talks[t], q.Text, 1, 1);
                Add(talks[(t + 1) % talks.Count], q.Text, 0, 1);
                Add(talks[t], RecallBench.WithUnsaid(q.Text), 0, Rare);
                Add(talks[t], q.Text + RecallBench.LongBefore, 0, Rare);
            }
        var weights = new double[4];
        for (int i = 0; i < 200_000; i++)
        {
            var slopes = new double[4];
            foreach ((double[] features, int isOwn, double weight) in asked)
            {
                double wrong = weight * (isOwn - 1 / (1 + Math.Exp(-Dot(weights, features))));
                for (int k = 0; k < slopes.Length; k++)
                    slopes[k] += wrong * features[k];
            }
            for (int k = 0; k < slopes.Length; k++)
                weights[k] += 10 * slopes[k] / asked.Count;
            if (slopes.Sum(Math.Abs) < 1e-5 * asked.Count)
                break;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"confidence = 1 / (1 + exp(-({weights[0]:0.00} + {weights[1]:0.00} * coverage + {weights[2]:0.00} * missing + {weights[3]:0.00} * time empty)))"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"missing > 0: own {asked.Count(a => a.IsOwn == 1 && a.Features[2] > 0)}, other {asked.Count(a => a.IsOwn == 0 && a.Features[2] > 0)}; time empty: own {asked.Count(a => a.IsOwn == 1 && a.Features[3] > 0)}, other {asked.Count(a => a.IsOwn == 0 && a.Features[3] > 0)}"));

        void Add(RecallData talk, string question, int isOwn, double weight)
        {
            // a sweep leaves the weights that it tried last
            talk.Memory.Use(RankSettings.Default);
            talk.Search(question, 10, out Fit fit);
            asked.Add(([1, fit.Coverage, fit.Missing, fit.IsTimeEmpty ? 1 : 0], isOwn, weight));
        }
    }

    /// <summary>What a question made by hand counts beside one that was asked.</summary>
    const double Rare = 0.05;

    static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++)
            sum += a[k] * b[k];
        return sum;
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

using Dum.Numerics;
using Dum.Rhythm.Series;
using static Dum.Bench.Rhythm.Draw;

namespace Dum.Bench.Rhythm;

/// <summary>Japanese vowels: nine speakers by two vowels, 270 sequences to learn from, 370 to name.</summary>
static class VowelTask
{
    const int Folds = 10;

    public static PredictorOptions Tuned { get; } = SequenceClassifier.Default(12);

    public const int Parts = 4;

    public static int Errors(PredictorOptions o, int parts, ulong seed)
    {
        SequenceClassifier c = SequenceClassifier.Learn(LabelledSequence.ReadFile(SeriesData.Require("JapaneseVowels_TRAIN.ts")), o, parts, seed);
        return LabelledSequence.ReadFile(SeriesData.Require("JapaneseVowels_TEST.ts")).Count(s => c.Classify(s).Label != s.Label);
    }

    /// <summary>Random parameters by cross-validation on the training sequences alone.</summary>
    public static void Search(int draws)
    {
        List<LabelledSequence> all = LabelledSequence.ReadFile(SeriesData.Require("JapaneseVowels_TRAIN.ts"));
        double best = double.PositiveInfinity;
        for (int i = -1; i < draws; i++)
        {
            var p = new Philox((ulong)i + 77, 0x564F57);
            int parts = i < 0 ? Parts : 1 + (int)(p.Unit(0, 0, 0) * 5);
            PredictorOptions o = i < 0 ? Tuned : new()
            {
                Echo = 1 + (int)(p.Unit(1, 0, 0) * 4),
                Damping = Log(p, 2, 0.05, 1),
                FirstDelay = 1,
                Delays = (int)(p.Unit(3, 0, 0) * 5),
                Resonances = (int)Log(p, 4, 20, 200),
                Ridge = Log(p, 5, 1e-6, 1e-1),
                Tuning = new() { Ears = 1 + (int)(p.Unit(6, 0, 0) * 8), Strength = Log(p, 7, 0.1, 2), Damping = Log(p, 8, 0.2, 4), DampingSpread = p.Unit(9, 0, 0), Spread = Log(p, 10, 0.1, 3) },
            };
            // Errors first; among as many, the smaller squared error.
            double score = 0;
            for (ulong seed = 1; seed <= 2; seed++)
                for (int f = 0; f < Folds; f++)
                {
                    SequenceClassifier c = SequenceClassifier.Learn([.. all.Where((_, k) => k % Folds != f)], o, parts, seed);
                    foreach (LabelledSequence s in all.Where((_, k) => k % Folds == f))
                    {
                        (string label, double[] scores) = c.Classify(s);
                        score += (label != s.Label ? 1 : 0) + (scores.Select((v, k) => (v - (c.Labels[k] == s.Label ? 1 : 0)) * (v - (c.Labels[k] == s.Label ? 1 : 0))).Sum() / 50);
                    }
                }
            if (score < best)
            {
                best = score;
                Console.Out.WriteLine($"{i} {score:0.000} parts {parts} {o}");
            }
        }
    }
}

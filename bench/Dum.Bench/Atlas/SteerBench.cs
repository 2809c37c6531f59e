using Dum.Hypersymbols;
using Dum.Lexicon;
using Dum.Models;
using Dum.Numerics;
using Dum.Training;

namespace Dum.Bench;

/// <summary>How far exciting a hypersymbol moves what a model writes, beside strength 0 and beside another code excited instead.</summary>
static class SteerBench
{
    const int Codes = 24, Neighbours = 10, Prompts = 8, PromptLength = 32;
    const uint Domain = 75;

    static readonly double[] s_strengths = [1, 3, 6];

    public static void Run(LanguageModel model, Atlas atlas, IReadOnlyList<LexiconSource> texts, int tokens, Report report)
    {
        Shard text = Shard.Read(texts, model.Lexicon!.Vocabulary, null, default);
        var random = new Philox(1, Domain);
        int[][] prompts = [.. Enumerable.Range(0, Prompts).Select(i => text.Ids.Slice((int)(random.Unit(0, 0, (uint)i) * (text.Ids.Length - PromptLength)), PromptLength).ToArray())];
        int[] targets = Draw(1), others = Draw(2);
        using var tagger = new SceneTagger(atlas, model, Environment.ProcessorCount);
        List<int> plain = Written(0, 0);
        var table = new Table($"{Codes} codes drawn at random, {Prompts} prompts from held-out text, {tokens} hyperwords each: share of written scenes with the code or one of its {Neighbours} neighbours, %",
            ("strength", "0"), ("excited", "0.00"), ("another code excited", "0.00"), ("not excited", "0.00"), ("codes that rose above both", "0"), ("scenes of the code itself, %", "0.00"), ("itself when not excited, %", "0.00"));
        foreach (double strength in s_strengths)
        {
            double[] own = new double[Codes], placebo = new double[Codes], none = new double[Codes], exact = new double[Codes], exactNone = new double[Codes];
            for (int i = 0; i < Codes; i++)
            {
                HashSet<int> near = [targets[i], .. atlas.Neighbours(targets[i], Neighbours).Select(n => n.Code)];
                List<int> led = Written(targets[i], strength);
                own[i] = Share(led, near);
                exact[i] = Share(led, [targets[i]]);
                placebo[i] = Share(Written(others[i], strength), near);
                (none[i], exactNone[i]) = (Share(plain, near), Share(plain, [targets[i]]));
            }
            Console.Error.WriteLine($"strength {strength}");
            table.Add(strength, 100 * own.Average(), 100 * placebo.Average(), 100 * none.Average(), Enumerable.Range(0, Codes).Count(i => own[i] > placebo[i] && own[i] > none[i]), 100 * exact.Average(), 100 * exactNone.Average());
        }
        report.Add(table);

        int[] Draw(uint layer)
        {
            var drawn = new List<int>();
            for (uint i = 0; drawn.Count < Codes; i++)
                if ((int)(random.Unit(layer, 0, i) * atlas.Symbols.Count) is var code && !drawn.Contains(code))
                    drawn.Add(code);
            return [.. drawn];
        }

        List<int> Written(int code, double strength)
        {
            using LanguageSession session = model.NewSession();
            Steering.Excite(session, atlas, code, strength);
            var sampler = new Sampler(new SamplingOptions());
            int[] sequences = [.. prompts.Select(_ => session.Open(PromptLength + tokens + 1))];
            List<int>[] ids = [.. prompts.Select(p => p.ToList())];
            var next = new int[Prompts];
            for (int s = 0; s < Prompts; s++)
                next[s] = sampler.Next(session.Append(sequences[s], prompts[s]), [], s, 0);
            for (int step = 1; step <= tokens; step++)
            {
                for (int s = 0; s < Prompts; s++)
                    ids[s].Add(next[s]);
                if (step == tokens)
                    break;
                session.Step(sequences, next);
                for (int s = 0; s < Prompts; s++)
                    next[s] = sampler.Next(session.Logits(s), [], s, step);
            }
            var codes = new List<int>();
            foreach (List<int> written in ids)
            {
                // What closes a document is no text; a scene that the prompt began is not the model's.
                int[] words = [.. written.Where(id => id < model.Vocabulary - 1)];
                int prompt = written.Take(PromptLength).Count(id => id < model.Vocabulary - 1);
                codes.AddRange(tagger.Tags(words).Where(t => t.Scene.First >= prompt).SkipLast(1).Select(t => t.Code));
            }
            return codes;
        }
    }

    static double Share(List<int> codes, HashSet<int> near) => codes.Count == 0 ? 0 : (double)codes.Count(near.Contains) / codes.Count;
}

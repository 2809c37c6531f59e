using Dum.Hypersymbols;
using Dum.Lexicon;
using Dum.Models;
using Dum.Numerics;

namespace Dum.Bench;

/// <summary>Vectors of scenes, their preparation, and ways to make codes of them, beside each other on the same scenes.</summary>
static class CodeComparison
{
    /// <summary>Scenes that two seeds are compared on.</summary>
    const int Compared = 20_000;

    public static void Run(LanguageModel model, IReadOnlyList<LexiconSource> texts, AtlasOptions options, Report report)
    {
        SceneSample sample = SceneSample.Read(model, texts, options.Scenes, options.Seed, options.Threads, null, CancellationToken.None);
        using var pool = new WorkerPool(options.Threads);
        var table = new Table($"Codes over {sample.Count} scenes; use, perplexity, names and agreement on scenes held back",
            ("vectors and codes", ""), ("used, %", "0.0"), ("perplexity", "0"), ("distortion, share of variance", "0.000"), ("agreement of two seeds (AMI)", "0.000"), ("scenes with a word of their name, %", "0.0"), ("same for shuffled codes, %", "0.0"));
        foreach ((string name, SceneSpaceOptions space) in new (string, SceneSpaceOptions)[]
        {
            ("content, principal directions as they are", new() { Whiten = 0 }),
            ("content, half whitened", new() { Whiten = 0.5 }),
            ("content, whitened", new() { Whiten = 1 }),
            ("content, half whitened, top 2 left out", new() { Whiten = 0.5, Drop = 2 }),
            ("thought, half whitened", new() { Content = false, Whiten = 0.5 }),
        })
        {
            AtlasOptions with = options with { Space = space };
            using SceneCodes first = SceneCodes.Learn(sample, with, pool, null, default), second = SceneCodes.Learn(sample, with with { Seed = options.Seed + 1 }, pool, null, default);
            Row(name + ", k-means", first.Codes, second.Codes, options.Codes, first.Distortion / Variance(first.Points, first.Learned), first.Learned);
        }
        using SceneCodes half = SceneCodes.Learn(sample, options, pool, null, default);
        double variance = Variance(half.Points, half.Learned);
        foreach ((int parts, int each, bool read) in new[] { (2, 32, false), (4, 256, true) })
        {
            (int[] first, double distortion) = ProductQuantiser.Codes(half.Points, half.Learned, parts, each, read ? options.Codes : 0, options.Seed, options.Rounds, pool);
            (int[] second, _) = ProductQuantiser.Codes(half.Points, half.Learned, parts, each, read ? options.Codes : 0, options.Seed + 1, options.Rounds, pool);
            Row($"content, half whitened, product {parts} × {each}" + (read ? $" read out to {options.Codes}" : ""), first, second, read ? options.Codes : (int)Math.Pow(each, parts), distortion / variance, half.Learned);
        }
        report.Add(table);

        void Row(string name, int[] codes, int[] other, int count, double distortion, int learned)
        {
            Console.Error.WriteLine(name);
            CodeUse use = CodeUse.Of(codes.Skip(learned), count);
            int from = Math.Max(0, codes.Length - Compared);
            int[] shuffled = Shuffled(codes, options.Seed);
            table.Add(name, 100.0 * use.Used / count, use.Perplexity, distortion, MutualInformation.Adjusted(codes.AsSpan(from), other.AsSpan(from)),
                100 * Named(model.Lexicon!.Vocabulary, sample, codes, count, learned), 100 * Named(model.Lexicon!.Vocabulary, sample, shuffled, count, learned));
        }
    }

    static double Variance(Block points, int rows)
    {
        double square = 0;
        var mean = new double[points.Columns];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < points.Columns; c++)
            {
                square += (double)points.Row(r)[c] * points.Row(r)[c] / rows;
                mean[c] += (double)points.Row(r)[c] / rows;
            }
        return square - mean.Sum(m => m * m);
    }

    /// <summary>Names from the scenes learned from; the share of those held back that hold a word of their code's name.</summary>
    static double Named(Vocabulary vocabulary, SceneSample sample, int[] codes, int count, int learned)
    {
        var names = new SceneNames(count);
        List<string>[] words = [.. SceneCodes.Ordered(sample).SelectMany(s => s.Vectors.Scenes.Select(scene => SceneWords.Of(SceneWords.Raw(vocabulary, SceneWords.Ids(s, scene)))))];
        for (int i = 0; i < learned; i++)
            names.Add(codes[i], words[i]);
        HashSet<string>[] sets = [.. names.All(_ => "", Enumerable.Range(0, count)).Select(n => $"{n.English} · {n.Russian}".Split(" · ").ToHashSet())];
        return Enumerable.Range(learned, codes.Length - learned).Average(i => words[i].Exists(sets[codes[i]].Contains) ? 1.0 : 0);
    }

    static int[] Shuffled(int[] codes, ulong seed)
    {
        int[] mixed = [.. codes];
        var random = new Philox(seed, 71);
        for (int i = mixed.Length - 1; i > 0; i--)
        {
            int j = (int)(random.Unit(0, 0, (uint)i) * (i + 1));
            (mixed[i], mixed[j]) = (mixed[j], mixed[i]);
        }
        return mixed;
    }
}

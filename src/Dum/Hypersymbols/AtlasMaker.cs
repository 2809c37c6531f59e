using Dum.Lexicon;
using Dum.Models;
using Dum.Numerics;

namespace Dum.Hypersymbols;

/// <summary>Makes an atlas: reads scenes, learns codes over them, names them from their own scenes, and lays them out on a map.</summary>
public static class AtlasMaker
{
    /// <summary>Makes an atlas of a model over texts.</summary>
    /// <param name="model">A model that thinks in scenes.</param>
    /// <param name="sources">Texts; they need not be those it was trained on.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told what is done.</param>
    /// <param name="cancel">Stops soon.</param>
    /// <exception cref="DumException">The model has no scenes, or the texts hold too few of them.</exception>
    public static Atlas Make(LanguageModel model, IReadOnlyList<LexiconSource> sources, AtlasOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        options.Checked();
        SceneSample sample = SceneSample.Read(model, sources, options.Scenes, options.Seed, options.Threads, progress, cancel);
        if (sample.Stretches.Any(s => s.Vectors.Thoughts.Any(x => !float.IsFinite(x))))
            throw new DumException(Tongue.Say($"{model.Name}: the model's thoughts are not numbers: it is damaged or was not trained", $"{model.Name}: мысли модели — не числа: она повреждена или не обучена"));
        using var pool = new WorkerPool(options.Threads);
        using SceneCodes codes = SceneCodes.Learn(sample, options, pool, Tell(Tongue.Say("learning codes", "учу коды")), cancel);
        int count = codes.Centroids.Length / codes.Space.Outputs;
        if (count < 2)
            throw new DumException(Tongue.Say("the texts hold too few scenes for an atlas: give more text", "в текстах слишком мало сцен для атласа: добавьте текста"));
        double[] places = MapLayout.Of(codes.Centroids, codes.Space.Outputs, Tell(Tongue.Say("drawing the map", "рисую карту")), cancel);
        progress?.Report(new TrainingProgress(Tongue.Say("naming", "даю имена"), 0, ""));
        var portraits = new AtlasPortraits(model.Lexicon!.Vocabulary, sample, codes, places, options.Seed, pool);
        CodeUse use = codes.Use;
        var facts = new AtlasFacts(ModelIdentity.Of(model.Path, model.Lexicon!), options.Seed, codes.Learned, codes.Codes.Length - codes.Learned, use.Used, use.Perplexity, codes.Distortion);
        return new Atlas(facts, sample.Files, portraits.Bins, portraits.Regions, portraits.Symbols(), codes.Space, codes.Centroids, Directions(sample, codes, count));

        Action<double> Tell(string phase) => done => progress?.Report(new TrainingProgress(phase, done, $"{done * 100:0} %"));
    }

    /// <summary>For every code, the mean of the thoughts right before its scenes, less the mean of all thoughts that have a next scene.</summary>
    internal static float[] Directions(SceneSample sample, SceneCodes codes, int count)
    {
        int width = sample.Width, row = 0, all = 0;
        var sums = new double[count * width];
        var mean = new double[width];
        var seen = new int[count];
        foreach (SceneStretch stretch in SceneCodes.Ordered(sample))
            for (int i = 0; i < stretch.Vectors.Scenes.Count; i++, row++)
            {
                if (stretch.Vectors.Opens[i])
                    continue;
                ReadOnlySpan<float> thought = stretch.Vectors.Thoughts.AsSpan((i - 1) * width, width);
                int code = codes.Codes[row];
                for (int c = 0; c < width; c++)
                {
                    sums[(code * width) + c] += thought[c];
                    mean[c] += thought[c];
                }
                seen[code]++;
                all++;
            }
        var directions = new float[count * width];
        for (int code = 0; code < count; code++)
            for (int c = 0; c < width && seen[code] > 0; c++)
                directions[(code * width) + c] = (float)((sums[(code * width) + c] / seen[code]) - (mean[c] / all));
        return directions;
    }
}

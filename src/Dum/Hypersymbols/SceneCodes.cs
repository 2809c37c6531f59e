using Dum.Numerics;

namespace Dum.Hypersymbols;

/// <summary>How well codes serve scenes that they were not learned from.</summary>
/// <param name="Scenes">Scenes measured on.</param>
/// <param name="Used">Codes that occur.</param>
/// <param name="Perplexity">2 to the entropy of their frequencies.</param>
readonly record struct CodeUse(int Scenes, int Used, double Perplexity)
{
    /// <summary>Measures codes of scenes.</summary>
    public static CodeUse Of(IEnumerable<int> codes, int count)
    {
        var seen = new int[count];
        int scenes = 0;
        foreach (int code in codes)
        {
            seen[code]++;
            scenes++;
        }
        double entropy = 0;
        foreach (int n in seen)
            if (n > 0)
                entropy -= (double)n / scenes * FixedMath.Log((double)n / scenes);
        return new CodeUse(scenes, seen.Count(n => n > 0), scenes == 0 ? 0 : FixedMath.Exp(entropy));
    }
}

/// <summary>Codes learned over a sample of scenes, and the code of every scene of it.</summary>
sealed class SceneCodes : IDisposable
{
    /// <summary>Every so many-th stretch is held back: nothing is learned from it. A short text has none.</summary>
    const int HeldEvery = 10;

    readonly Arena _arena = new("scenes");

    SceneCodes(SceneSample sample, SceneSpace space)
    {
        Space = space;
        Points = _arena.Take("points", sample.Count, space.Outputs);
        _arena.Allocate();
        Codes = new int[sample.Count];
        Nearness = new float[sample.Count];
    }

    public SceneSpace Space { get; }

    /// <summary>All scenes in the space of codes, those learned from first in order, then those held back: [scenes × channels].</summary>
    public Block Points { get; }

    /// <summary>Scenes that were learned from.</summary>
    public int Learned { get; private set; }

    /// <summary>[codes × channels].</summary>
    public float[] Centroids { get; private set; } = [];

    /// <summary>The code of every row of <see cref="Points"/>.</summary>
    public int[] Codes { get; }

    /// <summary>x·c − |c|²/2 of every row and its code; 1 − 2 × it is the squared distance.</summary>
    public float[] Nearness { get; }

    /// <summary>Mean squared distance of a learned scene from its centre.</summary>
    public double Distortion { get; private set; }

    /// <summary>Use of the codes in what was held back, or in everything where nothing was.</summary>
    public CodeUse Use => CodeUse.Of(Codes.Skip(Learned < Codes.Length ? Learned : 0), Centroids.Length / Space.Outputs);

    /// <summary>The codes that an atlas gives the scenes of a sample.</summary>
    /// <param name="sample">Scenes.</param>
    /// <param name="atlas">Of the same model.</param>
    /// <param name="pool">Threads.</param>
    public static SceneCodes Of(SceneSample sample, Atlas atlas, WorkerPool pool)
    {
        List<ReadOnlyMemory<float>> learned = [.. Rows(sample, atlas.Space.Content, held: false)];
        var codes = new SceneCodes(sample, atlas.Space) { Learned = learned.Count };
        codes.Map([.. learned, .. Rows(sample, atlas.Space.Content, held: true)], pool);
        codes.Assign(atlas.Centroids.ToArray(), pool);
        return codes;
    }

    /// <summary>Learns codes.</summary>
    /// <param name="sample">Scenes.</param>
    /// <param name="options">How.</param>
    /// <param name="pool">Threads.</param>
    /// <param name="progress">Told the share done.</param>
    /// <param name="cancel">Stops between rounds.</param>
    public static SceneCodes Learn(SceneSample sample, AtlasOptions options, WorkerPool pool, Action<double>? progress, CancellationToken cancel)
    {
        List<ReadOnlyMemory<float>> rows = [.. Rows(sample, options.Space.Content, held: false)];
        int learned = rows.Count;
        SceneSpace space = SceneSpace.Fit(rows, sample.Width, options.Space);
        rows.AddRange(Rows(sample, options.Space.Content, held: true));
        var codes = new SceneCodes(sample, space) { Learned = learned };
        codes.Map(rows, pool);
        KMeans found = KMeans.Fit(codes.Points.Top(learned), options.Codes, options.Seed, options.Rounds, pool, progress, cancel);
        codes.Distortion = found.Distortion;
        codes.Assign(found.Centroids, pool);
        return codes;
    }

    void Map(List<ReadOnlyMemory<float>> rows, WorkerPool pool)
    {
        var map = new MapWork(Space, rows, Points);
        pool.Run(ref map, (rows.Count + MapWork.Chunk - 1) / MapWork.Chunk);
    }

    void Assign(float[] centroids, WorkerPool pool)
    {
        Centroids = centroids;
        using var book = new CodeBook(centroids, Space.Outputs, pool);
        book.Nearest(Points, Codes, Nearness);
    }

    /// <summary>The stretches of a sample in the order of <see cref="Points"/>.</summary>
    public static IEnumerable<SceneStretch> Ordered(SceneSample sample) => Part(sample, held: false).Concat(Part(sample, held: true));

    public void Dispose() => _arena.Dispose();

    static IEnumerable<SceneStretch> Part(SceneSample sample, bool held) =>
        sample.Stretches.Where((_, i) => (i % HeldEvery == HeldEvery - 1) == held);

    static IEnumerable<ReadOnlyMemory<float>> Rows(SceneSample sample, bool content, bool held)
    {
        foreach (SceneStretch stretch in Part(sample, held))
            for (int i = 0; i < stretch.Vectors.Scenes.Count; i++)
                yield return (content ? stretch.Vectors.Contents : stretch.Vectors.Thoughts).AsMemory(i * sample.Width, sample.Width);
    }

    readonly struct MapWork(SceneSpace space, List<ReadOnlyMemory<float>> rows, Block points) : IWork
    {
        public const int Chunk = 256;

        public void Do(int piece)
        {
            for (int r = piece * Chunk; r < Math.Min(rows.Count, (piece + 1) * Chunk); r++)
                space.Map(rows[r].Span, points.Row(r));
        }
    }
}

using Dum.Models;
using Dum.Numerics;
using Dum.Scenes;

namespace Dum.Hypersymbols;

/// <summary>A scene and its hypersymbol.</summary>
/// <param name="Scene">Its place in the document.</param>
/// <param name="Code">The hypersymbol.</param>
/// <param name="Nearness">Cosine between the scene and the hypersymbol's centre.</param>
public readonly record struct SceneTag(Scene Scene, int Code, float Nearness);

/// <summary>Gives the scenes of documents their hypersymbols. Not thread-safe; several may share an atlas and a model.</summary>
public sealed unsafe class SceneTagger : IDisposable
{
    readonly Atlas _atlas;
    readonly SceneReader _reader;
    readonly WorkerPool _pool;
    readonly CodeBook _book;

    /// <param name="atlas">Of the same model.</param>
    /// <param name="model">Not disposed here.</param>
    /// <param name="threads">Threads; the tags do not depend on it.</param>
    /// <exception cref="DumException">The model has no scenes.</exception>
    public SceneTagger(Atlas atlas, LanguageModel model, int threads = 1)
    {
        (_atlas, _reader, _pool) = (atlas, new SceneReader(model, threads), new WorkerPool(threads));
        _book = new CodeBook(atlas.Centroids, atlas.Space.Outputs, _pool);
    }

    /// <summary>The scenes of a document with their hypersymbols.</summary>
    /// <param name="ids">Hyperwords of the model's lexicon.</param>
    public IReadOnlyList<SceneTag> Tags(ReadOnlySpan<int> ids) => Tags(_reader.Read(ids));

    internal IReadOnlyList<SceneTag> Tags(SceneVectors read)
    {
        int count = read.Scenes.Count, width = _reader.Width;
        if (count == 0)
            return [];
        float[] from = _atlas.Space.Content ? read.Contents : read.Thoughts;
        using var arena = new Arena("scenes");
        Block points = arena.Take("points", count, _atlas.Space.Outputs);
        arena.Allocate();
        for (int i = 0; i < count; i++)
            _atlas.Space.Map(from.AsSpan(i * width, width), points.Row(i));
        var codes = new int[count];
        var nearness = new float[count];
        _book.Nearest(points, codes, nearness);
        var tags = new SceneTag[count];
        for (int i = 0; i < count; i++)
            tags[i] = new SceneTag(read.Scenes[i], codes[i], Cosine(points.Row(i), codes[i]));
        return tags;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _book.Dispose();
        _pool.Dispose();
        _reader.Dispose();
    }

    float Cosine(ReadOnlySpan<float> point, int code)
    {
        double dot = 0, size = 0;
        ReadOnlySpan<float> centroid = _atlas.Centroids.Slice(code * point.Length, point.Length);
        for (int i = 0; i < point.Length; i++)
        {
            dot += (double)point[i] * centroid[i];
            size += (double)centroid[i] * centroid[i];
        }
        return size > 0 ? (float)(dot / Math.Sqrt(size)) : 0;
    }
}

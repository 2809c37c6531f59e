using Dum.Hypersymbols;
using Dum.Numerics;
using Xunit;

namespace Dum.Tests.Hypersymbols;

public sealed unsafe class KMeansTests : IDisposable
{
    const int Groups = 12, Each = 50, Channels = 24;

    readonly Arena _arena = new("test");
    readonly Block _points;

    /// <summary>Groups far apart, each scattered a little.</summary>
    public KMeansTests()
    {
        _points = _arena.Take("points", Groups * Each, Channels);
        _arena.Allocate();
        var random = new Philox(5, 1);
        for (int i = 0; i < Groups * Each; i++)
            for (int c = 0; c < Channels; c++)
                _points.Row(i)[c] = (float)((10 * random.Normal(1, (uint)(i % Groups), (uint)c).First) + (0.1 * random.Normal(2, (uint)i, (uint)c).First));
    }

    public void Dispose() => _arena.Dispose();

    [Fact]
    public void Planted_groups_are_found()
    {
        KMeans found = Fit(threads: 2, seed: 1);
        for (int i = 0; i < Groups * Each; i++)
            Assert.Equal(found.Codes[i % Groups], found.Codes[i]);
        Assert.Equal(Groups, found.Codes.Distinct().Count());
        Assert.InRange(found.Distortion, 0.5 * 0.01 * Channels, 1.2 * 0.01 * Channels);
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        KMeans one = Fit(threads: 1, seed: 2), three = Fit(threads: 3, seed: 2);
        Assert.Equal(one.Centroids, three.Centroids);
        Assert.Equal(one.Codes, three.Codes);
    }

    [Fact]
    public void No_code_stays_empty_where_points_differ()
    {
        using var pool = new WorkerPool(2);
        for (ulong seed = 0; seed < 5; seed++)
            Assert.Equal(100, KMeans.Fit(_points, 100, seed, 30, pool, null, default).Codes.Distinct().Count());
    }

    [Fact]
    public void There_are_no_more_codes_than_points()
    {
        using var pool = new WorkerPool(1);
        KMeans found = KMeans.Fit(_points.Top(3), 10, 1, 5, pool, null, default);
        Assert.Equal(3 * Channels, found.Centroids.Length);
        Assert.Equal(0, found.Distortion, 1e-3);
    }

    [Fact]
    public void The_nearest_centroid_is_the_nearest()
    {
        using var pool = new WorkerPool(2);
        float[] centroids = [.. Enumerable.Range(0, Groups).SelectMany(i => _points.Row(i).ToArray())];
        using var book = new CodeBook(centroids, Channels, pool);
        var codes = new int[_points.Rows];
        book.Nearest(_points, codes, new float[_points.Rows]);
        for (int i = 0; i < codes.Length; i++)
        {
            float[] x = _points.Row(i).ToArray();
            int nearest = Enumerable.Range(0, Groups).MinBy(k => x.Zip(centroids.AsSpan(k * Channels, Channels).ToArray(), (a, b) => (a - b) * (double)(a - b)).Sum());
            Assert.Equal(nearest, codes[i]);
        }
    }

    KMeans Fit(int threads, ulong seed)
    {
        using var pool = new WorkerPool(threads);
        return KMeans.Fit(_points, Groups, seed, 50, pool, null, default);
    }
}

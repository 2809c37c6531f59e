using Dum.Hypersymbols;
using Dum.Numerics;
using Xunit;

namespace Dum.Tests.Hypersymbols;

public class SceneSpaceTests
{
    [Fact]
    public void Eigenvectors_restore_the_matrix()
    {
        const int N = 17;
        var random = new Philox(1, 1);
        var a = new double[N * N];
        for (int i = 0; i < N; i++)
            for (int j = 0; j <= i; j++)
                a[(i * N) + j] = a[(j * N) + i] = random.Normal(0, (uint)i, (uint)j).First;
        (double[] values, double[] vectors) = SymmetricEigen.Of([.. a], N);
        Assert.Equal(values.OrderDescending(), values);
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++)
                Assert.Equal(a[(i * N) + j], Enumerable.Range(0, N).Sum(k => values[k] * vectors[(k * N) + i] * vectors[(k * N) + j]), 1e-10);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Points_have_length_one_and_whitened_directions_equal_spread(int drop)
    {
        const int Rows = 4000, Width = 16;
        var random = new Philox(2, 1);
        List<ReadOnlyMemory<float>> rows = [.. Enumerable.Range(0, Rows).Select(r => (ReadOnlyMemory<float>)Enumerable.Range(0, Width).Select(c => (float)(3 + ((c + 1) * random.Normal(0, (uint)r, (uint)c).First))).ToArray())];
        SceneSpace space = SceneSpace.Fit(rows, Width, new SceneSpaceOptions { Whiten = 1, Drop = drop, Keep = 8 });
        Assert.Equal(8, space.Outputs);
        var squares = new double[8];
        var to = new float[8];
        foreach (ReadOnlyMemory<float> row in rows)
        {
            space.Map(row.Span, to);
            Assert.Equal(1, to.Sum(x => x * x), 1e-5);
            for (int c = 0; c < 8; c++)
                squares[c] += to[c] * to[c] / Rows;
        }
        Assert.All(squares, s => Assert.InRange(s, 0.11, 0.14));
    }

    [Fact]
    public void The_centre_has_no_direction()
    {
        SceneSpace space = SceneSpace.Fit([new float[] { 1, 2 }, new float[] { 3, 6 }], 2, new SceneSpaceOptions { Keep = 2 });
        var to = new float[2];
        space.Map([2, 4], to);
        Assert.Equal(new float[2], to);
    }

    [Fact]
    public void A_map_keeps_groups_apart()
    {
        const int Each = 30, Channels = 8;
        var random = new Philox(3, 1);
        float[] points = [.. Enumerable.Range(0, 3 * Each).SelectMany(i => Enumerable.Range(0, Channels).Select(c => (float)((5 * random.Normal(1, (uint)(i / Each), (uint)c).First) + (0.3 * random.Normal(2, (uint)i, (uint)c).First))))];
        double[] map = MapLayout.Of(points, Channels, null, default);
        Assert.Equal(map, MapLayout.Of(points, Channels, null, default));
        Assert.All(map, x => Assert.InRange(x, 0, 1));
        for (int i = 0; i < 3 * Each; i++)
        {
            int nearest = Enumerable.Range(0, 3 * Each).Where(j => j != i).MinBy(j => Math.Pow(map[2 * i] - map[2 * j], 2) + Math.Pow(map[(2 * i) + 1] - map[(2 * j) + 1], 2));
            Assert.Equal(i / Each, nearest / Each);
        }
    }
}

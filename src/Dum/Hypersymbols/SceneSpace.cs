using Dum.Numerics;

namespace Dum.Hypersymbols;

/// <summary>Which vector of a scene the codes are learned over, and how it is prepared.</summary>
public sealed record SceneSpaceOptions
{
    /// <summary>True takes what a scene says by itself, false what the model thinks of it after all scenes before it.</summary>
    public bool Content { get; init; } = true;

    /// <summary>The strongest directions left out: they hold what all scenes share (all-but-the-top, arXiv 1702.01417).</summary>
    public int Drop { get; init; }

    /// <summary>Directions kept after those.</summary>
    public int Keep { get; init; } = 64;

    /// <summary>How far the spread of every direction is made equal: 0 leaves it, 1 whitens.</summary>
    public double Whiten { get; init; } = 0.5;
}

/// <summary>The map from a scene's vector to the space of codes: centred, turned to principal directions, weighted, of length 1.</summary>
sealed unsafe class SceneSpace
{
    const int MostRows = 50_000;

    readonly float[] _mean, _directions;

    SceneSpace(bool content, float[] mean, float[] directions) => (Content, _mean, _directions) = (content, mean, directions);

    /// <summary>Whether it maps contents or thoughts.</summary>
    public bool Content { get; }

    /// <summary>Channels of a scene's vector.</summary>
    public int Inputs => _mean.Length;

    /// <summary>Channels of the space.</summary>
    public int Outputs => _directions.Length / _mean.Length;

    public ReadOnlySpan<float> Mean => _mean;

    /// <summary>[outputs × inputs].</summary>
    public ReadOnlySpan<float> Directions => _directions;

    /// <summary>From a file.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public static SceneSpace Of(bool content, float[] mean, float[] directions) =>
        mean.Length > 0 && directions.Length > 0 && directions.Length % mean.Length == 0 ? new SceneSpace(content, mean, directions) : throw new ArgumentException("sizes of a space");

    /// <summary>Learns the map.</summary>
    /// <param name="vectors">Rows of <paramref name="width"/> floats; of many, every n-th counts.</param>
    /// <param name="width">Channels.</param>
    /// <param name="options">How.</param>
    public static SceneSpace Fit(IReadOnlyList<ReadOnlyMemory<float>> vectors, int width, SceneSpaceOptions options)
    {
        int step = Math.Max(1, vectors.Count / MostRows), rows = (vectors.Count + step - 1) / step;
        var mean = new double[width];
        for (int r = 0; r < vectors.Count; r += step)
            for (int i = 0; i < width; i++)
                mean[i] += vectors[r].Span[i] / rows;
        double[] covariance = Covariance(vectors, step, rows, mean);
        (double[] values, double[] basis) = SymmetricEigen.Of(covariance, width);
        int drop = Math.Min(options.Drop, width - 1), keep = Math.Min(options.Keep, width - drop);
        var directions = new float[keep * width];
        double floor = Math.Max(1e-9 * values[0], 1e-30);
        for (int k = 0; k < keep; k++)
        {
            double weight = FixedMath.Pow(Math.Max(values[drop + k], floor), -0.5 * options.Whiten);
            for (int i = 0; i < width; i++)
                directions[(k * width) + i] = (float)(weight * basis[((drop + k) * width) + i]);
        }
        return new SceneSpace(options.Content, [.. mean.Select(m => (float)m)], directions);
    }

    /// <summary>Maps a vector.</summary>
    /// <param name="vector">[inputs].</param>
    /// <param name="to">[outputs]; of length 1, or zero for a vector at the centre.</param>
    public void Map(ReadOnlySpan<float> vector, Span<float> to)
    {
        int n = Inputs;
        Span<float> centred = stackalloc float[n];
        for (int i = 0; i < n; i++)
            centred[i] = vector[i] - _mean[i];
        fixed (float* x = centred, directions = _directions, y = to)
        {
            for (int k = 0; k < Outputs; k++)
                y[k] = Lanes.Dot(directions + ((long)k * n), x, n);
            float length = MathF.Sqrt(Lanes.Dot(y, y, Outputs));
            for (int k = 0; k < Outputs; k++)
                y[k] = length > 0 ? y[k] / length : 0;
        }
    }

    static double[] Covariance(IReadOnlyList<ReadOnlyMemory<float>> vectors, int step, int rows, double[] mean)
    {
        int width = mean.Length;
        var centred = new float[(long)rows * width];
        for (int r = 0; r < rows; r++)
            for (int i = 0; i < width; i++)
                centred[((long)i * rows) + r] = (float)(vectors[r * step].Span[i] - mean[i]);
        var covariance = new double[width * width];
        // Every entry is one sum in fixed order, whichever thread computes it.
        Parallel.For(0, width, i =>
        {
            fixed (float* c = centred)
                for (int j = 0; j <= i; j++)
                {
                    double sum = 0;
                    for (int r = 0; r < rows; r += 1024)
                        sum += Lanes.Dot(c + ((long)i * rows) + r, c + ((long)j * rows) + r, Math.Min(1024, rows - r));
                    covariance[(i * width) + j] = covariance[(j * width) + i] = sum / rows;
                }
        });
        return covariance;
    }
}

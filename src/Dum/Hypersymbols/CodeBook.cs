using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Hypersymbols;

/// <summary>Centroids laid out so that the nearest of many points are found by one product of matrices.</summary>
sealed unsafe class CodeBook : IDisposable
{
    const int Rows = 256;

    readonly WorkerPool _pool;
    readonly CpuKernels _kernels;
    readonly PackedWeights _centroids;
    readonly Arena _arena = new("codes");
    readonly Block _bias, _scores;

    /// <param name="centroids">[codes × channels].</param>
    /// <param name="channels">Columns.</param>
    /// <param name="pool">Threads; not disposed here.</param>
    public CodeBook(ReadOnlySpan<float> centroids, int channels, WorkerPool pool)
    {
        (_pool, _kernels, Count, Channels) = (pool, new CpuKernels(pool), centroids.Length / channels, channels);
        _centroids = PackedWeights.Allocate(WeightFormat.F32, Count, channels);
        _bias = _arena.Take("bias", 1, Count);
        _scores = _arena.Take("scores", Rows, Count);
        _arena.Allocate();
        fixed (float* c = centroids)
            for (int k = 0; k < Count; k++)
            {
                _centroids.SetRow(k, centroids.Slice(k * channels, channels));
                // |x − c|² = |x|² − 2(x·c − |c|²/2).
                _bias.Data[k] = -0.5f * Lanes.Dot(c + ((long)k * channels), c + ((long)k * channels), channels);
            }
    }

    public int Count { get; }
    public int Channels { get; }

    /// <summary>Finds the nearest centroid of every point; of equally near ones the first.</summary>
    /// <param name="points">[n × channels].</param>
    /// <param name="codes">n numbers of centroids.</param>
    /// <param name="nearness">n values of x·c − |c|²/2, which only compare between centroids of one point.</param>
    public void Nearest(Matrix points, Span<int> codes, Span<float> nearness)
    {
        fixed (int* c = codes)
        fixed (float* n = nearness)
            for (int first = 0; first < points.Rows; first += Rows)
            {
                int rows = Math.Min(Rows, points.Rows - first);
                Matrix scores = _scores.Top(rows);
                _kernels.Linear(points.Part(first, rows), _centroids, _bias.Data, scores);
                var best = new Best { Scores = scores, Codes = c + first, Nearness = n + first };
                _pool.Run(ref best, (rows + Best.Chunk - 1) / Best.Chunk);
            }
    }

    public void Dispose()
    {
        _centroids.Dispose();
        _arena.Dispose();
    }

    struct Best : IWork
    {
        public const int Chunk = 16;
        public Matrix Scores;
        public int* Codes;
        public float* Nearness;

        public readonly void Do(int piece)
        {
            for (int r = piece * Chunk; r < Math.Min(Scores.Rows, (piece + 1) * Chunk); r++)
            {
                float* row = Scores.Row(r);
                int best = 0;
                for (int k = 1; k < Scores.Columns; k++)
                    if (row[k] > row[best])
                        best = k;
                (Codes[r], Nearness[r]) = (best, row[best]);
            }
        }
    }
}

using Dum.Numerics;

namespace Dum.Hypersymbols;

/// <summary>
/// Lloyd's k-means from a start by k-means++ (Arthur and Vassilvitskii, 2007), on a part of the points where there are many.
/// A centroid that loses all its points begins again at the point that is worst served. Every sum runs in the order of the
/// points, so threads change nothing.
/// </summary>
sealed unsafe class KMeans
{

    /// <summary>Points that the start is chosen from, for each centroid.</summary>
    const int StartPoints = 20;

    KMeans(float[] centroids, int[] codes, double distortion, int rounds) => (Centroids, Codes, Distortion, Rounds) = (centroids, codes, distortion, rounds);

    /// <summary>[k × channels].</summary>
    public float[] Centroids { get; }

    /// <summary>The nearest centroid of every point.</summary>
    public int[] Codes { get; }

    /// <summary>Mean squared distance of a point from its centroid.</summary>
    public double Distortion { get; }

    /// <summary>Rounds until less than a thousandth of the points moved, or the most allowed.</summary>
    public int Rounds { get; }

    /// <summary>Finds k centroids.</summary>
    /// <param name="points">[n × channels], n ≥ 1.</param>
    /// <param name="k">Centroids; no more than there are points.</param>
    /// <param name="seed">Of the start.</param>
    /// <param name="rounds">The most rounds.</param>
    /// <param name="pool">Threads.</param>
    /// <param name="progress">Told the share of rounds done.</param>
    /// <param name="cancel">Stops between rounds.</param>
    public static KMeans Fit(Matrix points, int k, ulong seed, int rounds, WorkerPool pool, Action<double>? progress, CancellationToken cancel)
    {
        k = Math.Min(k, points.Rows);
        int n = points.Rows, channels = points.Columns;
        float[] centroids = Start(points, k, new Philox(seed, DrawDomain.Centroids), pool, cancel);
        int[] codes = new int[n], before = new int[n];
        var nearness = new float[n];
        Array.Fill(before, -1);
        for (int round = 1; ; round++)
        {
            cancel.ThrowIfCancellationRequested();
            using (var book = new CodeBook(centroids, channels, pool))
                book.Nearest(points, codes, nearness);
            int moved = 0;
            for (int i = 0; i < n; i++)
                moved += codes[i] != before[i] ? 1 : 0;
            if (round > rounds || moved * 1000L < n)
                return new KMeans(centroids, codes, Squares(points, nearness), round - 1);
            Move(points, codes, nearness, centroids, pool);
            codes.CopyTo(before, 0);
            progress?.Invoke((double)round / rounds);
        }
    }

    static float[] Start(Matrix points, int k, Philox random, WorkerPool pool, CancellationToken cancel)
    {
        int channels = points.Columns, rows = Math.Min(points.Rows, StartPoints * k);
        // One point out of every stretch of them, anywhere in it: nothing that recurs in the order can be missed.
        int[] chosen = [.. Enumerable.Range(0, rows).Select(r => (int)((r + random.Unit(1, 0, (uint)r)) * points.Rows / rows))];
        var centroids = new float[(long)k * channels];
        var distances = new float[rows];
        Array.Fill(distances, float.MaxValue);
        int next = (int)(random.Unit(0, 0, 0) * rows);
        for (int c = 0; c < k; c++)
        {
            cancel.ThrowIfCancellationRequested();
            new ReadOnlySpan<float>(points.Row(chosen[next]), channels).CopyTo(centroids.AsSpan(c * channels));
            fixed (float* d = distances)
            fixed (int* at = chosen)
            {
                var nearer = new Nearer { Points = points, Rows = rows, Chosen = at, Centroid = points.Row(chosen[next]), Distances = d };
                pool.Run(ref nearer, (rows + Nearer.Chunk - 1) / Nearer.Chunk);
            }
            double sum = 0;
            foreach (float d in distances)
                sum += d;
            double left = random.Unit(0, 0, (uint)c + 1) * sum;
            for (next = 0; next < rows - 1 && (left -= distances[next]) >= 0; next++)
            {
            }
        }
        return centroids;
    }

    /// <summary>Every centroid to the mean of its points.</summary>
    static void Move(Matrix points, int[] codes, float[] nearness, float[] centroids, WorkerPool pool)
    {
        int channels = points.Columns, k = centroids.Length / channels;
        var starts = new int[k + 1];
        foreach (int code in codes)
            starts[code + 1]++;
        for (int c = 0; c < k; c++)
            starts[c + 1] += starts[c];
        int[] order = new int[codes.Length], at = starts[..k];
        for (int i = 0; i < codes.Length; i++)
            order[at[codes[i]]++] = i;
        fixed (float* to = centroids)
        fixed (int* s = starts, o = order)
        {
            var mean = new Mean { Points = points, Starts = s, Order = o, Centroids = to };
            pool.Run(ref mean, k);
        }
        int[] empty = [.. Enumerable.Range(0, k).Where(c => starts[c] == starts[c + 1])];
        if (empty.Length == 0)
            return;
        int[] worst = [.. Enumerable.Range(0, codes.Length).OrderByDescending(i => Square(points, nearness, i)).ThenBy(i => i).Take(empty.Length)];
        for (int i = 0; i < worst.Length; i++)
            new ReadOnlySpan<float>(points.Row(worst[i]), channels).CopyTo(centroids.AsSpan(empty[i] * channels));
    }

    static double Squares(Matrix points, float[] nearness)
    {
        double sum = 0;
        for (int i = 0; i < points.Rows; i++)
            sum += Square(points, nearness, i);
        return sum / points.Rows;
    }

    static double Square(Matrix points, float[] nearness, int i) => Math.Max(0, Lanes.Dot(points.Row(i), points.Row(i), points.Columns) - (2.0 * nearness[i]));

    /// <summary>Squared distances to the nearest centroid so far.</summary>
    struct Nearer : IWork
    {
        public const int Chunk = 512;
        public Matrix Points;
        public int Rows;
        public int* Chosen;
        public float* Centroid, Distances;

        public readonly void Do(int piece)
        {
            int n = Points.Columns;
            float own = Lanes.Dot(Centroid, Centroid, n);
            for (int r = piece * Chunk; r < Math.Min(Rows, (piece + 1) * Chunk); r++)
            {
                float* x = Points.Row(Chosen[r]);
                float d = Math.Max(0, Lanes.Dot(x, x, n) + own - (2 * Lanes.Dot(x, Centroid, n)));
                Distances[r] = Math.Min(Distances[r], d);
            }
        }
    }

    struct Mean : IWork
    {
        public Matrix Points;
        public int* Starts, Order;
        public float* Centroids;

        public readonly void Do(int code)
        {
            int n = Points.Columns, count = Starts[code + 1] - Starts[code];
            if (count == 0)
                return;
            Span<double> sum = stackalloc double[n];
            sum.Clear();
            for (int i = Starts[code]; i < Starts[code + 1]; i++)
            {
                float* x = Points.Row(Order[i]);
                for (int c = 0; c < n; c++)
                    sum[c] += x[c];
            }
            for (int c = 0; c < n; c++)
                Centroids[((long)code * n) + c] = (float)(sum[c] / count);
        }
    }
}

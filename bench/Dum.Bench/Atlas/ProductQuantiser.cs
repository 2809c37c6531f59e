using Dum.Hypersymbols;
using Dum.Numerics;

namespace Dum.Bench;

/// <summary>Product quantisation (Jégou, Douze and Schmid, 2011): channels dealt out to parts, k-means in each; read out as the product, or by k-means over what the parts restore.</summary>
static unsafe class ProductQuantiser
{
    /// <summary>Codes of all points, learned from the first ones.</summary>
    /// <param name="points">[n × channels].</param>
    /// <param name="learned">Rows to learn from.</param>
    /// <param name="parts">Groups of channels; channel i goes to part i mod parts, so that all have much and little variance.</param>
    /// <param name="each">Centroids per part.</param>
    /// <param name="read">Codes read out of the restored points; 0 for the product itself.</param>
    /// <param name="seed">Of k-means.</param>
    /// <param name="rounds">Of k-means.</param>
    /// <param name="pool">Threads.</param>
    /// <returns>The codes, and the mean squared distance of a learned point from what its code restores.</returns>
    public static (int[] Codes, double Distortion) Codes(Block points, int learned, int parts, int each, int read, ulong seed, int rounds, WorkerPool pool)
    {
        int n = points.Rows, width = points.Columns / parts;
        using var arena = new Arena("product");
        Block part = arena.Take("part", n, width), restored = arena.Take("restored", n, points.Columns);
        arena.Allocate();
        int[] codes = new int[n], sub = new int[n];
        var nearness = new float[n];
        for (int p = 0; p < parts; p++)
        {
            for (int r = 0; r < n; r++)
                for (int c = 0; c < width; c++)
                    part.Row(r)[c] = points.Row(r)[(c * parts) + p];
            KMeans found = KMeans.Fit(part.Top(learned), each, seed, rounds, pool, null, default);
            using var book = new CodeBook(found.Centroids, width, pool);
            book.Nearest(part, sub, nearness);
            for (int r = 0; r < n; r++)
            {
                codes[r] = (codes[r] * each) + sub[r];
                for (int c = 0; c < width; c++)
                    restored.Row(r)[(c * parts) + p] = found.Centroids[(sub[r] * width) + c];
            }
        }
        if (read > 0)
        {
            KMeans found = KMeans.Fit(restored.Top(learned), read, seed, rounds, pool, null, default);
            using var book = new CodeBook(found.Centroids, points.Columns, pool);
            book.Nearest(restored, codes, nearness);
            for (int r = 0; r < n; r++)
                found.Centroids.AsSpan(codes[r] * points.Columns, points.Columns).CopyTo(restored.Row(r));
        }
        double distortion = 0;
        for (int r = 0; r < learned; r++)
            for (int c = 0; c < points.Columns; c++)
                distortion += Math.Pow(points.Row(r)[c] - restored.Row(r)[c], 2) / learned;
        return (codes, distortion);
    }
}

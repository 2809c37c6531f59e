using System.Runtime.InteropServices;
using Dum.Numerics;

namespace Dum.Mind.Words;

/// <summary>
/// Learns word vectors from plain text: how much oftener two stems stand near each other than by chance (positive pointwise
/// mutual information, contexts smoothed by 0.75; Levy, Goldberg and Dagan 2015), brought down to few dimensions by subspace
/// iteration with the root of the singular values. Sums run in a fixed order: the same texts give the same table.
/// </summary>
static class VectorTraining
{
    /// <summary>Stems on each side that count as company.</summary>
    const int Window = 8;

    const int Iterations = 5, Parts = 4;

    const double Smoothing = 0.75;

    const uint Seed = 20261121, Domain = 0x776F7264;

    /// <param name="texts">Plain text files; a line is the widest context.</param>
    /// <param name="words">How many stems, the commonest first.</param>
    /// <param name="contexts">How many of those count as company; the table of counts takes words × contexts × 4 bytes.</param>
    /// <param name="dimensions">Numbers of a vector.</param>
    /// <param name="to">Receives the table.</param>
    /// <param name="progress">Told what is done, and how much of it (0…1).</param>
    /// <param name="cancel">Looked at between lines and iterations.</param>
    public static void Run(IReadOnlyList<string> texts, int words, int contexts, int dimensions, Stream to, Action<string, double> progress, CancellationToken cancel)
    {
        var seen = new Dictionary<ulong, int>();
        long total = 0;
        Each(texts, Tongue.Say("counting words", "считаю слова"), progress, stems =>
        {
            total += stems.Count;
            foreach (ulong stem in stems)
                CollectionsMarshal.GetValueRefOrAddDefault(seen, stem, out _)++;
        }, cancel);
        List<KeyValuePair<ulong, int>> kept = [.. seen.OrderByDescending(s => s.Value).ThenBy(s => s.Key).Take(words)];
        contexts = Math.Min(contexts, kept.Count);
        var place = new Dictionary<ulong, int>();
        foreach ((ulong stem, int _) in kept)
            place[stem] = place.Count;
        float[][] table = Rows(kept.Count, contexts);
        Each(texts, Tongue.Say("counting company", "считаю соседства"), progress, stems => Count(stems, place, table, contexts), cancel);
        Inform(table, contexts);
        float[][] vectors = Reduce(table, contexts, dimensions, progress, cancel);
        int[] order = [.. Enumerable.Range(0, kept.Count).OrderBy(i => kept[i].Key)];
        var values = new sbyte[kept.Count * dimensions];
        for (int i = 0; i < order.Length; i++)
            Quantise(vectors[order[i]], values.AsSpan(i * dimensions, dimensions));
        WordVectors.Write(to, [.. order.Select(i => kept[i].Key)], [.. order.Select(i => (float)((double)kept[i].Value / total))], values);
    }

    static void Count(List<ulong> stems, Dictionary<ulong, int> place, float[][] table, int contexts)
    {
        int[] at = [.. stems.Select(s => place.GetValueOrDefault(s, -1))];
        for (int i = 0; i < at.Length; i++)
            for (int j = Math.Max(0, i - Window); j <= Math.Min(at.Length - 1, i + Window) && at[i] >= 0; j++)
                if (j != i && at[j] >= 0 && at[j] < contexts)
                    table[at[i]][at[j]]++;
    }

    /// <summary>Counts become positive pointwise mutual information.</summary>
    static void Inform(float[][] table, int contexts)
    {
        var column = new double[contexts];
        foreach (float[] row in table)
            for (int j = 0; j < contexts; j++)
                column[j] += row[j];
        double all = 0;
        for (int j = 0; j < contexts; j++)
            all += column[j] = Math.Pow(column[j], Smoothing);
        foreach (float[] row in table)
        {
            double sum = 0;
            foreach (float n in row)
                sum += n;
            for (int j = 0; j < contexts; j++)
                row[j] = row[j] == 0 ? 0 : (float)Math.Max(0, Math.Log(row[j] * all / (sum * column[j])));
        }
    }

    static float[][] Reduce(float[][] table, int contexts, int dimensions, Action<string, double> progress, CancellationToken cancel)
    {
        float[][] right = Rows(contexts, dimensions), left = Rows(table.Length, dimensions);
        var random = new Philox(Seed, Domain);
        for (int j = 0; j < contexts; j++)
            for (int d = 0; d < dimensions; d++)
                right[j][d] = (float)random.Unit(0, (uint)d, (uint)j) - 0.5f;
        for (int i = 0; i < Iterations; i++)
        {
            cancel.ThrowIfCancellationRequested();
            progress(Tongue.Say("reducing", "сжимаю"), (double)i / Iterations);
            Multiply(table, right, left);
            Orthogonalise(left, dimensions);
            Transposed(table, left, right);
            Orthogonalise(right, dimensions);
        }
        Multiply(table, right, left);
        for (int d = 0; d < dimensions; d++)
        {
            double square = 0;
            foreach (float[] row in left)
                square += (double)row[d] * row[d];
            float root = (float)Math.Sqrt(Math.Sqrt(square));
            foreach (float[] row in left)
                row[d] /= Math.Max(root, 1e-12f);
        }
        return left;
    }

    static void Multiply(float[][] table, float[][] right, float[][] left) => Parallel.For(0, table.Length, i =>
    {
        Array.Clear(left[i]);
        for (int j = 0; j < right.Length; j++)
            if (table[i][j] != 0)
                AddTo(left[i], table[i][j], right[j]);
    });

    // In parts of their own, whose number does not depend on the threads, added in their order.
    static void Transposed(float[][] table, float[][] left, float[][] right)
    {
        var parts = new float[Parts][][];
        Parallel.For(0, Parts, p =>
        {
            parts[p] = Rows(right.Length, right[0].Length);
            for (int i = table.Length * p / Parts; i < table.Length * (p + 1) / Parts; i++)
                for (int j = 0; j < right.Length; j++)
                    if (table[i][j] != 0)
                        AddTo(parts[p][j], table[i][j], left[i]);
        });
        for (int j = 0; j < right.Length; j++)
        {
            Array.Clear(right[j]);
            foreach (float[][] part in parts)
                AddTo(right[j], 1, part[j]);
        }
    }

    static void AddTo(float[] to, float factor, float[] what)
    {
        for (int d = 0; d < to.Length; d++)
            to[d] += factor * what[d];
    }

    /// <summary>Gram and Schmidt over columns.</summary>
    static void Orthogonalise(float[][] rows, int columns)
    {
        for (int d = 0; d < columns; d++)
        {
            for (int e = 0; e < d; e++)
            {
                double along = 0;
                foreach (float[] row in rows)
                    along += (double)row[d] * row[e];
                foreach (float[] row in rows)
                    row[d] -= (float)along * row[e];
            }
            double square = 0;
            foreach (float[] row in rows)
                square += (double)row[d] * row[d];
            float length = (float)Math.Sqrt(square);
            foreach (float[] row in rows)
                row[d] /= Math.Max(length, 1e-12f);
        }
    }

    static void Quantise(float[] vector, Span<sbyte> to)
    {
        double square = 1e-30;
        foreach (float v in vector)
            square += (double)v * v;
        for (int d = 0; d < vector.Length; d++)
            to[d] = (sbyte)Math.Round(127 * vector[d] / Math.Sqrt(square));
    }

    static float[][] Rows(int rows, int columns)
    {
        var made = new float[rows][];
        for (int i = 0; i < rows; i++)
            made[i] = new float[columns];
        return made;
    }

    static void Each(IReadOnlyList<string> texts, string what, Action<string, double> progress, Action<List<ulong>> line, CancellationToken cancel)
    {
        var stems = new List<ulong>();
        for (int t = 0; t < texts.Count; t++)
        {
            using FileStream file = File.OpenRead(texts[t]);
            using var reader = new StreamReader(file);
            for (int n = 0; reader.ReadLine() is { } read; n++)
            {
                if (n % 4096 == 0)
                {
                    cancel.ThrowIfCancellationRequested();
                    progress(what, (t + (double)file.Position / Math.Max(1, file.Length)) / texts.Count);
                }
                stems.Clear();
                var words = new TermReader(read);
                while (words.Next())
                    if (words.IsTerm)
                        stems.Add(words.Stem);
                line(stems);
            }
        }
    }
}

using Dum.Numerics;

namespace Dum.Hypersymbols;

/// <summary>
/// A plane on which near things lie near: exact t-SNE (van der Maaten and Hinton, JMLR 2008) from the two principal directions,
/// with the early exaggeration and step of Belkina et al. (2019). The same points give the same map, whatever the threads.
/// </summary>
static class MapLayout
{
    const int Early = 120, Most = 500;
    const double Exaggeration = 12;

    /// <summary>Lays points out.</summary>
    /// <param name="points">[n × channels].</param>
    /// <param name="channels">Columns.</param>
    /// <param name="progress">Told the share done.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <returns>[n × 2] in 0 … 1, the larger side filled.</returns>
    public static double[] Of(ReadOnlySpan<float> points, int channels, Action<double>? progress, CancellationToken cancel)
    {
        int n = points.Length / channels;
        double[] near = Near(points.ToArray(), channels, n), place = Start(points, channels, n), speed = new double[2 * n], push = new double[2 * n], gain = new double[2 * n], kernel = new double[(long)n * n], sums = new double[n];
        Array.Fill(gain, 1);
        double rate = Math.Max(n / Exaggeration, 50);
        for (int step = 0; step < Most && n > 1; step++)
        {
            cancel.ThrowIfCancellationRequested();
            Forces(near, place, kernel, sums, push, n, step < Early ? Exaggeration : 1);
            double momentum = step < Early ? 0.5 : 0.8;
            for (int i = 0; i < 2 * n; i++)
            {
                gain[i] = Math.Max(0.01, push[i] * speed[i] < 0 ? gain[i] + 0.2 : gain[i] * 0.8);
                speed[i] = (momentum * speed[i]) - (rate * gain[i] * push[i]);
                place[i] += speed[i];
            }
            progress?.Invoke((double)step / Most);
        }
        return Fitted(place, n);
    }

    /// <summary>The gradient of the divergence between nearness in space and on the plane.</summary>
    static void Forces(double[] near, double[] place, double[] kernel, double[] sums, double[] push, int n, double exaggeration)
    {
        Parallel.For(0, n, i =>
        {
            double sum = 0;
            for (int j = 0; j < n; j++)
            {
                double dx = place[2 * i] - place[2 * j], dy = place[(2 * i) + 1] - place[(2 * j) + 1], q = 1 / (1 + (dx * dx) + (dy * dy));
                kernel[(i * n) + j] = i == j ? 0 : q;
                sum += i == j ? 0 : q;
            }
            sums[i] = sum;
        });
        double all = 0;
        foreach (double sum in sums)
            all += sum;
        Parallel.For(0, n, i =>
        {
            double px = 0, py = 0;
            for (int j = 0; j < n; j++)
            {
                double q = kernel[(i * n) + j], pull = ((exaggeration * near[(i * n) + j]) - (q / all)) * q;
                px += pull * (place[2 * i] - place[2 * j]);
                py += pull * (place[(2 * i) + 1] - place[(2 * j) + 1]);
            }
            (push[2 * i], push[(2 * i) + 1]) = (4 * px, 4 * py);
        });
    }

    /// <summary>Joint probabilities: for every point a Gaussian as wide as gives it about as many neighbours as the perplexity says.</summary>
    static double[] Near(float[] points, int channels, int n)
    {
        var p = new double[(long)n * n];
        double wanted = FixedMath.Log(Math.Clamp((n - 1) / 3.0, 1, 20));
        Parallel.For(0, n, i =>
        {
            var squares = new double[n];
            for (int j = 0; j < n; j++)
                for (int c = 0; c < channels; c++)
                {
                    double d = points[(i * channels) + c] - points[(j * channels) + c];
                    squares[j] += d * d;
                }
            double low = 0, high = double.PositiveInfinity, beta = 1;
            for (int search = 0; search < 60; search++)
            {
                double sum = 0, mean = 0;
                for (int j = 0; j < n; j++)
                {
                    double w = j == i ? 0 : FixedMath.Exp(-beta * squares[j]);
                    p[(i * n) + j] = w;
                    sum += w;
                    mean += w * squares[j];
                }
                double entropy = sum > 0 ? FixedMath.Log(sum) + (beta * mean / sum) : 0;
                for (int j = 0; j < n && sum > 0; j++)
                    p[(i * n) + j] /= sum;
                if (Math.Abs(entropy - wanted) < 1e-5)
                    break;
                (low, high) = entropy > wanted ? (beta, high) : (low, beta);
                beta = double.IsInfinity(high) ? beta * 2 : (low + high) / 2;
            }
        });
        for (int i = 0; i < n; i++)
            for (int j = 0; j < i; j++)
                p[(i * n) + j] = p[(j * n) + i] = Math.Max((p[(i * n) + j] + p[(j * n) + i]) / (2.0 * n), 1e-12);
        return p;
    }

    static double[] Start(ReadOnlySpan<float> points, int channels, int n)
    {
        var mean = new double[channels];
        for (int i = 0; i < n; i++)
            for (int c = 0; c < channels; c++)
                mean[c] += points[(i * channels) + c] / (double)n;
        var covariance = new double[channels * channels];
        for (int i = 0; i < n; i++)
            for (int a = 0; a < channels; a++)
                for (int b = 0; b < channels; b++)
                    covariance[(a * channels) + b] += (points[(i * channels) + a] - mean[a]) * (points[(i * channels) + b] - mean[b]);
        double[] vectors = SymmetricEigen.Of(covariance, channels).Vectors, place = new double[2 * n];
        double spread = 0;
        for (int i = 0; i < n; i++)
            for (int axis = 0; axis < 2; axis++)
            {
                for (int c = 0; c < channels && axis < channels; c++)
                    place[(2 * i) + axis] += (points[(i * channels) + c] - mean[c]) * vectors[(axis * channels) + c];
                spread = Math.Max(spread, Math.Abs(place[(2 * i) + axis]));
            }
        for (int i = 0; i < 2 * n && spread > 0; i++)
            place[i] *= 1e-2 / spread;
        return place;
    }

    static double[] Fitted(double[] place, int n)
    {
        double left = double.MaxValue, top = double.MaxValue, right = double.MinValue, bottom = double.MinValue;
        for (int i = 0; i < n; i++)
        {
            (left, right) = (Math.Min(left, place[2 * i]), Math.Max(right, place[2 * i]));
            (top, bottom) = (Math.Min(top, place[(2 * i) + 1]), Math.Max(bottom, place[(2 * i) + 1]));
        }
        double size = Math.Max(Math.Max(right - left, bottom - top), 1e-12);
        for (int i = 0; i < n; i++)
        {
            place[2 * i] = 0.5 + ((place[2 * i] - ((left + right) / 2)) / size);
            place[(2 * i) + 1] = 0.5 + ((place[(2 * i) + 1] - ((top + bottom) / 2)) / size);
        }
        return place;
    }
}

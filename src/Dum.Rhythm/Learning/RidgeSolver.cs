using System.Runtime.CompilerServices;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Learning;

/// <summary>
/// Least squares with a ridge over samples that are all at hand: what <see cref="RlsReadout"/> with one block and no
/// forgetting tends to, by Cholesky's factorisation. Refined by iterated Tikhonov steps (Riley 1955), which also undo most
/// of the ridge where features are nearly dependent: the residual is taken from the samples and not from their products.
/// With fewer samples than features their products with each other are factorised instead: the same weights, n²·F.
/// </summary>
public sealed class RidgeSolver
{
    const int RowsAtOnce = 8;

    readonly int _features, _outputs;
    readonly List<double[]> _samples = [], _targets = [];

    /// <summary>Starts without samples.</summary>
    /// <param name="features">F.</param>
    /// <param name="outputs">Numbers predicted at once.</param>
    public RidgeSolver(int features, int outputs) => (_features, _outputs) = (features, outputs);

    /// <summary>Samples taken.</summary>
    public int Count => _samples.Count;

    /// <summary>Takes a sample; both are copied.</summary>
    public void Add(ReadOnlySpan<double> features, ReadOnlySpan<double> targets)
    {
        if (features.Length != _features || targets.Length != _outputs)
            throw new ArgumentException("the sample has another shape", nameof(features));
        _samples.Add(features.ToArray());
        _targets.Add(targets.ToArray());
    }

    /// <summary>Solves for the weights, outputs × F.</summary>
    /// <param name="ridge">Penalty per sample on the squared weights, above 0; raised tenfold until the factorisation succeeds.</param>
    /// <param name="refinements">Iterated Tikhonov steps, at least 1; 1 is the plain ridge.</param>
    /// <exception cref="InvalidOperationException">There are no samples.</exception>
    public double[] Solve(double ridge, int refinements = 1)
    {
        if (_samples.Count == 0)
            throw new InvalidOperationException("least squares without a sample");
        bool few = _samples.Count < _features;
        double[][] gram = few ? Overlaps() : Products();
        double[][] factor = [.. gram.Select(row => new double[row.Length])];
        for (double penalty = ridge * _samples.Count; !Cholesky(gram, factor, penalty); penalty *= 10)
        {
        }
        var weights = new double[_outputs * _features];
        double[][] rest = [.. Enumerable.Range(0, _outputs).Select(_ => new double[gram.Length])];
        for (int step = 0; step < refinements; step++)
        {
            for (int o = 0; o < _outputs; o++)
            {
                Array.Clear(rest[o]);
                Span<double> w = weights.AsSpan(o * _features, _features);
                for (int t = 0; t < _samples.Count; t++)
                    if (_targets[t][o] - VectorMath.Dot(w, _samples[t]) is var missing && few)
                        rest[o][t] = missing;
                    else
                        VectorMath.AddScaled(rest[o], _samples[t], missing);
                Substitute(factor, rest[o]);
                if (few)
                    for (int t = 0; t < _samples.Count; t++)
                        VectorMath.AddScaled(w, _samples[t], rest[o][t]);
                else
                    VectorMath.AddScaled(w, rest[o], 1);
            }
        }
        return weights;
    }

    /// <summary>Lower triangle of XXᵀ.</summary>
    double[][] Overlaps() => [.. _samples.Select((x, t) => _samples.Take(t + 1).Select(y => VectorMath.Dot(x, y)).ToArray())];

    /// <summary>Lower triangle of XᵀX.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    double[][] Products()
    {
        double[][] gram = [.. Enumerable.Range(1, _features).Select(n => new double[n])];
        // Eight samples at once, so that a row of the result is read and written an eighth as often.
        for (int t = 0; t < _samples.Count; t += RowsAtOnce)
            for (int i = 0; i < _features; i++)
            {
                Span<double> row = gram[i];
                if (t + RowsAtOnce <= _samples.Count)
                    VectorMath.AddEight(row, _samples, t, i);
                else
                    for (int k = t; k < _samples.Count; k++)
                        VectorMath.AddScaled(row, _samples[k], _samples[k][i]);
            }
        return gram;
    }

    static bool Cholesky(double[][] a, double[][] factor, double penalty)
    {
        for (int i = 0; i < a.Length; i++)
            for (int j = 0; j <= i; j++)
            {
                double sum = a[i][j] + (i == j ? penalty : 0) - VectorMath.Dot(factor[i].AsSpan(0, j), factor[j].AsSpan(0, j));
                if (i == j && !(sum > 0))
                    return false;
                factor[i][j] = i == j ? Math.Sqrt(sum) : sum / factor[j][j];
            }
        return true;
    }

    /// <summary>Solves L·Lᵀ·x = b in place.</summary>
    static void Substitute(double[][] factor, double[] x)
    {
        for (int i = 0; i < x.Length; i++)
            x[i] = (x[i] - VectorMath.Dot(factor[i].AsSpan(0, i), x)) / factor[i][i];
        for (int i = x.Length - 1; i >= 0; i--)
        {
            x[i] /= factor[i][i];
            VectorMath.AddScaled(x.AsSpan(0, i), factor[i], -x[i]);
        }
    }
}

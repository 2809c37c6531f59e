using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Sigma.Quantisation;

/// <summary>Measures what a change of the weights does to what a model says: the mean divergence (Kullback and Leibler) from its own former probabilities, in nats a token.</summary>
sealed class Sensitivity
{
    /// <summary>Floats of probabilities that are kept at most.</summary>
    const long Room = 1 << 24;

    readonly LanguageModel _model;
    readonly int[] _ids;
    readonly int _threads;
    readonly float[][] _probabilities;
    readonly double[] _entropies;
    readonly CancellationToken _cancel;

    /// <param name="model">As it is now.</param>
    /// <param name="ids">Tokens to look at; only as many are used as there is room for.</param>
    /// <param name="threads">Threads that work.</param>
    /// <param name="cancel">Checked between pieces.</param>
    public Sensitivity(LanguageModel model, int[] ids, int threads, CancellationToken cancel)
    {
        (_model, _threads, _cancel) = (model, threads, cancel);
        _ids = ids[..(int)Math.Min(ids.Length, Room / model.Vocabulary)];
        _probabilities = new float[_ids.Length][];
        _entropies = new double[_ids.Length];
        Run((token, logits, logSum) =>
        {
            var p = new float[logits.Length];
            double entropy = 0;
            for (int v = 0; v < p.Length; v++)
            {
                double log = logits[v] - logSum;
                p[v] = (float)FixedMath.Exp(log);
                entropy -= p[v] * log;
            }
            (_probabilities[token], _entropies[token]) = (p, entropy);
        });
    }

    /// <summary>The divergence of the model as it is now, in nats a token.</summary>
    public double Divergence()
    {
        double sum = 0;
        Run((token, logits, logSum) =>
        {
            float[] p = _probabilities[token];
            double cross = 0;
            for (int v = 0; v < p.Length; v++)
                cross += (double)p[v] * logits[v];
            sum += logSum - cross - _entropies[token];
        });
        return Math.Max(0, sum / _ids.Length);
    }

    delegate void RowReader(int token, ReadOnlySpan<float> logits, double logSum);

    unsafe void Run(RowReader read)
    {
        using var pool = new WorkerPool(1);
        var kernels = new CpuKernels(pool);
        float[] losses = new float[256], sums = new float[256];
        var targets = new int[256];
        TextRun.Read(_model, _ids, _threads, null, (first, logits) =>
        {
            fixed (float* loss = losses, sum = sums)
                kernels.CrossEntropy(logits, targets.AsSpan(0, logits.Rows), loss, sum);
            for (int r = 0; r < logits.Rows; r++)
            {
                // The loss of entry 0 gives the sum with the largest logit taken care of.
                var row = new ReadOnlySpan<float>(logits.Row(r), logits.Columns);
                read(first + r, row, (double)losses[r] + row[0]);
            }
        }, _cancel);
    }
}

using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Plans;

namespace Dum.Training;

/// <summary>
/// Turns the gradients of a plan into a change of its parameters: AdamW, or Muon for the matrices inside layers with AdamW
/// for the rest. Its memory lies in two arenas laid out as the parameters are, so a checkpoint is three copies of them.
/// </summary>
sealed unsafe class Optimiser : IDisposable
{
    const float Beta1 = 0.9f, Beta2 = 0.95f, Epsilon = 1e-8f, Momentum = 0.95f;

    /// <summary>Muon's steps are made as large as Adam's usually are, so that one learning rate serves both (arXiv 2502.16982).</summary>
    const float AdamLike = 0.2f;

    readonly Plan _plan;
    readonly KernelTable _kernels;
    readonly OptimiserKind _kind;
    readonly float _decay;
    readonly Block[] _means, _squares;
    readonly NativeFloats? _room;
    double _beta1Power = 1, _beta2Power = 1;

    public Optimiser(Plan plan, KernelTable kernels, OptimiserKind kind, double decay)
    {
        (_plan, _kernels, _kind, _decay) = (plan, kernels, kind, (float)decay);
        _means = [.. plan.Parameters.Select(p => Means.Take(p.Name, p.Value.Rows, p.Value.Columns))];
        _squares = [.. plan.Parameters.Select(p => Squares.Take(p.Name, p.Value.Rows, p.Value.Columns))];
        Means.Allocate();
        Squares.Allocate();
        long widest = plan.Parameters.Where(UsesMuon).SelectMany(p => p.Parts.Select(part => Oriented(part.Rows, p.Inputs))).Select(m => (long)m.Rows * Matrix.Padded(m.Columns)).DefaultIfEmpty().Max();
        _room = widest > 0 ? new NativeFloats(widest + 64, "Muon") : null;
    }

    /// <summary>Running means of the gradients (momentum, for Muon).</summary>
    public Arena Means { get; } = new("means");

    /// <summary>Running means of their squares; unused for Muon's matrices.</summary>
    public Arena Squares { get; } = new("squares");

    /// <summary>The length of the gradient over all parameters.</summary>
    public double GradientNorm()
    {
        double sum = 0;
        // By index: an enumerator of an interface would be allocated at every step.
        for (int i = 0; i < _plan.Parameters.Count; i++)
        {
            Parameter parameter = _plan.Parameters[i];
            sum += _kernels.SumOfSquares(parameter.Gradient.Data, parameter.Gradient.Floats);
        }
        return Math.Sqrt(sum);
    }

    /// <summary>Makes one step.</summary>
    /// <param name="rate">Learning rate.</param>
    /// <param name="scale">Every gradient is multiplied by it.</param>
    /// <param name="step">Number of this step, from 1.</param>
    public void Step(double rate, double scale, int step)
    {
        _beta1Power = FixedMath.Pow(Beta1, step);
        _beta2Power = FixedMath.Pow(Beta2, step);
        for (int i = 0; i < _plan.Parameters.Count; i++)
        {
            Parameter p = _plan.Parameters[i];
            if (UsesMuon(p))
                Muon(p, _means[i], (float)rate, (float)scale);
            else
                _kernels.AdamW(p.Value.Data, p.Gradient.Data, _means[i].Data, _squares[i].Data, p.Value.Floats, new AdamStep(
                    (float)rate, Beta1, Beta2, Epsilon, p.IsMatrix ? _decay : 0, (float)(1 / (1 - _beta1Power)), (float)(1 / (1 - _beta2Power)), (float)scale));
        }
    }

    public void Dispose()
    {
        Means.Dispose();
        Squares.Dispose();
        _room?.Dispose();
    }

    bool UsesMuon(Parameter p) => _kind == OptimiserKind.Muon && p.IsMatrix && p.Name is not ("model.embed_tokens" or "model.embed_pairs" or "lm_head");

    static (int Rows, int Columns) Oriented(int outputs, int inputs) => outputs <= inputs ? (outputs, inputs) : (inputs, outputs);

    /// <summary>Each part (query, key, value, gate, up) is a matrix of its own and is made orthogonal by itself.</summary>
    void Muon(Parameter p, Block momentum, float rate, float scale)
    {
        float* g = p.Gradient.Data, m = momentum.Data;
        for (long i = 0; i < p.Gradient.Floats; i++)
            m[i] = (Momentum * m[i]) + (g[i] * scale);
        int first = 0;
        foreach ((_, int rows) in p.Parts)
        {
            (int height, int width) = Oriented(rows, p.Inputs);
            bool turned = rows > p.Inputs;
            var x = new Matrix(_room!.Data, height, width, Matrix.Padded(width));
            for (int n = 0; n < rows; n++)
            {
                long at = At(p, first + n);
                for (int k = 0; k < p.Inputs; k++)
                    // Nesterov: the momentum as it will be.
                    *(turned ? x.Row(k) + n : x.Row(n) + k) = (g[at + (k * 16)] * scale) + (Momentum * m[at + (k * 16)]);
            }
            _kernels.Orthogonalise(x);
            float step = rate * AdamLike * MathF.Sqrt(Math.Max(rows, p.Inputs)), keep = 1 - (rate * _decay);
            float* w = p.Value.Data;
            for (int n = 0; n < rows; n++)
            {
                long at = At(p, first + n);
                for (int k = 0; k < p.Inputs; k++)
                    w[at + (k * 16)] = (w[at + (k * 16)] * keep) - (step * *(turned ? x.Row(k) + n : x.Row(n) + k));
            }
            first += rows;
        }
    }

    /// <summary>Where a row begins in the packed layout; its elements are 16 apart.</summary>
    static long At(Parameter p, int row) => ((long)(row / 16) * p.Inputs * 16) + (row % 16);
}

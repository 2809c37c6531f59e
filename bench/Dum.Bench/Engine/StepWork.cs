using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Training;

namespace Dum.Bench;

/// <summary>Training steps of a small GPT-like model on ids of no meaning: forward, backward, length of the gradient, AdamW.</summary>
sealed class StepWork : IDisposable
{
    readonly WorkerPool _pool;
    readonly KernelTable _kernels;
    readonly Optimiser _optimiser;
    int _step;

    public StepWork(int sequences, int threads, Func<KernelTable, KernelTable>? observe = null)
    {
        _pool = new WorkerPool(threads);
        _kernels = new CpuKernels(_pool);
        if (observe is not null)
            _kernels = observe(_kernels);
        Model = new TokenModel(RandomModel.Gpt12M, sequences, RandomModel.Gpt12M.Context, training: true);
        Model.Initialise(1);
        _optimiser = new Optimiser(Model.Plan, _kernels, OptimiserKind.AdamW, decay: 0.1);
        int[] ids = RandomModel.Ids(Tokens + 1, Model.Shape.Vocabulary);
        ids.AsSpan(0, Tokens).CopyTo(Model.Ids);
        ids.AsSpan(1).CopyTo(Model.Targets);
        Model.Loss!.Scale = 1f / Tokens;
    }

    public TokenModel Model { get; }

    public int Tokens => Model.Ids.Length;

    /// <summary>Bytes of the optimiser's two means.</summary>
    public long OptimiserBytes => _optimiser.Means.Bytes + _optimiser.Squares.Bytes;

    public void Step()
    {
        Model.Plan.Forward(_kernels);
        Model.Plan.Backward(_kernels);
        double norm = _optimiser.GradientNorm();
        if (!double.IsFinite(norm))
            throw new DumException("a training step came out wrong");
        _optimiser.Step(1e-4, norm > 1 ? 1 / norm : 1, ++_step);
    }

    public void Dispose()
    {
        _optimiser.Dispose();
        Model.Dispose();
        _pool.Dispose();
    }
}

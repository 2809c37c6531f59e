using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Plans;

/// <summary>Which products of a plan get an adapter, and of what size.</summary>
/// <param name="Rank">Inner channels.</param>
/// <param name="Scale">What the adapter's product is multiplied by: α divided by the rank.</param>
/// <param name="Applies">Says of a weight's name in a checkpoint whether it is adapted.</param>
sealed record LoraSettings(int Rank, float Scale, Func<string, bool> Applies);

/// <summary>
/// y = x·Wᵀ + b + scale·(x·Aᵀ)·Bᵀ with W frozen, or y = stream + … where a branch joins the residual stream (LoRA, arXiv
/// 2106.09685). W may hold several matrices of a checkpoint (query, key, value); each has an A and a B of its own.
/// </summary>
/// <param name="product">x·Wᵀ + b into y; its backward assigns the gradient of x.</param>
/// <param name="parts">At least one.</param>
/// <param name="x">[rows × inputs].</param>
/// <param name="y">[rows × outputs].</param>
/// <param name="stream">What y continues, or null.</param>
sealed class LoraLinear(Linear product, IReadOnlyList<LoraPart> parts, Tensor x, Tensor y, Tensor? stream) : Operation
{
    public override string Name => product.Name;

    public override void Forward(KernelTable kernels)
    {
        product.Forward(kernels);
        foreach (LoraPart part in parts)
            part.Forward(kernels, x, y);
        if (stream is not null)
            kernels.Add(stream.Value, y.Value, y.Value);
    }

    public override void Backward(KernelTable kernels)
    {
        product.Backward(kernels);
        foreach (LoraPart part in parts)
            part.Backward(kernels, x, y);
    }
}

/// <summary>The adapter of one matrix.</summary>
sealed class LoraPart
{
    readonly Plan _plan;
    readonly Parameter _a, _b;
    readonly Tensor _reduced;
    readonly PackedWeights? _aTransposed, _bTransposed;
    readonly int _column;
    readonly float _scale;
    readonly LowRankRows[] _rows;

    /// <param name="plan">Takes the parameters <c>NAME.lora_A</c> and <c>NAME.lora_B</c>.</param>
    /// <param name="settings">Rank and scale.</param>
    /// <param name="name">Of the matrix, without <c>.weight</c>.</param>
    /// <param name="column">Its first output among those of the product.</param>
    /// <param name="outputs">Its outputs.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="rows">Of the batch.</param>
    public LoraPart(Plan plan, LoraSettings settings, string name, int column, int outputs, int inputs, int rows)
    {
        (_plan, _column, _scale) = (plan, column, settings.Scale);
        _a = plan.Adapter(name + ".lora_A", settings.Rank, inputs);
        _b = plan.Adapter(name + ".lora_B", outputs, settings.Rank);
        _reduced = plan.Tensor(name + " reduced", rows, settings.Rank);
        if (plan.Room(_a) is { } roomA && plan.Room(_b) is { } roomB)
            (_aTransposed, _bTransposed) = (PackedWeights.Over(roomA, inputs, settings.Rank), PackedWeights.Over(roomB, settings.Rank, outputs));
        _rows = [new LowRankRows(0, rows, [new LowRankPart(new LowRankInput(_a.Weights!), _b.Weights!, column, settings.Scale)])];
    }

    public void Forward(KernelTable kernels, Tensor x, Tensor y) => kernels.AddLowRank(x.Value, _rows, 1, _reduced.Value, y.Value);

    /// <summary>The reduced rows are kept with their scale, so B's gradient needs none; the others get it once, on the way through them.</summary>
    public void Backward(KernelTable kernels, Tensor x, Tensor y)
    {
        Matrix all = y.Gradient!, dy = all.Slice(_column, _b.Outputs);
        if (!_plan.Accumulates)
        {
            kernels.Transpose(_a.Weights!, _aTransposed!);
            kernels.Transpose(_b.Weights!, _bTransposed!);
        }
        kernels.LinearWeights(_reduced.Value, dy, _b.GradientWeights!, _plan.Accumulates);
        ClearPadding(_b.GradientWeights!);
        kernels.LinearInput(dy, _bTransposed!, _reduced.Gradient!);
        kernels.Scale(_reduced.Gradient!, _scale);
        kernels.LinearWeights(x.Value, _reduced.Gradient!, _a.GradientWeights!, _plan.Accumulates);
        kernels.LinearInput(_reduced.Gradient!, _aTransposed!, x.Gradient!, add: true);
    }

    /// <summary>Beside these columns lie those of another matrix, not the zeros that a product of whole panels counts on.</summary>
    static unsafe void ClearPadding(PackedWeights gradient)
    {
        int used = gradient.Outputs % 16;
        float* last = (float*)gradient.Panel(gradient.Panels - 1);
        for (int i = 0; used > 0 && i < gradient.Inputs; i++)
            new Span<float>(last + (i * 16) + used, 16 - used).Clear();
    }
}

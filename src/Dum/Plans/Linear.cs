using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Plans;

/// <summary>
/// y = x·Wᵀ + b, or y = stream + x·Wᵀ + b where a branch joins the residual stream. Of frozen weights only the way to x goes
/// back; integer ones count there as the numbers that they stand for (straight through the rounding of activations).
/// </summary>
/// <param name="plan">Says whether gradients accumulate.</param>
/// <param name="weights">[outputs × inputs].</param>
/// <param name="bias">[outputs] or null.</param>
/// <param name="transposed">Room for the weights transposed, which the way back reads; null in a plan that only runs forward.</param>
/// <param name="x">[rows × inputs].</param>
/// <param name="y">[rows × outputs].</param>
/// <param name="stream">What y continues, or null.</param>
sealed unsafe class Linear(Plan plan, Parameter weights, Parameter? bias, Block? transposed, Tensor x, Tensor y, Tensor? stream = null) : Operation
{
    readonly PackedWeights? _transposed = transposed is null ? null : PackedWeights.Over(transposed, weights.Inputs, weights.Outputs);

    public override string Name => weights.Name;

    public override void Forward(KernelTable kernels)
    {
        kernels.Linear(x.Value, weights.Weights!, bias is null ? null : bias.Data, y.Value);
        if (stream is not null)
            kernels.Add(stream.Value, y.Value, y.Value);
    }

    public override void Backward(KernelTable kernels)
    {
        // Weights change between steps, not between the micro-batches of one; frozen ones share the room with others.
        if (!plan.Accumulates || weights.IsFrozen)
            kernels.Transpose(weights.Weights!, _transposed!);
        if (!weights.IsFrozen)
            kernels.LinearWeights(x.Value, y.Gradient!, weights.GradientWeights!, plan.Accumulates);
        if (bias is { IsFrozen: false })
            kernels.BiasBackward(y.Gradient!, bias.GradientData, add: true);
        kernels.LinearInput(y.Gradient!, _transposed!, x.Gradient!);
    }
}

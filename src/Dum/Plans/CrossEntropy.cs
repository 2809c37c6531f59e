using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Plans;

/// <summary>The mean cross-entropy of logits against the next ids, in nats.</summary>
/// <param name="logits">[rows × vocabulary]; their gradient takes their place.</param>
/// <param name="targets">One per row; below 0 for none.</param>
/// <param name="losses">[1 × rows], nats.</param>
/// <param name="logSums">[1 × rows].</param>
sealed unsafe class CrossEntropy(Tensor logits, int[] targets, Block losses, Block logSums) : Operation
{
    public override string Name => "loss";

    /// <summary>What the gradient is multiplied by: 1 over the counted rows of all micro-batches of the step.</summary>
    public float Scale { get; set; } = 1f / targets.Length;

    /// <summary>Nats of every row.</summary>
    public ReadOnlySpan<float> Losses => losses.Row(0);

    public override void Forward(KernelTable kernels) => kernels.CrossEntropy(logits.Value, targets, losses.Data, logSums.Data);

    public override void Backward(KernelTable kernels) => kernels.CrossEntropyBackward(logits.Value, targets, logSums.Data, Scale, logits.Gradient!);
}

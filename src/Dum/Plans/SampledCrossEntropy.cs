using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Plans;

/// <summary>
/// Cross-entropy over a few candidates instead of the whole vocabulary: the targets of the batch and ids drawn with known
/// probabilities, whose logarithm is taken off the logits so that the gradient aims at the full loss (Bengio and Senécal,
/// 2008; the expected counts are those of Jean et al., arXiv 1412.2007). For training only: its value is not comparable.
/// </summary>
/// <param name="plan">Says whether gradients accumulate.</param>
/// <param name="head">[vocabulary × channels].</param>
/// <param name="x">[rows × channels].</param>
/// <param name="targets">One per row; below 0 for none.</param>
/// <param name="candidates">Chooses ids; drawn anew on every forward pass.</param>
/// <param name="blocks">Memory, see <see cref="SampledBlocks"/>.</param>
sealed unsafe class SampledCrossEntropy(Plan plan, Parameter head, Tensor x, int[] targets, Candidates candidates, SampledBlocks blocks) : Operation
{
    readonly PackedWeights _some = PackedWeights.Over(blocks.Some, blocks.Count, head.Inputs), _gradient = PackedWeights.Over(blocks.Gradient, blocks.Count, head.Inputs);
    readonly PackedWeights _transposed = PackedWeights.Over(blocks.Transposed, head.Inputs, blocks.Count);

    public override string Name => "sampled loss";

    /// <summary>Candidates at most.</summary>
    public int Count => blocks.Count;

    /// <summary>What the gradient is multiplied by.</summary>
    public float Scale { get; set; } = 1f / targets.Length;

    /// <summary>Nats of every row over the candidates: lower than those over the vocabulary.</summary>
    public ReadOnlySpan<float> Losses => blocks.Losses.Row(0);

    public override void Forward(KernelTable kernels)
    {
        candidates.Draw(targets);
        kernels.Gather(head.Weights!, candidates.Ids, _some);
        kernels.Linear(x.Value, _some, null, blocks.Logits);
        kernels.MaskCandidates(blocks.Logits, candidates.Ids, candidates.Drawn, candidates.LogCounts, targets, candidates.Columns);
        kernels.CrossEntropy(blocks.Logits, candidates.Columns, blocks.Losses.Data, blocks.LogSums.Data);
    }

    public override void Backward(KernelTable kernels)
    {
        if (!plan.Accumulates)
            head.Gradient.Span.Clear();
        kernels.CrossEntropyBackward(blocks.Logits, candidates.Columns, blocks.LogSums.Data, Scale, blocks.Logits);
        kernels.LinearWeights(x.Value, blocks.Logits, _gradient, add: false);
        kernels.ScatterAdd(_gradient, candidates.Ids, head.GradientWeights!);
        kernels.Transpose(_some, _transposed);
        kernels.LinearInput(blocks.Logits, _transposed, x.Gradient!);
    }
}

/// <summary>Memory of a <see cref="SampledCrossEntropy"/>: the weights of the candidates, twice more for the way back, and their logits.</summary>
sealed class SampledBlocks
{
    /// <param name="plan">Whose arenas.</param>
    /// <param name="rows">Of the batch.</param>
    /// <param name="count">Candidates at most, targets among them.</param>
    /// <param name="channels">Inputs of the head.</param>
    public SampledBlocks(Plan plan, int rows, int count, int channels)
    {
        Count = count;
        int panels = Matrix.Padded(count) / Matrix.Lane;
        Some = plan.Activations.Take("candidates", panels, channels * 16);
        Logits = plan.Activations.Take("candidate logits", rows, count);
        (Losses, LogSums) = (plan.Activations.Take("sampled losses", 1, rows), plan.Activations.Take("sampled log sums", 1, rows));
        Gradient = plan.ActivationGradients.Take("candidates", panels, channels * 16);
        Transposed = plan.ActivationGradients.Take("candidates transposed", Matrix.Padded(channels) / Matrix.Lane, count * 16);
    }

    public int Count { get; }
    public Block Some { get; }
    public Block Logits { get; }
    public Block Losses { get; }
    public Block LogSums { get; }
    public Block Gradient { get; }
    public Block Transposed { get; }
}

using Dum.Checkpoints;
using Dum.Plans;

namespace Dum.Models;

/// <summary>
/// A decoder of the Llama family over the units of any lexicon, as a plan of operations: the baseline that everything
/// else is measured against, and the carrier of existing checkpoints.
/// </summary>
sealed class TokenModel : PlanModel
{
    /// <summary>What the names of its layers begin with.</summary>
    public const string Prefix = "model.layers.";

    readonly LayerStack _stack;

    /// <param name="shape">Sizes.</param>
    /// <param name="sequences">Sequences per batch.</param>
    /// <param name="length">Positions per sequence.</param>
    /// <param name="training">Whether there is a backward pass.</param>
    /// <param name="candidates">Makes training use a sampled loss; null for the full one.</param>
    /// <param name="plan">What to append to: a plan over frozen weights, with adapters; null for one that learns everything. Disposed with the model.</param>
    public TokenModel(ModelShape shape, int sequences, int length, bool training, Candidates? candidates = null, Plan? plan = null)
        : base(shape.Vocabulary, sequences, length, plan ?? new Plan(training), candidates)
    {
        Shape = shape;
        Tensor stream = Embed(shape.Width, shape.TiedHead);
        _stack = new LayerStack(Plan, shape, Prefix, Ids.Length, length);
        Predict(_stack.Append(stream), shape.NormEpsilon, shape.TiedHead);
        Plan.Allocate();
    }

    public ModelShape Shape { get; }
    public LayerParameters[] Layers => _stack.Layers;

    public override double FlopsPerUnit => Flops.Training(Shape, Length) + (6.0 * Shape.Width * (SampledLoss is null ? Vocabulary : SampledLoss.Count));

    public override long Parameters => Shape.Parameters;

    protected override int Depth => Shape.Layers;

    public override void Dispose()
    {
        base.Dispose();
        _stack.Dispose();
    }
}

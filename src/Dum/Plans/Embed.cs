using Dum.Numerics.Kernels;

namespace Dum.Plans;

/// <summary>Rows of a table by id.</summary>
sealed class Embed(Plan plan, Parameter table, int[] ids, Tensor y, bool tied) : Operation
{
    public override string Name => table.Name;

    public override void Forward(KernelTable kernels) => kernels.Embed(ids, table.Weights!, y.Value);

    public override void Backward(KernelTable kernels)
    {
        if (table.IsFrozen)
            return;
        // A tied head, which comes first on the way back, has already assigned.
        if (!tied && !plan.Accumulates)
            table.Gradient.Span.Clear();
        kernels.EmbedBackward(ids, y.Gradient!, table.GradientWeights!);
    }
}

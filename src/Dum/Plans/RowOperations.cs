using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Plans;

/// <summary>Rows laid side by side: y, read as rows of x's width, takes x's rows in a given order. Every row of x is taken at most once.</summary>
/// <param name="name">For messages.</param>
/// <param name="x">[rows × channels]; channels a multiple of 16.</param>
/// <param name="rows">For every place in y the row of x, or −1 for zeros.</param>
/// <param name="places">For every row of x its place in y, or −1.</param>
/// <param name="y">[places/n × n·channels].</param>
sealed class TakeRows(string name, Tensor x, int[] rows, int[] places, Tensor y) : Operation
{
    public override string Name => name;

    public override void Forward(KernelTable kernels) => kernels.TakeRows(x.Value, rows, Narrow(y.Value));

    public override void Backward(KernelTable kernels) => kernels.TakeRows(Narrow(y.Gradient!), places, x.Gradient!);

    unsafe Matrix Narrow(Block wide) => new(wide.Data, rows.Length, x.Value.Columns, x.Value.Columns);
}

/// <summary>y = stream + context[rows[r]]: the residual stream receives what was computed for fewer rows.</summary>
/// <param name="name">For messages.</param>
/// <param name="stream">What y continues; they share a gradient.</param>
/// <param name="context">[fewer rows × at least first + channels].</param>
/// <param name="first">Its first channel that is added.</param>
/// <param name="rows">For every row of y the row of context, or −1 for none.</param>
/// <param name="y">[rows × channels].</param>
sealed class AddRows(string name, Tensor stream, Tensor context, int first, int[] rows, Tensor y) : Operation
{
    public override string Name => name;

    public override void Forward(KernelTable kernels) => kernels.AddRows(stream.Value, Part(context.Value), rows, y.Value);

    public override void Backward(KernelTable kernels) => kernels.SumRows(y.Gradient!, rows, Part(context.Gradient!));

    Matrix Part(Matrix wide) => wide.Slice(first, y.Value.Columns);
}

/// <summary>y = a + b, where all three share one gradient: a sum hands on what it gets.</summary>
sealed class Sum(string name, Tensor a, Tensor b, Tensor y) : Operation
{
    public override string Name => name;

    public override void Forward(KernelTable kernels) => kernels.Add(a.Value, b.Value, y.Value);

    public override void Backward(KernelTable kernels)
    {
    }
}

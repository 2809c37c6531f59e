using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Plans;

/// <summary>RMSNorm of every head's query and key (Qwen 3); values pass through.</summary>
/// <param name="query">Gain of the queries, [head size].</param>
/// <param name="key">Gain of the keys.</param>
/// <param name="shape">Heads.</param>
/// <param name="x">Queries, keys, values beside each other.</param>
/// <param name="y">The same, normed.</param>
/// <param name="inverse">[query heads + key heads × rows].</param>
/// <param name="epsilon">Added to the mean square.</param>
sealed unsafe class HeadNorm(Parameter query, Parameter key, AttentionShape shape, Tensor x, Tensor y, Block inverse, float epsilon) : Operation
{
    public override string Name => query.Name;

    public override void Forward(KernelTable kernels)
    {
        Matrix from = x.Value, to = y.Value;
        for (int h = 0; h < shape.Heads + shape.KeyValueHeads; h++)
            kernels.Norm(from.Slice(h * shape.HeadSize, shape.HeadSize), Gain(h).Data, epsilon, to.Slice(h * shape.HeadSize, shape.HeadSize), inverse.Data + ((long)h * inverse.Stride));
        Copy(x.Value, y.Value);
    }

    public override void Backward(KernelTable kernels)
    {
        Matrix from = x.Value, d = y.Gradient!, to = x.Gradient!;
        for (int h = 0; h < shape.Heads + shape.KeyValueHeads; h++)
            kernels.NormBackward(from.Slice(h * shape.HeadSize, shape.HeadSize), Gain(h).Data, inverse.Data + ((long)h * inverse.Stride),
                d.Slice(h * shape.HeadSize, shape.HeadSize), to.Slice(h * shape.HeadSize, shape.HeadSize), Gain(h).GradientData, add: false);
        Copy(y.Gradient!, x.Gradient!);
    }

    Parameter Gain(int head) => head < shape.Heads ? query : key;

    void Copy(Block from, Block to)
    {
        for (int r = 0; r < from.Rows; r++)
            from.Row(r)[(shape.QueryWidth + shape.KeyWidth)..].CopyTo(to.Row(r)[(shape.QueryWidth + shape.KeyWidth)..]);
    }
}

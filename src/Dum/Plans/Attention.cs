using Dum.Numerics.Kernels;

namespace Dum.Plans;

/// <summary>Rotary position encoding in place, then causal attention with grouped queries, then nothing: the output product is a <see cref="Linear"/>.</summary>
/// <param name="name">For messages.</param>
/// <param name="shape">Heads and window.</param>
/// <param name="rotary">Angles.</param>
/// <param name="positions">Of every row.</param>
/// <param name="length">Rows per sequence.</param>
/// <param name="qkv">Queries, keys and values beside each other; rotated here.</param>
/// <param name="y">[rows × query width].</param>
sealed class Attention(string name, AttentionShape shape, RotaryTable rotary, int[] positions, int length, Tensor qkv, Tensor y) : Operation
{
    public override string Name => name;

    public override void Forward(KernelTable kernels)
    {
        kernels.Rotate(qkv.Value, shape.Heads + shape.KeyValueHeads, rotary, positions, back: false);
        kernels.Attention(qkv.Value, length, shape, y.Value);
    }

    public override void Backward(KernelTable kernels)
    {
        kernels.AttentionBackward(qkv.Value, length, shape, y.Gradient!, qkv.Gradient!);
        // A rotation's derivative is the rotation back.
        kernels.Rotate(qkv.Gradient!, shape.Heads + shape.KeyValueHeads, rotary, positions, back: true);
    }
}

using Dum.Numerics.Kernels;

namespace Dum.Plans;

/// <summary>silu(gate)·up of the feed-forward block; gate and up lie beside each other in x.</summary>
sealed class SwiGlu(string name, Tensor x, Tensor y) : Operation
{
    public override string Name => name;

    public override void Forward(KernelTable kernels) => kernels.SwiGlu(x.Value, y.Value);

    public override void Backward(KernelTable kernels) => kernels.SwiGluBackward(x.Value, y.Gradient!, x.Gradient!);
}

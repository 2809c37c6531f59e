using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Plans;

/// <summary>RMSNorm of the residual stream.</summary>
/// <param name="gain">[channels].</param>
/// <param name="x">The stream.</param>
/// <param name="y">Normed.</param>
/// <param name="inverse">[rows × 1], kept for the way back.</param>
/// <param name="epsilon">Added to the mean square.</param>
/// <param name="last">True for the last reader of the stream, the first on the way back: it assigns the stream's gradient.</param>
sealed unsafe class Norm(Parameter gain, Tensor x, Tensor y, Block inverse, float epsilon, bool last) : Operation
{
    public override string Name => gain.Name;

    public override void Forward(KernelTable kernels) => kernels.Norm(x.Value, gain.Data, epsilon, y.Value, inverse.Data);

    public override void Backward(KernelTable kernels) =>
        kernels.NormBackward(x.Value, gain.Data, inverse.Data, y.Gradient!, x.Gradient!, gain.GradientData, add: !last);
}

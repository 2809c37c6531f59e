using Dum.Numerics;

namespace Dum.Plans;

/// <summary>An activation: what one operation writes and the next reads, with the place of its gradient (null in a plan that only runs forward).</summary>
/// <param name="Value">[rows × channels].</param>
/// <param name="Gradient">The same shape. All tensors of the residual stream share one: what flows past an addition is the same on both sides.</param>
sealed record Tensor(Block Value, Block? Gradient);

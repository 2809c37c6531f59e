using Dum.Numerics.Kernels;

namespace Dum.Plans;

/// <summary>
/// One step of a plan with its derivative. It owns named blocks of the arenas and calls only the kernel table.
/// The rule of gradients: parameter gradients accumulate over the micro-batches of a step; the gradient of an activation is
/// assigned by its only reader, but for the residual stream, where the last reader assigns and the others add.
/// </summary>
abstract class Operation
{
    public abstract string Name { get; }

    public abstract void Forward(KernelTable kernels);

    public abstract void Backward(KernelTable kernels);
}

using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Sigma.Quantisation;

/// <summary>A table that shows what every matrix reads.</summary>
/// <param name="inner">Does the work.</param>
/// <param name="see">Is told the address of the weights and their inputs.</param>
sealed unsafe class CalibrationKernels(KernelTable inner, CalibrationKernels.Inputs see) : PassKernels(inner)
{
    /// <summary>Takes inputs.</summary>
    public delegate void Inputs(nint weights, Matrix x);

    public override void Linear(Matrix x, PackedWeights w, float* bias, Matrix y)
    {
        see((nint)w.Data, x);
        base.Linear(x, w, bias, y);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dum.Rhythm.Memory;

/// <summary>Inner products of complex patterns in single precision, eight lanes wide and folded in a fixed order.</summary>
static class SlotOverlap
{
    /// <summary>Σ x̄·z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Real, float Imaginary) Of(ReadOnlySpan<float> xReal, ReadOnlySpan<float> xImaginary, ReadOnlySpan<float> zReal, ReadOnlySpan<float> zImaginary)
    {
        ref float a = ref MemoryMarshal.GetReference(xReal), b = ref MemoryMarshal.GetReference(xImaginary), c = ref MemoryMarshal.GetReference(zReal), d = ref MemoryMarshal.GetReference(zImaginary);
        Vector256<float> re = default, im = default, re2 = default, im2 = default;
        for (nuint i = 0; i < (nuint)xReal.Length; i += 8)
        {
            Vector256<float> x = Vector256.LoadUnsafe(ref a, i), y = Vector256.LoadUnsafe(ref b, i), u = Vector256.LoadUnsafe(ref c, i), v = Vector256.LoadUnsafe(ref d, i);
            re = Vector256.FusedMultiplyAdd(x, u, re);
            re2 = Vector256.FusedMultiplyAdd(y, v, re2);
            im = Vector256.FusedMultiplyAdd(x, v, im);
            im2 = Vector256.FusedMultiplyAdd(y, u, im2);
        }
        return (Dum.Numerics.Lanes.Fold(re + re2), Dum.Numerics.Lanes.Fold(im - im2));
    }

    /// <summary>to += (p + iq)·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(Span<float> toReal, Span<float> toImaginary, ReadOnlySpan<float> xReal, ReadOnlySpan<float> xImaginary, float p, float q)
    {
        for (int i = 0; i < toReal.Length; i++)
        {
            toReal[i] += (p * xReal[i]) - (q * xImaginary[i]);
            toImaginary[i] += (p * xImaginary[i]) + (q * xReal[i]);
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Coding;

/// <summary>
/// Logistic mixing of eight logits by the sum of two weight vectors, and its gradient step. Whole numbers, so the
/// order of summation cannot matter.
/// </summary>
static class Mixer
{
    /// <summary>Weights stay within ±8 (65536 = 1): products of weight and logit then fit 32 bits.</summary>
    public const int MostWeight = (1 << 18) - 1;

    /// <summary>The mixed logit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(Vector256<int> logits, ref int weights, int first, int second)
    {
        Vector256<int> weight = Vector256.LoadUnsafe(ref weights, (nuint)first) + Vector256.LoadUnsafe(ref weights, (nuint)second);
        return Vector256.Sum((weight * logits) >> 8) >> 8;
    }

    /// <summary>Moves both weight vectors down the coding-cost gradient: by error times logit.</summary>
    /// <param name="logits">The inputs of the decision.</param>
    /// <param name="weights">All weights.</param>
    /// <param name="first">Where the first vector starts.</param>
    /// <param name="second">Where the second vector starts.</param>
    /// <param name="error">Bit minus probability, in 1/65536, times the rate: at most 18 bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Learn(Vector256<int> logits, ref int weights, int first, int second, int error)
    {
        Vector256<int> step = (logits * Vector256.Create(error) + Vector256.Create(1 << 13)) >> 14;
        Vector256<int> most = Vector256.Create(MostWeight);
        Vector256<int> a = Vector256.LoadUnsafe(ref weights, (nuint)first) + step;
        Vector256<int> b = Vector256.LoadUnsafe(ref weights, (nuint)second) + step;
        Vector256.Max(Vector256.Min(a, most), -most).StoreUnsafe(ref weights, (nuint)first);
        Vector256.Max(Vector256.Min(b, most), -most).StoreUnsafe(ref weights, (nuint)second);
    }
}

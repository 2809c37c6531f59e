using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Coding;

/// <summary>
/// Logistic mixing of eight logits by the sum of weight vectors, and its gradient step. Whole numbers, so the order of
/// summation cannot matter.
/// </summary>
static class Mixer
{
    /// <summary>Weights stay within ±8 (65536 = 1): products of weight and logit then fit 32 bits.</summary>
    public const int MostWeight = (1 << 18) - 1;

    /// <summary>The mixed logit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(Vector256<int> logits, ref int weights, int first, int second) => Dot(logits, Weight(ref weights, first) + Weight(ref weights, second)) >> 8;

    /// <summary>The mixed logit in 1/256 of its unit, for a sum of several.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(Vector256<int> logits, Vector256<int> weight) => Vector256.Sum((weight * logits) >> 8);

    /// <summary>The weight vector that starts at <paramref name="at"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Weight(ref int weights, int at) => Vector256.LoadUnsafe(ref weights, (nuint)at);

    /// <summary>Moves both weight vectors down the coding-cost gradient: by error times logit.</summary>
    /// <param name="logits">The inputs of the decision.</param>
    /// <param name="weights">All weights.</param>
    /// <param name="first">Where the first vector starts.</param>
    /// <param name="second">Where the second vector starts.</param>
    /// <param name="error">Bit minus probability, in 1/65536, times the rate: at most 18 bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Learn(Vector256<int> logits, ref int weights, int first, int second, int error)
    {
        Vector256<int> step = Step(logits, error);
        Vector256<int> a = Moved(ref weights, first, step), b = Moved(ref weights, second, step);
        a.StoreUnsafe(ref weights, (nuint)first);
        b.StoreUnsafe(ref weights, (nuint)second);
    }

    /// <summary>By how much an error moves the weights of its inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Step(Vector256<int> logits, int error) => (logits * Vector256.Create(error) + Vector256.Create(1 << 13)) >> 14;

    /// <summary>The weight vector that starts at <paramref name="at"/> after a step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Moved(ref int weights, int at, Vector256<int> step)
    {
        Vector256<int> most = Vector256.Create(MostWeight);
        return Vector256.Max(Vector256.Min(Weight(ref weights, at) + step, most), -most);
    }
}

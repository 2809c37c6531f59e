using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Dum.Numerics;

namespace Dum.Bench.Rhythm;

/// <summary>
/// Names a byte by eight decisions, each a logistic readout of its own: only the eight on the way to the byte that came look and
/// learn, each by its own error times its own features (the delta rule). 16·F multiplications a byte.
/// </summary>
/// <param name="features">F, a multiple of sixteen.</param>
sealed class ByteTree(int features)
{
    const double Least = 1e-5;

    // An error too small to matter moves nothing.
    const double Small = 5e-4;

    readonly float[] _weights = new float[256 * features];

    /// <summary>Weights that can be learned.</summary>
    public int Weights => 255 * features;

    /// <summary>What a byte costs, and learns it.</summary>
    /// <param name="x">F features, Σx² = 1.</param>
    /// <param name="value">The byte.</param>
    /// <param name="rate">By how much of its error a readout moves.</param>
    /// <returns>Bits.</returns>
    public double Learn(ReadOnlySpan<float> x, int value, double rate)
    {
        double bits = 0;
        for (int i = 7, node = 1; i >= 0; i--)
        {
            Span<float> w = _weights.AsSpan(node * features, features);
            double p = Math.Clamp(1 / (1 + FixedMath.Exp(-Dot(w, x))), Least, 1 - Least);
            int bit = value >> i & 1;
            bits -= FixedMath.Log(bit != 0 ? p : 1 - p) / FixedMath.Log(2);
            if (Math.Abs(bit - p) > Small)
                Move(w, x, (float)(rate * (bit - p)));
            node = (node * 2) + bit;
        }
        return bits;
    }

    static double Dot(ReadOnlySpan<float> w, ReadOnlySpan<float> x)
    {
        Vector256<float> even = default, odd = default;
        ReadOnlySpan<Vector256<float>> a = MemoryMarshal.Cast<float, Vector256<float>>(w), b = MemoryMarshal.Cast<float, Vector256<float>>(x);
        for (int i = 0; i + 1 < a.Length; i += 2)
        {
            even = Vector256.FusedMultiplyAdd(a[i], b[i], even);
            odd = Vector256.FusedMultiplyAdd(a[i + 1], b[i + 1], odd);
        }
        Vector256<float> all = even + odd;
        double sum = 0;
        for (int lane = 0; lane < Vector256<float>.Count; lane++)
            sum += all[lane];
        return sum;
    }

    static void Move(Span<float> w, ReadOnlySpan<float> x, float by)
    {
        Span<Vector256<float>> a = MemoryMarshal.Cast<float, Vector256<float>>(w);
        ReadOnlySpan<Vector256<float>> b = MemoryMarshal.Cast<float, Vector256<float>>(x);
        Vector256<float> share = Vector256.Create(by);
        for (int i = 0; i < a.Length; i++)
            a[i] = Vector256.FusedMultiplyAdd(share, b[i], a[i]);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dum.Numerics.Formats;

namespace Dum.Numerics.Kernels;

/// <summary>Rounds groups of 32 floats to bytes or nibbles with one scale.</summary>
static unsafe class Quantise
{
    /// <summary>Bytes of a weight group. The scale is a half, the largest magnitude / 127.</summary>
    public static ushort Int8(ReadOnlySpan<float> values, Span<sbyte> quanta)
    {
        float largest = 0;
        foreach (float value in values)
            largest = Math.Max(largest, Math.Abs(value));
        ushort scale = Float16.FromSingle(largest / 127);
        Round(values, quanta, Float16.ToSingle(scale), -127, 127);
        return scale;
    }

    /// <summary>
    /// Nibbles of a weight group. The scale has the sign that puts the largest value on −8, the end with one more step;
    /// two neighbours of it are tried too and the least squared error wins.
    /// </summary>
    public static ushort Int4(ReadOnlySpan<float> values, Span<sbyte> quanta)
    {
        float largest = 0;
        foreach (float value in values)
            if (Math.Abs(value) > Math.Abs(largest))
                largest = value;
        Span<sbyte> tried = stackalloc sbyte[quanta.Length];
        ushort best = 0x7E00; // NaN, unless some scale gives a finite error
        double least = double.PositiveInfinity;
        foreach (float steps in (ReadOnlySpan<float>)[-8f, -7.5f, -8.5f])
        {
            ushort scale = Float16.FromSingle(largest / steps);
            double error = Round(values, tried, Float16.ToSingle(scale), -8, 7);
            if (error < least)
            {
                (least, best) = (error, scale);
                tried.CopyTo(quanta);
            }
        }
        return best;
    }

    static double Round(ReadOnlySpan<float> values, Span<sbyte> quanta, float scale, int low, int high)
    {
        quanta.Clear();
        double error = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (scale != 0)
                quanta[i] = (sbyte)Math.Clamp((int)MathF.Round(Math.Clamp(values[i] / scale, -1000f, 1000f)), low, high);
            double off = values[i] - (quanta[i] * scale);
            error += off * off;
        }
        return error;
    }

    /// <summary>
    /// A row of activations as bytes: [group of 32] quanta, their magnitudes, one float scale and eight times their sum a
    /// group. The last group is filled up with zeros. A group with a number that is not finite gets the scale NaN and zeros.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(float* x, int n, sbyte* quanta, byte* magnitudes, float* scales, int* sums)
    {
        for (int group = 0; group * 32 < n; group++)
        {
            float* from = x + (group * 32);
            int count = Math.Min(32, n - (group * 32));
            Vector256<float> a = At(from, count), b = At(from + 8, count - 8), c = At(from + 16, count - 16), d = At(from + 24, count - 24);
            // Magnitudes are ordered as their bits are, and NaN lies above ∞.
            Vector256<int> top = Vector256.Max(Vector256.Max(Magnitude(a), Magnitude(b)), Vector256.Max(Magnitude(c), Magnitude(d)));
            int bits = 0;
            for (int lane = 0; lane < 8; lane++)
                bits = Math.Max(bits, top.GetElement(lane));
            if (bits >= 0x7F800000)
            {
                scales[group] = float.NaN;
                sums[group] = 0;
                Vector256<sbyte>.Zero.Store(quanta + (group * 32));
                Vector256<byte>.Zero.Store(magnitudes + (group * 32));
                continue;
            }
            float scale = BitConverter.Int32BitsToSingle(bits) / 127;
            scales[group] = scale;
            Vector256<float> inverse = Vector256.Create(scale > 1e-30f ? 1 / scale : 0);
            Vector256<int> qa = Nearest(a * inverse), qb = Nearest(b * inverse), qc = Nearest(c * inverse), qd = Nearest(d * inverse);
            Vector256<short> low = Vector256.Narrow(qa, qb), high = Vector256.Narrow(qc, qd);
            Vector256<sbyte> q = Vector256.Narrow(low, high);
            q.Store(quanta + (group * 32));
            Vector256.Abs(q).AsByte().Store(magnitudes + (group * 32));
            sums[group] = 8 * Vector256.Sum(qa + qb + (qc + qd));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> At(float* x, int count) => count >= 8 ? Vector256.Load(x) : Lanes.Load(x, Math.Max(count, 0));

    /// <summary>Round to nearest even, for magnitudes below 2²²: adding 1.5·2²³ leaves the integer in the low bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Nearest(Vector256<float> x)
    {
        Vector256<float> magic = Vector256.Create(12582912f);
        return (x + magic).AsInt32() - magic.AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Magnitude(Vector256<float> x) => Vector256.Abs(x).AsInt32();
}

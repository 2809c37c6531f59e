using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Dum.Numerics.Kernels;

/// <summary>One row times panels of bfloat16, widened as they are read: decoding is bound by the bytes of the weights.</summary>
static unsafe class HalfRow
{
    /// <summary>Up to so many rows are done one by one.</summary>
    public const int Rows = 5;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* a, int steps, ushort* b, nint bPanel, int panels, float* c, nint cPanel, bool add)
    {
        int p = 0;
        for (; p + 4 <= panels; p += 4)
            Four(a, steps, b + (p * bPanel), bPanel, c + (p * cPanel), cPanel, add);
        for (; p < panels; p++)
            One(a, steps, b + (p * bPanel), c + (p * cPanel), add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Four(float* a, int steps, ushort* b, nint bPanel, float* c, nint cPanel, bool add)
    {
        ushort* b1 = b + bPanel, b2 = b1 + bPanel, b3 = b2 + bPanel;
        float* c1 = c + cPanel, c2 = c1 + cPanel, c3 = c2 + cPanel;
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default, t0 = default, t1 = default, t2 = default, t3 = default;
        if (add)
        {
            (s0, s1, s2, s3) = (Vector256.Load(c), Vector256.Load(c1), Vector256.Load(c2), Vector256.Load(c3));
            (t0, t1, t2, t3) = (Vector256.Load(c + 8), Vector256.Load(c1 + 8), Vector256.Load(c2 + 8), Vector256.Load(c3 + 8));
        }
        for (float* end = a + steps; a < end; a++)
        {
            Vector256<float> x = Vector256.Create(*a);
            s0 = Vector256.FusedMultiplyAdd(x, Wide(b), s0);
            t0 = Vector256.FusedMultiplyAdd(x, Wide(b + 8), t0);
            s1 = Vector256.FusedMultiplyAdd(x, Wide(b1), s1);
            t1 = Vector256.FusedMultiplyAdd(x, Wide(b1 + 8), t1);
            s2 = Vector256.FusedMultiplyAdd(x, Wide(b2), s2);
            t2 = Vector256.FusedMultiplyAdd(x, Wide(b2 + 8), t2);
            s3 = Vector256.FusedMultiplyAdd(x, Wide(b3), s3);
            t3 = Vector256.FusedMultiplyAdd(x, Wide(b3 + 8), t3);
            b += 16;
            b1 += 16;
            b2 += 16;
            b3 += 16;
        }
        s0.Store(c);
        t0.Store(c + 8);
        s1.Store(c1);
        t1.Store(c1 + 8);
        s2.Store(c2);
        t2.Store(c2 + 8);
        s3.Store(c3);
        t3.Store(c3 + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One(float* a, int steps, ushort* b, float* c, bool add)
    {
        Vector256<float> s = add ? Vector256.Load(c) : default, t = add ? Vector256.Load(c + 8) : default;
        for (float* end = a + steps; a < end; a++, b += 16)
        {
            Vector256<float> x = Vector256.Create(*a);
            s = Vector256.FusedMultiplyAdd(x, Wide(b), s);
            t = Vector256.FusedMultiplyAdd(x, Wide(b + 8), t);
        }
        s.Store(c);
        t.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Wide(ushort* b)
    {
        if (Avx2.IsSupported)
            return Vector256.ShiftLeft(Avx2.ConvertToVector256Int32(b), 16).AsSingle();
        Vector128<ushort> half = Vector128.Load(b);
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(half);
        return Vector256.ShiftLeft(Vector256.Create(low, high), 16).AsSingle();
    }
}

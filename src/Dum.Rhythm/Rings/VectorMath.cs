using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dum.Rhythm.Rings;

/// <summary>Arithmetic on lanes that gives the same bits whatever vectors the processor has: elementwise only, fused everywhere.</summary>
static class VectorMath
{
    /// <summary>a·b + c with one rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Fma<T>(Vector256<T> a, Vector256<T> b, Vector256<T> c) =>
        typeof(T) == typeof(double)
            ? Vector256.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>()
            : Vector256.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>();

    /// <summary>Sine and cosine, within 2 units in the last place of 1, of angles up to about a million: reduced by quarter turns, then Taylor's series.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SinCos(Vector256<double> x, out Vector256<double> sin, out Vector256<double> cos)
    {
        // Adding 1.5·2⁵² rounds to an integer and leaves that integer in the low bits.
        Vector256<double> magic = Vector256.Create(6755399441055744.0);
        Vector256<double> t = Vector256.FusedMultiplyAdd(x, Vector256.Create(2 / Math.PI), magic), n = t - magic;
        Vector256<double> r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-1.57079632673412561417), x);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-6.07710050630396597660e-11), r);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-2.02226624879595063154e-21), r);
        Vector256<double> q = r * r;
        Vector256<double> s = Vector256.Create(-1.0 / 1307674368000);
        s = Vector256.FusedMultiplyAdd(s, q, Vector256.Create(1.0 / 6227020800));
        s = Vector256.FusedMultiplyAdd(s, q, Vector256.Create(-1.0 / 39916800));
        s = Vector256.FusedMultiplyAdd(s, q, Vector256.Create(1.0 / 362880));
        s = Vector256.FusedMultiplyAdd(s, q, Vector256.Create(-1.0 / 5040));
        s = Vector256.FusedMultiplyAdd(s, q, Vector256.Create(1.0 / 120));
        s = Vector256.FusedMultiplyAdd(s, q, Vector256.Create(-1.0 / 6));
        s = Vector256.FusedMultiplyAdd(s * q, r, r);
        Vector256<double> c = Vector256.Create(1.0 / 20922789888000);
        c = Vector256.FusedMultiplyAdd(c, q, Vector256.Create(-1.0 / 87178291200));
        c = Vector256.FusedMultiplyAdd(c, q, Vector256.Create(1.0 / 479001600));
        c = Vector256.FusedMultiplyAdd(c, q, Vector256.Create(-1.0 / 3628800));
        c = Vector256.FusedMultiplyAdd(c, q, Vector256.Create(1.0 / 40320));
        c = Vector256.FusedMultiplyAdd(c, q, Vector256.Create(-1.0 / 720));
        c = Vector256.FusedMultiplyAdd(c, q, Vector256.Create(1.0 / 24));
        c = Vector256.FusedMultiplyAdd(c, q, Vector256.Create(-0.5));
        c = Vector256.FusedMultiplyAdd(c, q, Vector256<double>.One);
        Vector256<long> quarter = t.AsInt64(), one = Vector256<long>.One;
        Vector256<double> swap = Vector256.Equals(quarter & one, one).AsDouble();
        Vector256<double> sinSign = Vector256.ShiftLeft(quarter & Vector256.Create(2L), 62).AsDouble(), cosSign = Vector256.ShiftLeft((quarter + one) & Vector256.Create(2L), 62).AsDouble();
        sin = Vector256.ConditionalSelect(swap, c, s) ^ sinSign;
        cos = Vector256.ConditionalSelect(swap, s, c) ^ cosSign;
    }

    /// <summary>Σ x·y over four times four lanes, folded in a fixed tree.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ref double p = ref MemoryMarshal.GetReference(x), q = ref MemoryMarshal.GetReference(y);
        Vector256<double> a = default, b = default, c = default, d = default;
        int i = 0, n = Math.Min(x.Length, y.Length);
        for (; i + 16 <= n; i += 16)
        {
            a = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref p, (nuint)i), Vector256.LoadUnsafe(ref q, (nuint)i), a);
            b = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref p, (nuint)i + 4), Vector256.LoadUnsafe(ref q, (nuint)i + 4), b);
            c = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref p, (nuint)i + 8), Vector256.LoadUnsafe(ref q, (nuint)i + 8), c);
            d = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref p, (nuint)i + 12), Vector256.LoadUnsafe(ref q, (nuint)i + 12), d);
        }
        for (; i + 4 <= n; i += 4)
            a = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref p, (nuint)i), Vector256.LoadUnsafe(ref q, (nuint)i), a);
        Vector256<double> v = a + b + (c + d);
        double sum = v.GetElement(0) + v.GetElement(2) + (v.GetElement(1) + v.GetElement(3));
        for (; i < n; i++)
            sum = Math.FusedMultiplyAdd(x[i], y[i], sum);
        return sum;
    }

    /// <summary>y += a·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(Span<double> y, ReadOnlySpan<double> x, double a)
    {
        ref double p = ref MemoryMarshal.GetReference(x), q = ref MemoryMarshal.GetReference(y);
        Vector256<double> scale = Vector256.Create(a);
        int i = 0, n = y.Length;
        for (; i + 4 <= n; i += 4)
            Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref p, (nuint)i), scale, Vector256.LoadUnsafe(ref q, (nuint)i)).StoreUnsafe(ref q, (nuint)i);
        for (; i < n; i++)
            y[i] = Math.FusedMultiplyAdd(x[i], a, y[i]);
    }

    /// <summary>y *= a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(Span<double> y, double a)
    {
        ref double q = ref MemoryMarshal.GetReference(y);
        Vector256<double> scale = Vector256.Create(a);
        int i = 0, n = y.Length;
        for (; i + 4 <= n; i += 4)
            (Vector256.LoadUnsafe(ref q, (nuint)i) * scale).StoreUnsafe(ref q, (nuint)i);
        for (; i < n; i++)
            y[i] *= a;
    }

    /// <summary>y += Σ x_k[column]·x_k over eight samples from <paramref name="first"/>, each at least as long as y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddEight(Span<double> y, List<double[]> samples, int first, int column)
    {
        double[] s0 = samples[first], s1 = samples[first + 1], s2 = samples[first + 2], s3 = samples[first + 3];
        double[] s4 = samples[first + 4], s5 = samples[first + 5], s6 = samples[first + 6], s7 = samples[first + 7];
        ref double q = ref MemoryMarshal.GetReference(y);
        ref double p0 = ref MemoryMarshal.GetArrayDataReference(s0), p1 = ref MemoryMarshal.GetArrayDataReference(s1), p2 = ref MemoryMarshal.GetArrayDataReference(s2), p3 = ref MemoryMarshal.GetArrayDataReference(s3);
        ref double p4 = ref MemoryMarshal.GetArrayDataReference(s4), p5 = ref MemoryMarshal.GetArrayDataReference(s5), p6 = ref MemoryMarshal.GetArrayDataReference(s6), p7 = ref MemoryMarshal.GetArrayDataReference(s7);
        Vector256<double> v0 = Vector256.Create(s0[column]), v1 = Vector256.Create(s1[column]), v2 = Vector256.Create(s2[column]), v3 = Vector256.Create(s3[column]);
        Vector256<double> v4 = Vector256.Create(s4[column]), v5 = Vector256.Create(s5[column]), v6 = Vector256.Create(s6[column]), v7 = Vector256.Create(s7[column]);
        int i = 0, n = y.Length;
        for (; i + 4 <= n; i += 4)
        {
            nuint at = (nuint)i;
            Vector256<double> a = Vector256.FusedMultiplyAdd(v0, Vector256.LoadUnsafe(ref p0, at), Vector256.LoadUnsafe(ref q, at)), b = v4 * Vector256.LoadUnsafe(ref p4, at);
            a = Vector256.FusedMultiplyAdd(v1, Vector256.LoadUnsafe(ref p1, at), a);
            b = Vector256.FusedMultiplyAdd(v5, Vector256.LoadUnsafe(ref p5, at), b);
            a = Vector256.FusedMultiplyAdd(v2, Vector256.LoadUnsafe(ref p2, at), a);
            b = Vector256.FusedMultiplyAdd(v6, Vector256.LoadUnsafe(ref p6, at), b);
            a = Vector256.FusedMultiplyAdd(v3, Vector256.LoadUnsafe(ref p3, at), a);
            b = Vector256.FusedMultiplyAdd(v7, Vector256.LoadUnsafe(ref p7, at), b);
            (a + b).StoreUnsafe(ref q, at);
        }
        for (; i < n; i++)
            for (int k = 0; k < 8; k++)
                y[i] = Math.FusedMultiplyAdd(samples[first + k][column], samples[first + k][i], y[i]);
    }
}

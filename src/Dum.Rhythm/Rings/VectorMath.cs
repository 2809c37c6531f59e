using System.Runtime.CompilerServices;
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
}

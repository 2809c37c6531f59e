using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Numerics;

/// <summary>
/// Arithmetic on eight lanes whose bits do not depend on the machine: Vector256 falls back to the same operations
/// where the processor has narrower vectors or none, sums run over four times eight lanes and fold in a fixed tree.
/// </summary>
static unsafe class Lanes
{
    public const int Count = 8;

    /// <summary>e to the power x: relative error below 2⁻²²; 0 below −87.33, ∞ above 88.72, NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        // Adding 1.5·2²³ rounds to an integer and leaves that integer in the low bits.
        Vector256<float> magic = Vector256.Create(12582912f);
        Vector256<float> t = Vector256.FusedMultiplyAdd(x, Vector256.Create(1.44269504f), magic), n = t - magic;
        Vector256<float> r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-0.693359375f), x);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(2.12194440e-4f), r);
        Vector256<float> p = Vector256.Create(1.9875691500e-4f);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.3981999507e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(8.3334519073e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(4.1665795894e-2f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.6666665459e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(5.0000001201e-1f));
        p = Vector256.FusedMultiplyAdd(p, r * r, r + Vector256<float>.One);
        Vector256<float> y = (p.AsInt32() + Vector256.ShiftLeft(t.AsInt32(), 23)).AsSingle();
        y = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create(-87.33f)), Vector256<float>.Zero, y);
        y = Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256.Create(88.72f)), Vector256.Create(float.PositiveInfinity), y);
        return Vector256.ConditionalSelect(Vector256.Equals(x, x), y, x);
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sigmoid(Vector256<float> x) => Vector256<float>.One / (Vector256<float>.One + Exp(-x));

    /// <summary>Hyperbolic tangent, absolute error below 2⁻²².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Tanh(Vector256<float> x)
    {
        Vector256<float> e = Exp(Vector256.Abs(x) * Vector256.Create(-2f));
        Vector256<float> y = (Vector256<float>.One - e) / (Vector256<float>.One + e);
        return y | (x & Vector256.Create(-0f));
    }

    public static float Exp(float x) => Exp(Vector256.Create(x)).ToScalar();

    public static float Tanh(float x) => Tanh(Vector256.Create(x)).ToScalar();

    /// <summary>Fewer than eight floats, the other lanes filled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* x, int count, float fill = 0)
    {
        float* lanes = stackalloc float[Count];
        for (int i = 0; i < Count; i++)
            lanes[i] = i < count ? x[i] : fill;
        return Vector256.Load(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, float* x, int count)
    {
        float* lanes = stackalloc float[Count];
        value.Store(lanes);
        for (int i = 0; i < count; i++)
            x[i] = lanes[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Sum(float* x, int n)
    {
        Vector256<float> a = default, b = default, c = default, d = default;
        int i = 0;
        for (; i + 32 <= n; i += 32)
        {
            a += Vector256.Load(x + i);
            b += Vector256.Load(x + i + 8);
            c += Vector256.Load(x + i + 16);
            d += Vector256.Load(x + i + 24);
        }
        if (i + 8 <= n) { a += Vector256.Load(x + i); i += 8; }
        if (i + 8 <= n) { b += Vector256.Load(x + i); i += 8; }
        if (i + 8 <= n) { c += Vector256.Load(x + i); i += 8; }
        if (i < n)
            d += Load(x + i, n - i);
        return Fold(a + b + (c + d));
    }

    /// <summary>Σ x·y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(float* x, float* y, int n)
    {
        Vector256<float> a = default, b = default, c = default, d = default;
        int i = 0;
        for (; i + 32 <= n; i += 32)
        {
            a = Vector256.FusedMultiplyAdd(Vector256.Load(x + i), Vector256.Load(y + i), a);
            b = Vector256.FusedMultiplyAdd(Vector256.Load(x + i + 8), Vector256.Load(y + i + 8), b);
            c = Vector256.FusedMultiplyAdd(Vector256.Load(x + i + 16), Vector256.Load(y + i + 16), c);
            d = Vector256.FusedMultiplyAdd(Vector256.Load(x + i + 24), Vector256.Load(y + i + 24), d);
        }
        if (i + 8 <= n) { a = Vector256.FusedMultiplyAdd(Vector256.Load(x + i), Vector256.Load(y + i), a); i += 8; }
        if (i + 8 <= n) { b = Vector256.FusedMultiplyAdd(Vector256.Load(x + i), Vector256.Load(y + i), b); i += 8; }
        if (i + 8 <= n) { c = Vector256.FusedMultiplyAdd(Vector256.Load(x + i), Vector256.Load(y + i), c); i += 8; }
        if (i < n)
            d = Vector256.FusedMultiplyAdd(Load(x + i, n - i), Load(y + i, n - i), d);
        return Fold(a + b + (c + d));
    }

    /// <summary>The largest value; NaN is passed over, −∞ for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max(float* x, int n)
    {
        Vector256<float> m = Vector256.Create(float.NegativeInfinity);
        int i = 0;
        for (; i + 8 <= n; i += 8)
            m = Larger(Vector256.Load(x + i), m);
        if (i < n)
            m = Larger(Load(x + i, n - i, float.NegativeInfinity), m);
        float best = float.NegativeInfinity;
        for (int lane = 0; lane < Count; lane++)
            best = m.GetElement(lane) > best ? m.GetElement(lane) : best;
        return best;
    }

    /// <summary>y += a·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(float* y, float* x, float a, int n)
    {
        Vector256<float> scale = Vector256.Create(a);
        int i = 0;
        for (; i + 8 <= n; i += 8)
            Vector256.FusedMultiplyAdd(Vector256.Load(x + i), scale, Vector256.Load(y + i)).Store(y + i);
        if (i < n)
            Store(Vector256.FusedMultiplyAdd(Load(x + i, n - i), scale, Load(y + i, n - i)), y + i, n - i);
    }

    /// <summary>((l0+l4)+(l2+l6)) + ((l1+l5)+(l3+l7)), always.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Fold(Vector256<float> v)
    {
        Vector128<float> q = v.GetLower() + v.GetUpper();
        return q.GetElement(0) + q.GetElement(2) + (q.GetElement(1) + q.GetElement(3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Larger(Vector256<float> x, Vector256<float> m) => Vector256.ConditionalSelect(Vector256.GreaterThan(x, m), x, m);
}

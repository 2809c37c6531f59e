using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Dum.Numerics.Kernels;

/// <summary>
/// Integer products by AVX2's multiply-add of adjacent bytes. Its 16-bit sums hold: 2·127·127 and, for nibbles, 8·2·15·127
/// are below 2¹⁵. Each 32-bit lane is one output and four inputs, so no sum ever crosses lanes.
/// </summary>
sealed unsafe class IntegerTilesAvx2 : IntegerTiles
{
    /// <summary>Bytes of weights asked for in advance; without it a single row waits for memory a third of its time.</summary>
    const int Ahead = 1536;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Int8(in QuantisedRows x, int row, int rows, byte* weights, ushort* scales, float* c, nint cRow)
    {
        int r = 0;
        for (; r + 2 <= rows; r += 2)
            Int8Two(x, row + r, weights, scales, c + (r * cRow), cRow);
        if (r < rows)
            Int8One(x, row + r, weights, scales, c + (r * cRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Int4(in QuantisedRows x, int row, int rows, byte* weights, ushort* scales, float* c, nint cRow)
    {
        int r = 0;
        for (; r + 2 <= rows; r += 2)
            Int4Two(x, row + r, weights, scales, c + (r * cRow), cRow);
        if (r < rows)
            Int4One(x, row + r, weights, scales, c + (r * cRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Int8One(in QuantisedRows x, int row, byte* w, ushort* scales, float* c)
    {
        long at = (long)row * x.Groups;
        int* q = (int*)(x.Quanta + (at * 32));
        int* m = (int*)(x.Magnitudes + (at * 32));
        float* scale = x.Scales + at;
        Vector256<short> ones = Vector256<short>.One;
        Vector256<float> s = default, t = default;
        for (byte* end = w + (x.Groups * 512L); w < end; scales += 16, scale++)
        {
            Vector256<int> i = default, j = default;
            for (int step = 0; step < 8; step++, w += 64)
            {
                Sse.Prefetch0(w + Ahead);
                Vector256<sbyte> sign = Vector256.Create(*q++).AsSByte();
                Vector256<byte> magnitude = Vector256.Create(*m++).AsByte();
                i += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(magnitude, Avx2.Sign(Vector256.Load((sbyte*)w), sign)), ones);
                j += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(magnitude, Avx2.Sign(Vector256.Load((sbyte*)w + 32), sign)), ones);
            }
            Vector256<float> unit = Vector256.Create(*scale);
            s = Vector256.FusedMultiplyAdd(Scale(scales) * unit, Avx.ConvertToVector256Single(i), s);
            t = Vector256.FusedMultiplyAdd(Scale(scales + 8) * unit, Avx.ConvertToVector256Single(j), t);
        }
        s.Store(c);
        t.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Int8Two(in QuantisedRows x, int row, byte* w, ushort* scales, float* c, nint cRow)
    {
        long at = (long)row * x.Groups;
        int* q0 = (int*)(x.Quanta + (at * 32)), q1 = q0 + ((nint)x.Groups * 8);
        float* scale0 = x.Scales + at, scale1 = scale0 + x.Groups;
        Vector256<short> ones = Vector256<short>.One;
        Vector256<float> s0 = default, t0 = default, s1 = default, t1 = default;
        for (byte* end = w + (x.Groups * 512L); w < end; scales += 16, scale0++, scale1++)
        {
            Vector256<int> i0 = default, j0 = default, i1 = default, j1 = default;
            for (int step = 0; step < 8; step++, w += 64)
            {
                // Here the weights' magnitudes are shared by the rows and the rows take the weights' signs.
                Vector256<sbyte> a = Vector256.Load((sbyte*)w), b = Vector256.Load((sbyte*)w + 32);
                Vector256<byte> ma = Avx2.Abs(a), mb = Avx2.Abs(b);
                Vector256<sbyte> x0 = Vector256.Create(*q0++).AsSByte(), x1 = Vector256.Create(*q1++).AsSByte();
                i0 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(ma, Avx2.Sign(x0, a)), ones);
                j0 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(mb, Avx2.Sign(x0, b)), ones);
                i1 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(ma, Avx2.Sign(x1, a)), ones);
                j1 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(mb, Avx2.Sign(x1, b)), ones);
            }
            Vector256<float> low = Scale(scales), high = Scale(scales + 8), u0 = Vector256.Create(*scale0), u1 = Vector256.Create(*scale1);
            s0 = Vector256.FusedMultiplyAdd(low * u0, Avx.ConvertToVector256Single(i0), s0);
            t0 = Vector256.FusedMultiplyAdd(high * u0, Avx.ConvertToVector256Single(j0), t0);
            s1 = Vector256.FusedMultiplyAdd(low * u1, Avx.ConvertToVector256Single(i1), s1);
            t1 = Vector256.FusedMultiplyAdd(high * u1, Avx.ConvertToVector256Single(j1), t1);
        }
        s0.Store(c);
        t0.Store(c + 8);
        s1.Store(c + cRow);
        t1.Store(c + cRow + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Int4One(in QuantisedRows x, int row, byte* w, ushort* scales, float* c)
    {
        long at = (long)row * x.Groups;
        int* q = (int*)(x.Quanta + (at * 32));
        float* scale = x.Scales + at;
        int* sum = x.Sums + at;
        Vector256<short> ones = Vector256<short>.One;
        Vector256<byte> mask = Vector256.Create((byte)15);
        Vector256<float> s = default, t = default;
        for (byte* end = w + (x.Groups * 256L); w < end; scales += 16, scale++, sum++)
        {
            Vector256<short> i = default, j = default;
            for (int step = 0; step < 4; step++, w += 64, q += 2)
            {
                Sse.Prefetch0(w + Ahead);
                Vector256<sbyte> x0 = Vector256.Create(q[0]).AsSByte(), x1 = Vector256.Create(q[1]).AsSByte();
                Vector256<byte> a = Vector256.Load(w), b = Vector256.Load(w + 32);
                i += Avx2.MultiplyAddAdjacent(a & mask, x0);
                j += Avx2.MultiplyAddAdjacent(b & mask, x0);
                i += Avx2.MultiplyAddAdjacent(High(a) & mask, x1);
                j += Avx2.MultiplyAddAdjacent(High(b) & mask, x1);
            }
            // The nibbles were read 8 too high.
            Vector256<int> off = Vector256.Create(*sum);
            Vector256<float> unit = Vector256.Create(*scale);
            s = Vector256.FusedMultiplyAdd(Scale(scales) * unit, Avx.ConvertToVector256Single(Avx2.MultiplyAddAdjacent(i, ones) - off), s);
            t = Vector256.FusedMultiplyAdd(Scale(scales + 8) * unit, Avx.ConvertToVector256Single(Avx2.MultiplyAddAdjacent(j, ones) - off), t);
        }
        s.Store(c);
        t.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Int4Two(in QuantisedRows x, int row, byte* w, ushort* scales, float* c, nint cRow)
    {
        long at = (long)row * x.Groups;
        int* q0 = (int*)(x.Quanta + (at * 32)), q1 = q0 + ((nint)x.Groups * 8);
        float* scale0 = x.Scales + at, scale1 = scale0 + x.Groups;
        int* sum0 = x.Sums + at, sum1 = sum0 + x.Groups;
        Vector256<short> ones = Vector256<short>.One;
        Vector256<byte> mask = Vector256.Create((byte)15);
        Vector256<float> s0 = default, t0 = default, s1 = default, t1 = default;
        for (byte* end = w + (x.Groups * 256L); w < end; scales += 16, scale0++, scale1++, sum0++, sum1++)
        {
            Vector256<short> i0 = default, j0 = default, i1 = default, j1 = default;
            for (int step = 0; step < 4; step++, w += 64, q0 += 2, q1 += 2)
            {
                Vector256<byte> a = Vector256.Load(w), b = Vector256.Load(w + 32);
                Vector256<byte> al = a & mask, ah = High(a) & mask, bl = b & mask, bh = High(b) & mask;
                Vector256<sbyte> x0 = Vector256.Create(q0[0]).AsSByte(), y0 = Vector256.Create(q0[1]).AsSByte();
                i0 += Avx2.MultiplyAddAdjacent(al, x0);
                i0 += Avx2.MultiplyAddAdjacent(ah, y0);
                j0 += Avx2.MultiplyAddAdjacent(bl, x0);
                j0 += Avx2.MultiplyAddAdjacent(bh, y0);
                Vector256<sbyte> x1 = Vector256.Create(q1[0]).AsSByte(), y1 = Vector256.Create(q1[1]).AsSByte();
                i1 += Avx2.MultiplyAddAdjacent(al, x1);
                i1 += Avx2.MultiplyAddAdjacent(ah, y1);
                j1 += Avx2.MultiplyAddAdjacent(bl, x1);
                j1 += Avx2.MultiplyAddAdjacent(bh, y1);
            }
            Vector256<float> low = Scale(scales), high = Scale(scales + 8), u0 = Vector256.Create(*scale0), u1 = Vector256.Create(*scale1);
            Vector256<int> off0 = Vector256.Create(*sum0), off1 = Vector256.Create(*sum1);
            s0 = Vector256.FusedMultiplyAdd(low * u0, Avx.ConvertToVector256Single(Avx2.MultiplyAddAdjacent(i0, ones) - off0), s0);
            t0 = Vector256.FusedMultiplyAdd(high * u0, Avx.ConvertToVector256Single(Avx2.MultiplyAddAdjacent(j0, ones) - off0), t0);
            s1 = Vector256.FusedMultiplyAdd(low * u1, Avx.ConvertToVector256Single(Avx2.MultiplyAddAdjacent(i1, ones) - off1), s1);
            t1 = Vector256.FusedMultiplyAdd(high * u1, Avx.ConvertToVector256Single(Avx2.MultiplyAddAdjacent(j1, ones) - off1), t1);
        }
        s0.Store(c);
        t0.Store(c + 8);
        s1.Store(c + cRow);
        t1.Store(c + cRow + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<byte> High(Vector256<byte> pairs) => Vector256.ShiftRightLogical(pairs.AsUInt16(), 4).AsByte();

    /// <summary>Eight halves as floats, exactly: the exponent is moved by a multiplication, which also takes care of the smallest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Scale(ushort* halves)
    {
        Vector256<int> h = Avx2.ConvertToVector256Int32(Vector128.Load((short*)halves));
        Vector256<float> magnitude = Vector256.ShiftLeft(h & Vector256.Create(0x7FFF), 13).AsSingle() * Vector256.Create(5.192296858534828e33f);
        return magnitude | (h & Vector256.Create(unchecked((int)0x80000000))).AsSingle();
    }
}

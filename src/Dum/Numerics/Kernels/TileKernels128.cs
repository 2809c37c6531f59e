using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Numerics.Kernels;

/// <summary>Tiles of 128-bit vectors, which every 64-bit processor has; a processor with none computes the same in scalars.</summary>
sealed unsafe class TileKernels128 : TileKernels
{
    public override ReadOnlySpan<int> Heights => [4, 1];

    public override int PanelsAt(int height) => height switch { _ => 1 };

    public override void Run(int height, int panels, float* a, float* b, nint bPanel, int steps, float* c, nint cRow, nint cPanel, int rows, bool add)
    {
        switch (height, panels)
        {
            case (4, 1): Tile4x1(a, b, steps, c, cRow, rows, add); break;
            case (1, 1): Tile1x1(a, b, steps, c, add); break;
            default: throw new ArgumentOutOfRangeException(nameof(height));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile4x1(float* a, float* b, int steps, float* c, nint cRow, int rows, bool add)
    {
        float* c0 = c, c1 = rows > 1 ? c + cRow : c;
        float* c2 = rows > 2 ? c1 + cRow : c1;
        float* c3 = rows > 3 ? c2 + cRow : c2;
        Vector128<float> s0a = default, s0b = default, s0c = default, s0d = default;
        Vector128<float> s1a = default, s1b = default, s1c = default, s1d = default;
        Vector128<float> s2a = default, s2b = default, s2c = default, s2d = default;
        Vector128<float> s3a = default, s3b = default, s3c = default, s3d = default;
        if (add)
        {
            s0a = Vector128.Load(c0);
            s0b = Vector128.Load(c0 + 4);
            s0c = Vector128.Load(c0 + 8);
            s0d = Vector128.Load(c0 + 12);
            s1a = Vector128.Load(c1);
            s1b = Vector128.Load(c1 + 4);
            s1c = Vector128.Load(c1 + 8);
            s1d = Vector128.Load(c1 + 12);
            s2a = Vector128.Load(c2);
            s2b = Vector128.Load(c2 + 4);
            s2c = Vector128.Load(c2 + 8);
            s2d = Vector128.Load(c2 + 12);
            s3a = Vector128.Load(c3);
            s3b = Vector128.Load(c3 + 4);
            s3c = Vector128.Load(c3 + 8);
            s3d = Vector128.Load(c3 + 12);
        }
        for (float* end = a + ((nint)steps * 4); a < end; a += 4)
        {
            Vector128<float> wa = Vector128.Load(b), wb = Vector128.Load(b + 4), wc = Vector128.Load(b + 8), wd = Vector128.Load(b + 12);
            Vector128<float> x0 = Vector128.Create(a[0]);
            s0a = Vector128.FusedMultiplyAdd(x0, wa, s0a);
            s0b = Vector128.FusedMultiplyAdd(x0, wb, s0b);
            s0c = Vector128.FusedMultiplyAdd(x0, wc, s0c);
            s0d = Vector128.FusedMultiplyAdd(x0, wd, s0d);
            Vector128<float> x1 = Vector128.Create(a[1]);
            s1a = Vector128.FusedMultiplyAdd(x1, wa, s1a);
            s1b = Vector128.FusedMultiplyAdd(x1, wb, s1b);
            s1c = Vector128.FusedMultiplyAdd(x1, wc, s1c);
            s1d = Vector128.FusedMultiplyAdd(x1, wd, s1d);
            Vector128<float> x2 = Vector128.Create(a[2]);
            s2a = Vector128.FusedMultiplyAdd(x2, wa, s2a);
            s2b = Vector128.FusedMultiplyAdd(x2, wb, s2b);
            s2c = Vector128.FusedMultiplyAdd(x2, wc, s2c);
            s2d = Vector128.FusedMultiplyAdd(x2, wd, s2d);
            Vector128<float> x3 = Vector128.Create(a[3]);
            s3a = Vector128.FusedMultiplyAdd(x3, wa, s3a);
            s3b = Vector128.FusedMultiplyAdd(x3, wb, s3b);
            s3c = Vector128.FusedMultiplyAdd(x3, wc, s3c);
            s3d = Vector128.FusedMultiplyAdd(x3, wd, s3d);
            b += 16;
        }
        s0a.Store(c0);
        s0b.Store(c0 + 4);
        s0c.Store(c0 + 8);
        s0d.Store(c0 + 12);
        s1a.Store(c1);
        s1b.Store(c1 + 4);
        s1c.Store(c1 + 8);
        s1d.Store(c1 + 12);
        s2a.Store(c2);
        s2b.Store(c2 + 4);
        s2c.Store(c2 + 8);
        s2d.Store(c2 + 12);
        s3a.Store(c3);
        s3b.Store(c3 + 4);
        s3c.Store(c3 + 8);
        s3d.Store(c3 + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile1x1(float* a, float* b, int steps, float* c, bool add)
    {
        float* c0 = c;
        Vector128<float> s0a = default, s0b = default, s0c = default, s0d = default;
        if (add)
        {
            s0a = Vector128.Load(c0);
            s0b = Vector128.Load(c0 + 4);
            s0c = Vector128.Load(c0 + 8);
            s0d = Vector128.Load(c0 + 12);
        }
        for (float* end = a + steps; a < end; a++)
        {
            Vector128<float> wa = Vector128.Load(b), wb = Vector128.Load(b + 4), wc = Vector128.Load(b + 8), wd = Vector128.Load(b + 12);
            Vector128<float> x0 = Vector128.Create(a[0]);
            s0a = Vector128.FusedMultiplyAdd(x0, wa, s0a);
            s0b = Vector128.FusedMultiplyAdd(x0, wb, s0b);
            s0c = Vector128.FusedMultiplyAdd(x0, wc, s0c);
            s0d = Vector128.FusedMultiplyAdd(x0, wd, s0d);
            b += 16;
        }
        s0a.Store(c0);
        s0b.Store(c0 + 4);
        s0c.Store(c0 + 8);
        s0d.Store(c0 + 12);
    }
}

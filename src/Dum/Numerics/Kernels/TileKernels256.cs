using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Numerics.Kernels;

/// <summary>
/// Tiles of 256-bit vectors: 6 × 16 keeps twelve sums, two columns and one row value in the sixteen registers, and twelve
/// independent chains hide the latency of two multiply-adds per cycle.
/// </summary>
sealed unsafe class TileKernels256 : TileKernels
{
    public override ReadOnlySpan<int> Heights => [6, 4, 2, 1];

    public override int PanelsAt(int height) => height switch { 2 => 2, 1 => 4, _ => 1 };

    public override void Run(int height, int panels, float* a, float* b, nint bPanel, int steps, float* c, nint cRow, nint cPanel, int rows, bool add)
    {
        switch (height, panels)
        {
            case (6, 1): Tile6x1(a, b, steps, c, cRow, rows, add); break;
            case (4, 1): Tile4x1(a, b, steps, c, cRow, rows, add); break;
            case (2, 1): Tile2x1(a, b, steps, c, cRow, rows, add); break;
            case (2, 2): Tile2x2(a, b, bPanel, steps, c, cRow, cPanel, rows, add); break;
            case (1, 1): Tile1x1(a, b, steps, c, add); break;
            case (1, 4): Tile1x4(a, b, bPanel, steps, c, cPanel, add); break;
            default: throw new ArgumentOutOfRangeException(nameof(height));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile6x1(float* a, float* b, int steps, float* c, nint cRow, int rows, bool add)
    {
        float* c0 = c, c1 = rows > 1 ? c + cRow : c;
        float* c2 = rows > 2 ? c1 + cRow : c1;
        float* c3 = rows > 3 ? c2 + cRow : c2;
        float* c4 = rows > 4 ? c3 + cRow : c3;
        float* c5 = rows > 5 ? c4 + cRow : c4;
        Vector256<float> s0a = default, s0b = default;
        Vector256<float> s1a = default, s1b = default;
        Vector256<float> s2a = default, s2b = default;
        Vector256<float> s3a = default, s3b = default;
        Vector256<float> s4a = default, s4b = default;
        Vector256<float> s5a = default, s5b = default;
        if (add)
        {
            s0a = Vector256.Load(c0);
            s0b = Vector256.Load(c0 + 8);
            s1a = Vector256.Load(c1);
            s1b = Vector256.Load(c1 + 8);
            s2a = Vector256.Load(c2);
            s2b = Vector256.Load(c2 + 8);
            s3a = Vector256.Load(c3);
            s3b = Vector256.Load(c3 + 8);
            s4a = Vector256.Load(c4);
            s4b = Vector256.Load(c4 + 8);
            s5a = Vector256.Load(c5);
            s5b = Vector256.Load(c5 + 8);
        }
        for (float* end = a + ((nint)steps * 6); a < end; a += 6)
        {
            Vector256<float> wa = Vector256.Load(b), wb = Vector256.Load(b + 8);
            Vector256<float> x0 = Vector256.Create(a[0]);
            s0a = Vector256.FusedMultiplyAdd(x0, wa, s0a);
            s0b = Vector256.FusedMultiplyAdd(x0, wb, s0b);
            Vector256<float> x1 = Vector256.Create(a[1]);
            s1a = Vector256.FusedMultiplyAdd(x1, wa, s1a);
            s1b = Vector256.FusedMultiplyAdd(x1, wb, s1b);
            Vector256<float> x2 = Vector256.Create(a[2]);
            s2a = Vector256.FusedMultiplyAdd(x2, wa, s2a);
            s2b = Vector256.FusedMultiplyAdd(x2, wb, s2b);
            Vector256<float> x3 = Vector256.Create(a[3]);
            s3a = Vector256.FusedMultiplyAdd(x3, wa, s3a);
            s3b = Vector256.FusedMultiplyAdd(x3, wb, s3b);
            Vector256<float> x4 = Vector256.Create(a[4]);
            s4a = Vector256.FusedMultiplyAdd(x4, wa, s4a);
            s4b = Vector256.FusedMultiplyAdd(x4, wb, s4b);
            Vector256<float> x5 = Vector256.Create(a[5]);
            s5a = Vector256.FusedMultiplyAdd(x5, wa, s5a);
            s5b = Vector256.FusedMultiplyAdd(x5, wb, s5b);
            b += 16;
        }
        s0a.Store(c0);
        s0b.Store(c0 + 8);
        s1a.Store(c1);
        s1b.Store(c1 + 8);
        s2a.Store(c2);
        s2b.Store(c2 + 8);
        s3a.Store(c3);
        s3b.Store(c3 + 8);
        s4a.Store(c4);
        s4b.Store(c4 + 8);
        s5a.Store(c5);
        s5b.Store(c5 + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile4x1(float* a, float* b, int steps, float* c, nint cRow, int rows, bool add)
    {
        float* c0 = c, c1 = rows > 1 ? c + cRow : c;
        float* c2 = rows > 2 ? c1 + cRow : c1;
        float* c3 = rows > 3 ? c2 + cRow : c2;
        Vector256<float> s0a = default, s0b = default;
        Vector256<float> s1a = default, s1b = default;
        Vector256<float> s2a = default, s2b = default;
        Vector256<float> s3a = default, s3b = default;
        if (add)
        {
            s0a = Vector256.Load(c0);
            s0b = Vector256.Load(c0 + 8);
            s1a = Vector256.Load(c1);
            s1b = Vector256.Load(c1 + 8);
            s2a = Vector256.Load(c2);
            s2b = Vector256.Load(c2 + 8);
            s3a = Vector256.Load(c3);
            s3b = Vector256.Load(c3 + 8);
        }
        for (float* end = a + ((nint)steps * 4); a < end; a += 4)
        {
            Vector256<float> wa = Vector256.Load(b), wb = Vector256.Load(b + 8);
            Vector256<float> x0 = Vector256.Create(a[0]);
            s0a = Vector256.FusedMultiplyAdd(x0, wa, s0a);
            s0b = Vector256.FusedMultiplyAdd(x0, wb, s0b);
            Vector256<float> x1 = Vector256.Create(a[1]);
            s1a = Vector256.FusedMultiplyAdd(x1, wa, s1a);
            s1b = Vector256.FusedMultiplyAdd(x1, wb, s1b);
            Vector256<float> x2 = Vector256.Create(a[2]);
            s2a = Vector256.FusedMultiplyAdd(x2, wa, s2a);
            s2b = Vector256.FusedMultiplyAdd(x2, wb, s2b);
            Vector256<float> x3 = Vector256.Create(a[3]);
            s3a = Vector256.FusedMultiplyAdd(x3, wa, s3a);
            s3b = Vector256.FusedMultiplyAdd(x3, wb, s3b);
            b += 16;
        }
        s0a.Store(c0);
        s0b.Store(c0 + 8);
        s1a.Store(c1);
        s1b.Store(c1 + 8);
        s2a.Store(c2);
        s2b.Store(c2 + 8);
        s3a.Store(c3);
        s3b.Store(c3 + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile2x1(float* a, float* b, int steps, float* c, nint cRow, int rows, bool add)
    {
        float* c0 = c, c1 = rows > 1 ? c + cRow : c;
        Vector256<float> s0a = default, s0b = default;
        Vector256<float> s1a = default, s1b = default;
        if (add)
        {
            s0a = Vector256.Load(c0);
            s0b = Vector256.Load(c0 + 8);
            s1a = Vector256.Load(c1);
            s1b = Vector256.Load(c1 + 8);
        }
        for (float* end = a + ((nint)steps * 2); a < end; a += 2)
        {
            Vector256<float> wa = Vector256.Load(b), wb = Vector256.Load(b + 8);
            Vector256<float> x0 = Vector256.Create(a[0]);
            s0a = Vector256.FusedMultiplyAdd(x0, wa, s0a);
            s0b = Vector256.FusedMultiplyAdd(x0, wb, s0b);
            Vector256<float> x1 = Vector256.Create(a[1]);
            s1a = Vector256.FusedMultiplyAdd(x1, wa, s1a);
            s1b = Vector256.FusedMultiplyAdd(x1, wb, s1b);
            b += 16;
        }
        s0a.Store(c0);
        s0b.Store(c0 + 8);
        s1a.Store(c1);
        s1b.Store(c1 + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile2x2(float* a, float* b, nint bPanel, int steps, float* c, nint cRow, nint cPanel, int rows, bool add)
    {
        float* c0 = c, c1 = rows > 1 ? c + cRow : c;
        float* b1 = b + bPanel;
        Vector256<float> s0a = default, s0b = default, s0c = default, s0d = default;
        Vector256<float> s1a = default, s1b = default, s1c = default, s1d = default;
        if (add)
        {
            s0a = Vector256.Load(c0);
            s0b = Vector256.Load(c0 + 8);
            s0c = Vector256.Load(c0 + cPanel);
            s0d = Vector256.Load(c0 + cPanel + 8);
            s1a = Vector256.Load(c1);
            s1b = Vector256.Load(c1 + 8);
            s1c = Vector256.Load(c1 + cPanel);
            s1d = Vector256.Load(c1 + cPanel + 8);
        }
        for (float* end = a + ((nint)steps * 2); a < end; a += 2)
        {
            Vector256<float> wa = Vector256.Load(b), wb = Vector256.Load(b + 8), wc = Vector256.Load(b1), wd = Vector256.Load(b1 + 8);
            Vector256<float> x0 = Vector256.Create(a[0]);
            s0a = Vector256.FusedMultiplyAdd(x0, wa, s0a);
            s0b = Vector256.FusedMultiplyAdd(x0, wb, s0b);
            s0c = Vector256.FusedMultiplyAdd(x0, wc, s0c);
            s0d = Vector256.FusedMultiplyAdd(x0, wd, s0d);
            Vector256<float> x1 = Vector256.Create(a[1]);
            s1a = Vector256.FusedMultiplyAdd(x1, wa, s1a);
            s1b = Vector256.FusedMultiplyAdd(x1, wb, s1b);
            s1c = Vector256.FusedMultiplyAdd(x1, wc, s1c);
            s1d = Vector256.FusedMultiplyAdd(x1, wd, s1d);
            b += 16;
            b1 += 16;
        }
        s0a.Store(c0);
        s0b.Store(c0 + 8);
        s0c.Store(c0 + cPanel);
        s0d.Store(c0 + cPanel + 8);
        s1a.Store(c1);
        s1b.Store(c1 + 8);
        s1c.Store(c1 + cPanel);
        s1d.Store(c1 + cPanel + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile1x1(float* a, float* b, int steps, float* c, bool add)
    {
        float* c0 = c;
        Vector256<float> s0a = default, s0b = default;
        if (add)
        {
            s0a = Vector256.Load(c0);
            s0b = Vector256.Load(c0 + 8);
        }
        for (float* end = a + steps; a < end; a++)
        {
            Vector256<float> wa = Vector256.Load(b), wb = Vector256.Load(b + 8);
            Vector256<float> x0 = Vector256.Create(a[0]);
            s0a = Vector256.FusedMultiplyAdd(x0, wa, s0a);
            s0b = Vector256.FusedMultiplyAdd(x0, wb, s0b);
            b += 16;
        }
        s0a.Store(c0);
        s0b.Store(c0 + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile1x4(float* a, float* b, nint bPanel, int steps, float* c, nint cPanel, bool add)
    {
        float* c0 = c;
        float* b1 = b + bPanel;
        float* b2 = b1 + bPanel;
        float* b3 = b2 + bPanel;
        Vector256<float> s0a = default, s0b = default, s0c = default, s0d = default, s0e = default, s0f = default, s0g = default, s0h = default;
        if (add)
        {
            s0a = Vector256.Load(c0);
            s0b = Vector256.Load(c0 + 8);
            s0c = Vector256.Load(c0 + cPanel);
            s0d = Vector256.Load(c0 + cPanel + 8);
            s0e = Vector256.Load(c0 + (2 * cPanel));
            s0f = Vector256.Load(c0 + (2 * cPanel) + 8);
            s0g = Vector256.Load(c0 + (3 * cPanel));
            s0h = Vector256.Load(c0 + (3 * cPanel) + 8);
        }
        for (float* end = a + steps; a < end; a++)
        {
            Vector256<float> wa = Vector256.Load(b), wb = Vector256.Load(b + 8), wc = Vector256.Load(b1), wd = Vector256.Load(b1 + 8), we = Vector256.Load(b2), wf = Vector256.Load(b2 + 8), wg = Vector256.Load(b3), wh = Vector256.Load(b3 + 8);
            Vector256<float> x0 = Vector256.Create(a[0]);
            s0a = Vector256.FusedMultiplyAdd(x0, wa, s0a);
            s0b = Vector256.FusedMultiplyAdd(x0, wb, s0b);
            s0c = Vector256.FusedMultiplyAdd(x0, wc, s0c);
            s0d = Vector256.FusedMultiplyAdd(x0, wd, s0d);
            s0e = Vector256.FusedMultiplyAdd(x0, we, s0e);
            s0f = Vector256.FusedMultiplyAdd(x0, wf, s0f);
            s0g = Vector256.FusedMultiplyAdd(x0, wg, s0g);
            s0h = Vector256.FusedMultiplyAdd(x0, wh, s0h);
            b += 16;
            b1 += 16;
            b2 += 16;
            b3 += 16;
        }
        s0a.Store(c0);
        s0b.Store(c0 + 8);
        s0c.Store(c0 + cPanel);
        s0d.Store(c0 + cPanel + 8);
        s0e.Store(c0 + (2 * cPanel));
        s0f.Store(c0 + (2 * cPanel) + 8);
        s0g.Store(c0 + (3 * cPanel));
        s0h.Store(c0 + (3 * cPanel) + 8);
    }
}

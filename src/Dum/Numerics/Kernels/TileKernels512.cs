using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Numerics.Kernels;

/// <summary>
/// Tiles of 512-bit vectors: 12 × 32 keeps twenty-four sums in the thirty-two registers. Without such vectors the same
/// operations run in two halves, so the bits can be tested anywhere.
/// </summary>
sealed unsafe class TileKernels512 : TileKernels
{
    public override ReadOnlySpan<int> Heights => [12, 4, 2, 1];

    public override int PanelsAt(int height) => height switch { 12 => 2, 4 => 2, 2 => 4, 1 => 8, _ => 1 };

    public override void Run(int height, int panels, float* a, float* b, nint bPanel, int steps, float* c, nint cRow, nint cPanel, int rows, bool add)
    {
        switch (height, panels)
        {
            case (12, 1): Tile12x1(a, b, steps, c, cRow, rows, add); break;
            case (12, 2): Tile12x2(a, b, bPanel, steps, c, cRow, cPanel, rows, add); break;
            case (4, 1): Tile4x1(a, b, steps, c, cRow, rows, add); break;
            case (4, 2): Tile4x2(a, b, bPanel, steps, c, cRow, cPanel, rows, add); break;
            case (2, 1): Tile2x1(a, b, steps, c, cRow, rows, add); break;
            case (2, 4): Tile2x4(a, b, bPanel, steps, c, cRow, cPanel, rows, add); break;
            case (1, 1): Tile1x1(a, b, steps, c, add); break;
            case (1, 8): Tile1x8(a, b, bPanel, steps, c, cPanel, add); break;
            default: throw new ArgumentOutOfRangeException(nameof(height));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile12x1(float* a, float* b, int steps, float* c, nint cRow, int rows, bool add)
    {
        float* c0 = c, c1 = rows > 1 ? c + cRow : c;
        float* c2 = rows > 2 ? c1 + cRow : c1;
        float* c3 = rows > 3 ? c2 + cRow : c2;
        float* c4 = rows > 4 ? c3 + cRow : c3;
        float* c5 = rows > 5 ? c4 + cRow : c4;
        float* c6 = rows > 6 ? c5 + cRow : c5;
        float* c7 = rows > 7 ? c6 + cRow : c6;
        float* c8 = rows > 8 ? c7 + cRow : c7;
        float* c9 = rows > 9 ? c8 + cRow : c8;
        float* c10 = rows > 10 ? c9 + cRow : c9;
        float* c11 = rows > 11 ? c10 + cRow : c10;
        Vector512<float> s0a = default;
        Vector512<float> s1a = default;
        Vector512<float> s2a = default;
        Vector512<float> s3a = default;
        Vector512<float> s4a = default;
        Vector512<float> s5a = default;
        Vector512<float> s6a = default;
        Vector512<float> s7a = default;
        Vector512<float> s8a = default;
        Vector512<float> s9a = default;
        Vector512<float> s10a = default;
        Vector512<float> s11a = default;
        if (add)
        {
            s0a = Vector512.Load(c0);
            s1a = Vector512.Load(c1);
            s2a = Vector512.Load(c2);
            s3a = Vector512.Load(c3);
            s4a = Vector512.Load(c4);
            s5a = Vector512.Load(c5);
            s6a = Vector512.Load(c6);
            s7a = Vector512.Load(c7);
            s8a = Vector512.Load(c8);
            s9a = Vector512.Load(c9);
            s10a = Vector512.Load(c10);
            s11a = Vector512.Load(c11);
        }
        for (float* end = a + ((nint)steps * 12); a < end; a += 12)
        {
            Vector512<float> wa = Vector512.Load(b);
            Vector512<float> x0 = Vector512.Create(a[0]);
            s0a = Vector512.FusedMultiplyAdd(x0, wa, s0a);
            Vector512<float> x1 = Vector512.Create(a[1]);
            s1a = Vector512.FusedMultiplyAdd(x1, wa, s1a);
            Vector512<float> x2 = Vector512.Create(a[2]);
            s2a = Vector512.FusedMultiplyAdd(x2, wa, s2a);
            Vector512<float> x3 = Vector512.Create(a[3]);
            s3a = Vector512.FusedMultiplyAdd(x3, wa, s3a);
            Vector512<float> x4 = Vector512.Create(a[4]);
            s4a = Vector512.FusedMultiplyAdd(x4, wa, s4a);
            Vector512<float> x5 = Vector512.Create(a[5]);
            s5a = Vector512.FusedMultiplyAdd(x5, wa, s5a);
            Vector512<float> x6 = Vector512.Create(a[6]);
            s6a = Vector512.FusedMultiplyAdd(x6, wa, s6a);
            Vector512<float> x7 = Vector512.Create(a[7]);
            s7a = Vector512.FusedMultiplyAdd(x7, wa, s7a);
            Vector512<float> x8 = Vector512.Create(a[8]);
            s8a = Vector512.FusedMultiplyAdd(x8, wa, s8a);
            Vector512<float> x9 = Vector512.Create(a[9]);
            s9a = Vector512.FusedMultiplyAdd(x9, wa, s9a);
            Vector512<float> x10 = Vector512.Create(a[10]);
            s10a = Vector512.FusedMultiplyAdd(x10, wa, s10a);
            Vector512<float> x11 = Vector512.Create(a[11]);
            s11a = Vector512.FusedMultiplyAdd(x11, wa, s11a);
            b += 16;
        }
        s0a.Store(c0);
        s1a.Store(c1);
        s2a.Store(c2);
        s3a.Store(c3);
        s4a.Store(c4);
        s5a.Store(c5);
        s6a.Store(c6);
        s7a.Store(c7);
        s8a.Store(c8);
        s9a.Store(c9);
        s10a.Store(c10);
        s11a.Store(c11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile12x2(float* a, float* b, nint bPanel, int steps, float* c, nint cRow, nint cPanel, int rows, bool add)
    {
        float* c0 = c, c1 = rows > 1 ? c + cRow : c;
        float* c2 = rows > 2 ? c1 + cRow : c1;
        float* c3 = rows > 3 ? c2 + cRow : c2;
        float* c4 = rows > 4 ? c3 + cRow : c3;
        float* c5 = rows > 5 ? c4 + cRow : c4;
        float* c6 = rows > 6 ? c5 + cRow : c5;
        float* c7 = rows > 7 ? c6 + cRow : c6;
        float* c8 = rows > 8 ? c7 + cRow : c7;
        float* c9 = rows > 9 ? c8 + cRow : c8;
        float* c10 = rows > 10 ? c9 + cRow : c9;
        float* c11 = rows > 11 ? c10 + cRow : c10;
        float* b1 = b + bPanel;
        Vector512<float> s0a = default, s0b = default;
        Vector512<float> s1a = default, s1b = default;
        Vector512<float> s2a = default, s2b = default;
        Vector512<float> s3a = default, s3b = default;
        Vector512<float> s4a = default, s4b = default;
        Vector512<float> s5a = default, s5b = default;
        Vector512<float> s6a = default, s6b = default;
        Vector512<float> s7a = default, s7b = default;
        Vector512<float> s8a = default, s8b = default;
        Vector512<float> s9a = default, s9b = default;
        Vector512<float> s10a = default, s10b = default;
        Vector512<float> s11a = default, s11b = default;
        if (add)
        {
            s0a = Vector512.Load(c0);
            s0b = Vector512.Load(c0 + cPanel);
            s1a = Vector512.Load(c1);
            s1b = Vector512.Load(c1 + cPanel);
            s2a = Vector512.Load(c2);
            s2b = Vector512.Load(c2 + cPanel);
            s3a = Vector512.Load(c3);
            s3b = Vector512.Load(c3 + cPanel);
            s4a = Vector512.Load(c4);
            s4b = Vector512.Load(c4 + cPanel);
            s5a = Vector512.Load(c5);
            s5b = Vector512.Load(c5 + cPanel);
            s6a = Vector512.Load(c6);
            s6b = Vector512.Load(c6 + cPanel);
            s7a = Vector512.Load(c7);
            s7b = Vector512.Load(c7 + cPanel);
            s8a = Vector512.Load(c8);
            s8b = Vector512.Load(c8 + cPanel);
            s9a = Vector512.Load(c9);
            s9b = Vector512.Load(c9 + cPanel);
            s10a = Vector512.Load(c10);
            s10b = Vector512.Load(c10 + cPanel);
            s11a = Vector512.Load(c11);
            s11b = Vector512.Load(c11 + cPanel);
        }
        for (float* end = a + ((nint)steps * 12); a < end; a += 12)
        {
            Vector512<float> wa = Vector512.Load(b), wb = Vector512.Load(b1);
            Vector512<float> x0 = Vector512.Create(a[0]);
            s0a = Vector512.FusedMultiplyAdd(x0, wa, s0a);
            s0b = Vector512.FusedMultiplyAdd(x0, wb, s0b);
            Vector512<float> x1 = Vector512.Create(a[1]);
            s1a = Vector512.FusedMultiplyAdd(x1, wa, s1a);
            s1b = Vector512.FusedMultiplyAdd(x1, wb, s1b);
            Vector512<float> x2 = Vector512.Create(a[2]);
            s2a = Vector512.FusedMultiplyAdd(x2, wa, s2a);
            s2b = Vector512.FusedMultiplyAdd(x2, wb, s2b);
            Vector512<float> x3 = Vector512.Create(a[3]);
            s3a = Vector512.FusedMultiplyAdd(x3, wa, s3a);
            s3b = Vector512.FusedMultiplyAdd(x3, wb, s3b);
            Vector512<float> x4 = Vector512.Create(a[4]);
            s4a = Vector512.FusedMultiplyAdd(x4, wa, s4a);
            s4b = Vector512.FusedMultiplyAdd(x4, wb, s4b);
            Vector512<float> x5 = Vector512.Create(a[5]);
            s5a = Vector512.FusedMultiplyAdd(x5, wa, s5a);
            s5b = Vector512.FusedMultiplyAdd(x5, wb, s5b);
            Vector512<float> x6 = Vector512.Create(a[6]);
            s6a = Vector512.FusedMultiplyAdd(x6, wa, s6a);
            s6b = Vector512.FusedMultiplyAdd(x6, wb, s6b);
            Vector512<float> x7 = Vector512.Create(a[7]);
            s7a = Vector512.FusedMultiplyAdd(x7, wa, s7a);
            s7b = Vector512.FusedMultiplyAdd(x7, wb, s7b);
            Vector512<float> x8 = Vector512.Create(a[8]);
            s8a = Vector512.FusedMultiplyAdd(x8, wa, s8a);
            s8b = Vector512.FusedMultiplyAdd(x8, wb, s8b);
            Vector512<float> x9 = Vector512.Create(a[9]);
            s9a = Vector512.FusedMultiplyAdd(x9, wa, s9a);
            s9b = Vector512.FusedMultiplyAdd(x9, wb, s9b);
            Vector512<float> x10 = Vector512.Create(a[10]);
            s10a = Vector512.FusedMultiplyAdd(x10, wa, s10a);
            s10b = Vector512.FusedMultiplyAdd(x10, wb, s10b);
            Vector512<float> x11 = Vector512.Create(a[11]);
            s11a = Vector512.FusedMultiplyAdd(x11, wa, s11a);
            s11b = Vector512.FusedMultiplyAdd(x11, wb, s11b);
            b += 16;
            b1 += 16;
        }
        s0a.Store(c0);
        s0b.Store(c0 + cPanel);
        s1a.Store(c1);
        s1b.Store(c1 + cPanel);
        s2a.Store(c2);
        s2b.Store(c2 + cPanel);
        s3a.Store(c3);
        s3b.Store(c3 + cPanel);
        s4a.Store(c4);
        s4b.Store(c4 + cPanel);
        s5a.Store(c5);
        s5b.Store(c5 + cPanel);
        s6a.Store(c6);
        s6b.Store(c6 + cPanel);
        s7a.Store(c7);
        s7b.Store(c7 + cPanel);
        s8a.Store(c8);
        s8b.Store(c8 + cPanel);
        s9a.Store(c9);
        s9b.Store(c9 + cPanel);
        s10a.Store(c10);
        s10b.Store(c10 + cPanel);
        s11a.Store(c11);
        s11b.Store(c11 + cPanel);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile4x1(float* a, float* b, int steps, float* c, nint cRow, int rows, bool add)
    {
        float* c0 = c, c1 = rows > 1 ? c + cRow : c;
        float* c2 = rows > 2 ? c1 + cRow : c1;
        float* c3 = rows > 3 ? c2 + cRow : c2;
        Vector512<float> s0a = default;
        Vector512<float> s1a = default;
        Vector512<float> s2a = default;
        Vector512<float> s3a = default;
        if (add)
        {
            s0a = Vector512.Load(c0);
            s1a = Vector512.Load(c1);
            s2a = Vector512.Load(c2);
            s3a = Vector512.Load(c3);
        }
        for (float* end = a + ((nint)steps * 4); a < end; a += 4)
        {
            Vector512<float> wa = Vector512.Load(b);
            Vector512<float> x0 = Vector512.Create(a[0]);
            s0a = Vector512.FusedMultiplyAdd(x0, wa, s0a);
            Vector512<float> x1 = Vector512.Create(a[1]);
            s1a = Vector512.FusedMultiplyAdd(x1, wa, s1a);
            Vector512<float> x2 = Vector512.Create(a[2]);
            s2a = Vector512.FusedMultiplyAdd(x2, wa, s2a);
            Vector512<float> x3 = Vector512.Create(a[3]);
            s3a = Vector512.FusedMultiplyAdd(x3, wa, s3a);
            b += 16;
        }
        s0a.Store(c0);
        s1a.Store(c1);
        s2a.Store(c2);
        s3a.Store(c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile4x2(float* a, float* b, nint bPanel, int steps, float* c, nint cRow, nint cPanel, int rows, bool add)
    {
        float* c0 = c, c1 = rows > 1 ? c + cRow : c;
        float* c2 = rows > 2 ? c1 + cRow : c1;
        float* c3 = rows > 3 ? c2 + cRow : c2;
        float* b1 = b + bPanel;
        Vector512<float> s0a = default, s0b = default;
        Vector512<float> s1a = default, s1b = default;
        Vector512<float> s2a = default, s2b = default;
        Vector512<float> s3a = default, s3b = default;
        if (add)
        {
            s0a = Vector512.Load(c0);
            s0b = Vector512.Load(c0 + cPanel);
            s1a = Vector512.Load(c1);
            s1b = Vector512.Load(c1 + cPanel);
            s2a = Vector512.Load(c2);
            s2b = Vector512.Load(c2 + cPanel);
            s3a = Vector512.Load(c3);
            s3b = Vector512.Load(c3 + cPanel);
        }
        for (float* end = a + ((nint)steps * 4); a < end; a += 4)
        {
            Vector512<float> wa = Vector512.Load(b), wb = Vector512.Load(b1);
            Vector512<float> x0 = Vector512.Create(a[0]);
            s0a = Vector512.FusedMultiplyAdd(x0, wa, s0a);
            s0b = Vector512.FusedMultiplyAdd(x0, wb, s0b);
            Vector512<float> x1 = Vector512.Create(a[1]);
            s1a = Vector512.FusedMultiplyAdd(x1, wa, s1a);
            s1b = Vector512.FusedMultiplyAdd(x1, wb, s1b);
            Vector512<float> x2 = Vector512.Create(a[2]);
            s2a = Vector512.FusedMultiplyAdd(x2, wa, s2a);
            s2b = Vector512.FusedMultiplyAdd(x2, wb, s2b);
            Vector512<float> x3 = Vector512.Create(a[3]);
            s3a = Vector512.FusedMultiplyAdd(x3, wa, s3a);
            s3b = Vector512.FusedMultiplyAdd(x3, wb, s3b);
            b += 16;
            b1 += 16;
        }
        s0a.Store(c0);
        s0b.Store(c0 + cPanel);
        s1a.Store(c1);
        s1b.Store(c1 + cPanel);
        s2a.Store(c2);
        s2b.Store(c2 + cPanel);
        s3a.Store(c3);
        s3b.Store(c3 + cPanel);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile2x1(float* a, float* b, int steps, float* c, nint cRow, int rows, bool add)
    {
        float* c0 = c, c1 = rows > 1 ? c + cRow : c;
        Vector512<float> s0a = default;
        Vector512<float> s1a = default;
        if (add)
        {
            s0a = Vector512.Load(c0);
            s1a = Vector512.Load(c1);
        }
        for (float* end = a + ((nint)steps * 2); a < end; a += 2)
        {
            Vector512<float> wa = Vector512.Load(b);
            Vector512<float> x0 = Vector512.Create(a[0]);
            s0a = Vector512.FusedMultiplyAdd(x0, wa, s0a);
            Vector512<float> x1 = Vector512.Create(a[1]);
            s1a = Vector512.FusedMultiplyAdd(x1, wa, s1a);
            b += 16;
        }
        s0a.Store(c0);
        s1a.Store(c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile2x4(float* a, float* b, nint bPanel, int steps, float* c, nint cRow, nint cPanel, int rows, bool add)
    {
        float* c0 = c, c1 = rows > 1 ? c + cRow : c;
        float* b1 = b + bPanel;
        float* b2 = b1 + bPanel;
        float* b3 = b2 + bPanel;
        Vector512<float> s0a = default, s0b = default, s0c = default, s0d = default;
        Vector512<float> s1a = default, s1b = default, s1c = default, s1d = default;
        if (add)
        {
            s0a = Vector512.Load(c0);
            s0b = Vector512.Load(c0 + cPanel);
            s0c = Vector512.Load(c0 + (2 * cPanel));
            s0d = Vector512.Load(c0 + (3 * cPanel));
            s1a = Vector512.Load(c1);
            s1b = Vector512.Load(c1 + cPanel);
            s1c = Vector512.Load(c1 + (2 * cPanel));
            s1d = Vector512.Load(c1 + (3 * cPanel));
        }
        for (float* end = a + ((nint)steps * 2); a < end; a += 2)
        {
            Vector512<float> wa = Vector512.Load(b), wb = Vector512.Load(b1), wc = Vector512.Load(b2), wd = Vector512.Load(b3);
            Vector512<float> x0 = Vector512.Create(a[0]);
            s0a = Vector512.FusedMultiplyAdd(x0, wa, s0a);
            s0b = Vector512.FusedMultiplyAdd(x0, wb, s0b);
            s0c = Vector512.FusedMultiplyAdd(x0, wc, s0c);
            s0d = Vector512.FusedMultiplyAdd(x0, wd, s0d);
            Vector512<float> x1 = Vector512.Create(a[1]);
            s1a = Vector512.FusedMultiplyAdd(x1, wa, s1a);
            s1b = Vector512.FusedMultiplyAdd(x1, wb, s1b);
            s1c = Vector512.FusedMultiplyAdd(x1, wc, s1c);
            s1d = Vector512.FusedMultiplyAdd(x1, wd, s1d);
            b += 16;
            b1 += 16;
            b2 += 16;
            b3 += 16;
        }
        s0a.Store(c0);
        s0b.Store(c0 + cPanel);
        s0c.Store(c0 + (2 * cPanel));
        s0d.Store(c0 + (3 * cPanel));
        s1a.Store(c1);
        s1b.Store(c1 + cPanel);
        s1c.Store(c1 + (2 * cPanel));
        s1d.Store(c1 + (3 * cPanel));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile1x1(float* a, float* b, int steps, float* c, bool add)
    {
        float* c0 = c;
        Vector512<float> s0a = default;
        if (add)
        {
            s0a = Vector512.Load(c0);
        }
        for (float* end = a + steps; a < end; a++)
        {
            Vector512<float> wa = Vector512.Load(b);
            Vector512<float> x0 = Vector512.Create(a[0]);
            s0a = Vector512.FusedMultiplyAdd(x0, wa, s0a);
            b += 16;
        }
        s0a.Store(c0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile1x8(float* a, float* b, nint bPanel, int steps, float* c, nint cPanel, bool add)
    {
        float* c0 = c;
        float* b1 = b + bPanel;
        float* b2 = b1 + bPanel;
        float* b3 = b2 + bPanel;
        float* b4 = b3 + bPanel;
        float* b5 = b4 + bPanel;
        float* b6 = b5 + bPanel;
        float* b7 = b6 + bPanel;
        Vector512<float> s0a = default, s0b = default, s0c = default, s0d = default, s0e = default, s0f = default, s0g = default, s0h = default;
        if (add)
        {
            s0a = Vector512.Load(c0);
            s0b = Vector512.Load(c0 + cPanel);
            s0c = Vector512.Load(c0 + (2 * cPanel));
            s0d = Vector512.Load(c0 + (3 * cPanel));
            s0e = Vector512.Load(c0 + (4 * cPanel));
            s0f = Vector512.Load(c0 + (5 * cPanel));
            s0g = Vector512.Load(c0 + (6 * cPanel));
            s0h = Vector512.Load(c0 + (7 * cPanel));
        }
        for (float* end = a + steps; a < end; a++)
        {
            Vector512<float> wa = Vector512.Load(b), wb = Vector512.Load(b1), wc = Vector512.Load(b2), wd = Vector512.Load(b3), we = Vector512.Load(b4), wf = Vector512.Load(b5), wg = Vector512.Load(b6), wh = Vector512.Load(b7);
            Vector512<float> x0 = Vector512.Create(a[0]);
            s0a = Vector512.FusedMultiplyAdd(x0, wa, s0a);
            s0b = Vector512.FusedMultiplyAdd(x0, wb, s0b);
            s0c = Vector512.FusedMultiplyAdd(x0, wc, s0c);
            s0d = Vector512.FusedMultiplyAdd(x0, wd, s0d);
            s0e = Vector512.FusedMultiplyAdd(x0, we, s0e);
            s0f = Vector512.FusedMultiplyAdd(x0, wf, s0f);
            s0g = Vector512.FusedMultiplyAdd(x0, wg, s0g);
            s0h = Vector512.FusedMultiplyAdd(x0, wh, s0h);
            b += 16;
            b1 += 16;
            b2 += 16;
            b3 += 16;
            b4 += 16;
            b5 += 16;
            b6 += 16;
            b7 += 16;
        }
        s0a.Store(c0);
        s0b.Store(c0 + cPanel);
        s0c.Store(c0 + (2 * cPanel));
        s0d.Store(c0 + (3 * cPanel));
        s0e.Store(c0 + (4 * cPanel));
        s0f.Store(c0 + (5 * cPanel));
        s0g.Store(c0 + (6 * cPanel));
        s0h.Store(c0 + (7 * cPanel));
    }
}

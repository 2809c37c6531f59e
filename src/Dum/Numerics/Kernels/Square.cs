using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Dum.Numerics.Kernels;

/// <summary>Turns small squares of floats: the inner step of every packing that exchanges rows and columns.</summary>
static unsafe class Square
{
    /// <summary>True where <see cref="Turn"/> is faster than copying one by one.</summary>
    public static bool TurnsFast => Avx.IsSupported;

    /// <summary>to[j][i] = from[i][j] for i below <paramref name="rows"/> and eight j; writes eight floats of every line, those beyond the rows undefined.</summary>
    /// <param name="from">The first of 1 … 8 rows.</param>
    /// <param name="stride">Floats from row to row.</param>
    /// <param name="rows">Rows that exist.</param>
    /// <param name="to">The first of eight lines.</param>
    /// <param name="toStride">Floats from line to line, at least <paramref name="rows"/>; lines are written in order, so a line may run into the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Turn(float* from, nint stride, int rows, float* to, nint toStride)
    {
        Vector256<float> a = Vector256.Load(from);
        Vector256<float> b = rows > 1 ? Vector256.Load(from + stride) : a, c = rows > 2 ? Vector256.Load(from + (2 * stride)) : a, d = rows > 3 ? Vector256.Load(from + (3 * stride)) : a;
        Vector256<float> e = rows > 4 ? Vector256.Load(from + (4 * stride)) : a, f = rows > 5 ? Vector256.Load(from + (5 * stride)) : a;
        Vector256<float> g = rows > 6 ? Vector256.Load(from + (6 * stride)) : a, h = rows > 7 ? Vector256.Load(from + (7 * stride)) : a;
        Vector256<float> ab = Avx.UnpackLow(a, b), AB = Avx.UnpackHigh(a, b), cd = Avx.UnpackLow(c, d), CD = Avx.UnpackHigh(c, d);
        Vector256<float> ef = Avx.UnpackLow(e, f), EF = Avx.UnpackHigh(e, f), gh = Avx.UnpackLow(g, h), GH = Avx.UnpackHigh(g, h);
        Vector256<float> p = Avx.Shuffle(ab, cd, 0x44), q = Avx.Shuffle(ab, cd, 0xEE), r = Avx.Shuffle(AB, CD, 0x44), s = Avx.Shuffle(AB, CD, 0xEE);
        Vector256<float> t = Avx.Shuffle(ef, gh, 0x44), u = Avx.Shuffle(ef, gh, 0xEE), v = Avx.Shuffle(EF, GH, 0x44), w = Avx.Shuffle(EF, GH, 0xEE);
        Avx.Permute2x128(p, t, 0x20).Store(to);
        Avx.Permute2x128(q, u, 0x20).Store(to + toStride);
        Avx.Permute2x128(r, v, 0x20).Store(to + (2 * toStride));
        Avx.Permute2x128(s, w, 0x20).Store(to + (3 * toStride));
        Avx.Permute2x128(p, t, 0x31).Store(to + (4 * toStride));
        Avx.Permute2x128(q, u, 0x31).Store(to + (5 * toStride));
        Avx.Permute2x128(r, v, 0x31).Store(to + (6 * toStride));
        Avx.Permute2x128(s, w, 0x31).Store(to + (7 * toStride));
    }
}

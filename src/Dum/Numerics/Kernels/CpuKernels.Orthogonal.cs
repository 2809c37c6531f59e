using System.Runtime.CompilerServices;

namespace Dum.Numerics.Kernels;

sealed unsafe partial class CpuKernels
{
    public override void Orthogonalise(Matrix x)
    {
        int n = x.Rows, k = x.Columns, wide = x.Stride, square = Matrix.Padded(n);
        long floats = (2L * n * square) + ((long)k * square) + ((long)n * wide) + 64;
        var gram = new Matrix(ThreadScratch.Whole(floats), n, n, square);
        var mix = new Matrix(gram.Data + ((long)n * square), n, n, square);
        var turned = new Matrix(mix.Data + ((long)n * square), k, n, square);
        var next = new Matrix(turned.Data + ((long)k * square), n, k, wide);
        double size = 0;
        for (int r = 0; r < n; r++)
            size += Lanes.Dot(x.Row(r), x.Row(r), k);
        Scale(x, (float)(1 / (Math.Sqrt(size) + 1e-7)));
        for (int step = 0; step < NewtonSchulz.Steps; step++)
        {
            Turn(x, turned);
            Times(x, turned, gram);
            Times(gram, gram, mix);
            for (int r = 0; r < n; r++)
                Mix(gram.Row(r), NewtonSchulz.B, mix.Row(r), NewtonSchulz.C, n);
            Times(mix, x, next);
            for (int r = 0; r < n; r++)
                Mix(x.Row(r), NewtonSchulz.A, next.Row(r), 1, k, into: x.Row(r));
        }
    }

    void Times(Matrix a, Matrix b, Matrix c) => new MatrixProduct
    {
        Tiles = _path.Tiles,
        A = a.Data,
        ARow = a.Stride,
        AStep = 1,
        B = (byte*)b.Data,
        BKind = Side.Rows,
        BStride = b.Stride * (nint)sizeof(float),
        C = c.Data,
        CRow = c.Stride,
        CPanel = 16,
        Rows = a.Rows,
        Panels = Matrix.Padded(b.Columns) / 16,
        K = a.Columns,
    }.Run(pool);

    /// <summary>y = a·x + b·y, or into = a·x + b·y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Mix(float* x, float a, float* y, float b, int count, float* into = null)
    {
        float* to = into is null ? y : into;
        for (int i = 0; i < count; i++)
            to[i] = (a * x[i]) + (b * y[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Turn(Matrix x, Matrix y)
    {
        for (int r = 0; r < x.Rows; r++)
        {
            float* from = x.Row(r);
            for (int i = 0; i < x.Columns; i++)
                y.Row(i)[r] = from[i];
        }
    }
}

/// <summary>The quintic iteration of Muon (Jordan et al., 2024): singular values move into 0.7 … 1.2 in five steps.</summary>
static class NewtonSchulz
{
    public const int Steps = 5;
    public const float A = 3.4445f, B = -4.7750f, C = 2.0315f;
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Numerics.Kernels;

sealed unsafe partial class CpuKernels
{
    public override void Norm(Matrix x, float* gain, float epsilon, Matrix y, float* inverse)
    {
        var work = new NormWork { X = x, Gain = gain, Epsilon = epsilon, Y = y, Inverse = inverse, Chunk = Chunk(x.Columns) };
        pool.Run(ref work, Pieces(x.Rows, work.Chunk));
    }

    public override void NormBackward(Matrix x, float* gain, float* inverse, Matrix dy, Matrix dx, float* dGain, bool add)
    {
        // The gain first: dx may be dy.
        if (dGain is not null)
        {
            var columns = new NormGainWork { X = x, Inverse = inverse, Dy = dy, DGain = dGain };
            pool.Run(ref columns, Pieces(x.Columns, NormGainWork.Columns));
        }
        var rows = new NormInputWork { X = x, Gain = gain, Inverse = inverse, Dy = dy, Dx = dx, Add = add, Chunk = Chunk(x.Columns) };
        pool.Run(ref rows, Pieces(x.Rows, rows.Chunk));
    }

    struct NormWork : IWork
    {
        public Matrix X, Y;
        public float* Gain, Inverse;
        public float Epsilon;
        public int Chunk;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Do(int piece)
        {
            for (int r = piece * Chunk; r < Math.Min(X.Rows, (piece + 1) * Chunk); r++)
            {
                float* x = X.Row(r), y = Y.Row(r);
                int n = X.Columns, i = 0;
                float inverse = 1 / MathF.Sqrt((Lanes.Dot(x, x, n) / n) + Epsilon);
                Inverse[r] = inverse;
                Vector256<float> factor = Vector256.Create(inverse);
                for (; i + 8 <= n; i += 8)
                    (Vector256.Load(x + i) * factor * Vector256.Load(Gain + i)).Store(y + i);
                for (; i < n; i++)
                    y[i] = x[i] * inverse * Gain[i];
            }
        }
    }

    /// <summary>dx = inverse·(g·dy) − x·inverse³·mean(g·dy·x).</summary>
    struct NormInputWork : IWork
    {
        public Matrix X, Dy, Dx;
        public float* Gain, Inverse;
        public bool Add;
        public int Chunk;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Do(int piece)
        {
            int n = X.Columns;
            float* scaled = stackalloc float[n];
            for (int r = piece * Chunk; r < Math.Min(X.Rows, (piece + 1) * Chunk); r++)
            {
                float* x = X.Row(r), dy = Dy.Row(r), dx = Dx.Row(r);
                int i = 0;
                for (; i + 8 <= n; i += 8)
                    (Vector256.Load(dy + i) * Vector256.Load(Gain + i)).Store(scaled + i);
                for (; i < n; i++)
                    scaled[i] = dy[i] * Gain[i];
                float inverse = Inverse[r], pull = Lanes.Dot(scaled, x, n) / n * inverse * inverse * inverse;
                Vector256<float> a = Vector256.Create(inverse), b = Vector256.Create(-pull);
                for (i = 0; i + 8 <= n; i += 8)
                {
                    Vector256<float> d = Vector256.FusedMultiplyAdd(Vector256.Load(x + i), b, Vector256.Load(scaled + i) * a);
                    (Add ? Vector256.Load(dx + i) + d : d).Store(dx + i);
                }
                for (; i < n; i++)
                {
                    float d = MathF.FusedMultiplyAdd(x[i], -pull, scaled[i] * inverse);
                    dx[i] = Add ? dx[i] + d : d;
                }
            }
        }
    }

    /// <summary>dGain += Σ dy·x·inverse over rows, in order.</summary>
    struct NormGainWork : IWork
    {
        public const int Columns = 64;
        public Matrix X, Dy;
        public float* Inverse, DGain;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Do(int piece)
        {
            int from = piece * Columns, to = Math.Min(X.Columns, from + Columns);
            for (int r = 0; r < X.Rows; r++)
            {
                float* x = X.Row(r), dy = Dy.Row(r);
                Vector256<float> factor = Vector256.Create(Inverse[r]);
                int i = from;
                for (; i + 8 <= to; i += 8)
                    Vector256.FusedMultiplyAdd(Vector256.Load(x + i) * factor, Vector256.Load(dy + i), Vector256.Load(DGain + i)).Store(DGain + i);
                for (; i < to; i++)
                    DGain[i] = MathF.FusedMultiplyAdd(x[i] * Inverse[r], dy[i], DGain[i]);
            }
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Numerics.Kernels;

sealed unsafe partial class CpuKernels
{
    public override void Rotate(Matrix x, int heads, RotaryTable table, ReadOnlySpan<int> positions, bool back)
    {
        fixed (int* first = positions)
        {
            var work = new RotateWork { X = x, Heads = heads, Table = table, Positions = first, Back = back, Chunk = Chunk(x.Columns) };
            pool.Run(ref work, Pieces(x.Rows, work.Chunk));
        }
    }

    public override void SwiGlu(Matrix x, Matrix y)
    {
        var work = new SwiGluWork { X = x, Y = y, Chunk = Chunk(x.Columns) };
        pool.Run(ref work, Pieces(y.Rows, work.Chunk));
    }

    public override void SwiGluBackward(Matrix x, Matrix dy, Matrix dx)
    {
        var work = new SwiGluBackwardWork { X = x, Dy = dy, Dx = dx, Chunk = Chunk(x.Columns) };
        pool.Run(ref work, Pieces(dy.Rows, work.Chunk));
    }

    struct RotateWork : IWork
    {
        public Matrix X;
        public int Heads, Chunk;
        public RotaryTable Table;
        public int* Positions;
        public bool Back;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Do(int piece)
        {
            int half = Table.Half;
            float flip = Back ? -1 : 1;
            for (int r = piece * Chunk; r < Math.Min(X.Rows, (piece + 1) * Chunk); r++)
            {
                float* cos = Table.Cos(Positions[r]), sin = Table.Sin(Positions[r]);
                for (int h = 0; h < Heads; h++)
                {
                    float* a = X.Row(r) + (h * 2 * half), b = a + half;
                    int i = 0;
                    Vector256<float> sign = Vector256.Create(flip);
                    for (; i + 8 <= half; i += 8)
                    {
                        Vector256<float> u = Vector256.Load(a + i), v = Vector256.Load(b + i), c = Vector256.Load(cos + i), s = Vector256.Load(sin + i) * sign;
                        Vector256.FusedMultiplyAdd(u, c, -(v * s)).Store(a + i);
                        Vector256.FusedMultiplyAdd(u, s, v * c).Store(b + i);
                    }
                    for (; i < half; i++)
                    {
                        float u = a[i], v = b[i], s = sin[i] * flip;
                        a[i] = MathF.FusedMultiplyAdd(u, cos[i], -(v * s));
                        b[i] = MathF.FusedMultiplyAdd(u, s, v * cos[i]);
                    }
                }
            }
        }
    }

    struct SwiGluWork : IWork
    {
        public Matrix X, Y;
        public int Chunk;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Do(int piece)
        {
            int n = Y.Columns;
            for (int r = piece * Chunk; r < Math.Min(Y.Rows, (piece + 1) * Chunk); r++)
            {
                float* gate = X.Row(r), up = gate + n, y = Y.Row(r);
                int i = 0;
                for (; i + 8 <= n; i += 8)
                {
                    Vector256<float> g = Vector256.Load(gate + i);
                    (g * Lanes.Sigmoid(g) * Vector256.Load(up + i)).Store(y + i);
                }
                if (i < n)
                {
                    Vector256<float> g = Lanes.Load(gate + i, n - i);
                    Lanes.Store(g * Lanes.Sigmoid(g) * Lanes.Load(up + i, n - i), y + i, n - i);
                }
            }
        }
    }

    /// <summary>d gate = dy·up·σ·(1 + gate·(1 − σ)), d up = dy·gate·σ.</summary>
    struct SwiGluBackwardWork : IWork
    {
        public Matrix X, Dy, Dx;
        public int Chunk;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Do(int piece)
        {
            int n = Dy.Columns;
            for (int r = piece * Chunk; r < Math.Min(Dy.Rows, (piece + 1) * Chunk); r++)
            {
                float* gate = X.Row(r), up = gate + n, dy = Dy.Row(r), dGate = Dx.Row(r), dUp = dGate + n;
                int i = 0;
                for (; i + 8 <= n; i += 8)
                {
                    (Vector256<float> a, Vector256<float> b) = Both(Vector256.Load(gate + i), Vector256.Load(up + i), Vector256.Load(dy + i));
                    a.Store(dGate + i);
                    b.Store(dUp + i);
                }
                if (i < n)
                {
                    (Vector256<float> a, Vector256<float> b) = Both(Lanes.Load(gate + i, n - i), Lanes.Load(up + i, n - i), Lanes.Load(dy + i, n - i));
                    Lanes.Store(a, dGate + i, n - i);
                    Lanes.Store(b, dUp + i, n - i);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static (Vector256<float> Gate, Vector256<float> Up) Both(Vector256<float> g, Vector256<float> u, Vector256<float> d)
        {
            Vector256<float> s = Lanes.Sigmoid(g), slope = Vector256.FusedMultiplyAdd(g, Vector256<float>.One - s, Vector256<float>.One);
            return (d * u * s * slope, d * g * s);
        }
    }
}

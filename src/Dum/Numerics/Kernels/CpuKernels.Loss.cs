using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Numerics.Kernels;

sealed unsafe partial class CpuKernels
{
    public override void CrossEntropy(Matrix logits, ReadOnlySpan<int> targets, float* losses, float* logSums)
    {
        fixed (int* first = targets)
        {
            var work = new CrossEntropyWork { Logits = logits, Targets = first, Losses = losses, LogSums = logSums, Chunk = Chunk(logits.Columns) };
            pool.Run(ref work, Pieces(logits.Rows, work.Chunk));
        }
    }

    public override void CrossEntropyBackward(Matrix logits, ReadOnlySpan<int> targets, float* logSums, float scale, Matrix dLogits)
    {
        fixed (int* first = targets)
        {
            var work = new CrossEntropyBackwardWork { Logits = logits, Targets = first, LogSums = logSums, Scale = scale, D = dLogits, Chunk = Chunk(logits.Columns) };
            pool.Run(ref work, Pieces(logits.Rows, work.Chunk));
        }
    }

    public override double SumOfSquares(float* x, long count)
    {
        double sum = 0;
        // Blocks of a fixed size, so that the sum does not depend on who computes it.
        for (long at = 0; at < count; at += 4096)
            sum += Lanes.Dot(x + at, x + at, (int)Math.Min(4096, count - at));
        return sum;
    }

    public override void AdamW(float* w, float* g, float* m, float* v, long count, in AdamStep step)
    {
        var work = new AdamWork { W = w, G = g, M = m, V = v, Count = count, Step = step };
        pool.Run(ref work, (int)((count + AdamWork.Chunk - 1) / AdamWork.Chunk));
    }

    struct CrossEntropyWork : IWork
    {
        public Matrix Logits;
        public int* Targets;
        public float* Losses, LogSums;
        public int Chunk;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Do(int piece)
        {
            for (int r = piece * Chunk; r < Math.Min(Logits.Rows, (piece + 1) * Chunk); r++)
            {
                float* x = Logits.Row(r);
                int n = Logits.Columns, i = 0;
                float max = Lanes.Max(x, n);
                Vector256<float> top = Vector256.Create(max), a = default, b = default;
                for (; i + 16 <= n; i += 16)
                {
                    a += Lanes.Exp(Vector256.Load(x + i) - top);
                    b += Lanes.Exp(Vector256.Load(x + i + 8) - top);
                }
                if (i + 8 <= n) { a += Lanes.Exp(Vector256.Load(x + i) - top); i += 8; }
                if (i < n)
                    b += Lanes.Exp(Lanes.Load(x + i, n - i, float.NegativeInfinity) - top);
                float logSum = max + (float)FixedMath.Log(Lanes.Fold(a + b));
                LogSums[r] = logSum;
                Losses[r] = Targets[r] < 0 ? 0 : logSum - x[Targets[r]];
            }
        }
    }

    struct CrossEntropyBackwardWork : IWork
    {
        public Matrix Logits, D;
        public int* Targets;
        public float* LogSums;
        public float Scale;
        public int Chunk;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Do(int piece)
        {
            for (int r = piece * Chunk; r < Math.Min(Logits.Rows, (piece + 1) * Chunk); r++)
            {
                float* x = Logits.Row(r), d = D.Row(r);
                int n = Logits.Columns, i = 0;
                if (Targets[r] < 0)
                {
                    new Span<float>(d, n).Clear();
                    continue;
                }
                Vector256<float> top = Vector256.Create(LogSums[r]), scale = Vector256.Create(Scale);
                for (; i + 8 <= n; i += 8)
                    (Lanes.Exp(Vector256.Load(x + i) - top) * scale).Store(d + i);
                if (i < n)
                    Lanes.Store(Lanes.Exp(Lanes.Load(x + i, n - i) - top) * scale, d + i, n - i);
                d[Targets[r]] -= Scale;
            }
        }
    }

    struct AdamWork : IWork
    {
        public const int Chunk = 1 << 15;
        public float* W, G, M, V;
        public long Count;
        public AdamStep Step;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Do(int piece)
        {
            long i = (long)piece * Chunk, end = Math.Min(Count, i + Chunk);
            Vector256<float> b1 = Vector256.Create(Step.Beta1), n1 = Vector256.Create(1 - Step.Beta1), b2 = Vector256.Create(Step.Beta2), n2 = Vector256.Create(1 - Step.Beta2);
            Vector256<float> rate = Vector256.Create(Step.Rate * Step.Correction1), keep = Vector256.Create(1 - (Step.Rate * Step.Decay));
            Vector256<float> c2 = Vector256.Create(Step.Correction2), epsilon = Vector256.Create(Step.Epsilon), scale = Vector256.Create(Step.Scale);
            // The parameters of an arena end on a multiple of 16.
            for (; i < end; i += 8)
            {
                Vector256<float> g = Vector256.Load(G + i) * scale;
                Vector256<float> m = Vector256.FusedMultiplyAdd(b1, Vector256.Load(M + i), n1 * g), v = Vector256.FusedMultiplyAdd(b2, Vector256.Load(V + i), n2 * g * g);
                m.Store(M + i);
                v.Store(V + i);
                Vector256<float> root = Vector256.Sqrt(v * c2) + epsilon;
                Vector256.FusedMultiplyAdd(Vector256.Load(W + i), keep, -(rate * m / root)).Store(W + i);
            }
        }
    }
}

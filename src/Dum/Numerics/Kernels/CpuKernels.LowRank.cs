using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Dum.Numerics.Kernels;

sealed unsafe partial class CpuKernels
{
    /// <summary>Rows of one piece at most: they and what A makes of them stay in the first-level cache while B passes over them.</summary>
    const int LowRankRowsAtOnce = 48;

    public override void AddLowRank(Matrix x, LowRankRows[] groups, int count, Matrix reduced, Matrix y)
    {
        int rows = 0, pieces = 0;
        for (int g = 0; g < count; g++)
            rows += groups[g].Rows;
        int block = Math.Clamp(Pieces(rows, pool.Threads * 2), 1, LowRankRowsAtOnce);
        var work = new LowRankWork { X = x, Reduced = reduced, Y = y, Groups = groups, Block = Pieces(block, LowRankWork.Tall) * LowRankWork.Tall };
        for (int g = 0; g < count; g++)
            pieces += Pieces(groups[g].Rows, work.Block);
        pool.Run(ref work, pieces);
    }

    public override void Scale(Matrix x, float factor)
    {
        var work = new ScaleWork { X = x, Factor = factor, Chunk = Chunk(x.Columns) };
        pool.Run(ref work, Pieces(x.Rows, work.Chunk));
    }

    /// <summary>Both products for some rows of one group: they need nothing of any other piece.</summary>
    struct LowRankWork : IWork
    {
        /// <summary>Rows and vectors that run side by side: eight chains of multiply-adds hide the time that one of them takes.</summary>
        public const int Tall = 4;

        public Matrix X, Reduced, Y;
        public LowRankRows[] Groups;
        public int Block;

        public readonly void Do(int piece)
        {
            int g = 0;
            for (int here; piece >= (here = Pieces(Groups[g].Rows, Block)); g++)
                piece -= here;
            int first = Groups[g].Row + (piece * Block), rows = Math.Min(Block, Groups[g].Row + Groups[g].Rows - first);
            Matrix x = X.Part(first, rows), y = Y.Part(first, rows), reduced = Reduced.Part(first, rows);
            foreach (LowRankPart part in Groups[g].Parts)
            {
                for (int r = 0; r < rows; r += Tall)
                    for (int v = 0; v < part.A.Vectors; v += 2)
                        Reduce(x, r, part, v, reduced);
                Spread(reduced, part.B, y.Slice(part.Column, part.B.Outputs));
            }
        }

        /// <summary>Four rows by two vectors of A. What does not exist repeats what does: its time is there anyway.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static void Reduce(Matrix x, int row, LowRankPart part, int vector, Matrix reduced)
        {
            int last = Math.Min(row + Tall, x.Rows) - 1, step = part.A.Step, other = Math.Min(vector + 1, part.A.Vectors - 1);
            float* x0 = x.Row(row), x1 = x.Row(Math.Min(row + 1, last)), x2 = x.Row(Math.Min(row + 2, last)), x3 = x.Row(last);
            float* a = part.A.Vector(vector), b = part.A.Vector(other);
            Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
            for (int i = 0; i < part.A.Inputs; i++, a += step, b += step)
            {
                Ahead(a);
                Vector256<float> u = Vector256.Load(a), v = Vector256.Load(b), w = Vector256.Create(x0[i]);
                a0 = Vector256.FusedMultiplyAdd(w, u, a0);
                b0 = Vector256.FusedMultiplyAdd(w, v, b0);
                w = Vector256.Create(x1[i]);
                a1 = Vector256.FusedMultiplyAdd(w, u, a1);
                b1 = Vector256.FusedMultiplyAdd(w, v, b1);
                w = Vector256.Create(x2[i]);
                a2 = Vector256.FusedMultiplyAdd(w, u, a2);
                b2 = Vector256.FusedMultiplyAdd(w, v, b2);
                w = Vector256.Create(x3[i]);
                a3 = Vector256.FusedMultiplyAdd(w, u, a3);
                b3 = Vector256.FusedMultiplyAdd(w, v, b3);
            }
            Vector256<float> scale = Vector256.Create(part.Scale);
            int column = vector * LowRankInput.Lanes, beside = other * LowRankInput.Lanes;
            (a3 * scale).Store(reduced.Row(last) + column);
            (b3 * scale).Store(reduced.Row(last) + beside);
            (a2 * scale).Store(reduced.Row(Math.Min(row + 2, last)) + column);
            (b2 * scale).Store(reduced.Row(Math.Min(row + 2, last)) + beside);
            (a1 * scale).Store(reduced.Row(Math.Min(row + 1, last)) + column);
            (b1 * scale).Store(reduced.Row(Math.Min(row + 1, last)) + beside);
            (a0 * scale).Store(reduced.Row(row) + column);
            (b0 * scale).Store(reduced.Row(row) + beside);
        }

        /// <summary>y += reduced·Bᵀ, four rows at a time.</summary>
        static void Spread(Matrix reduced, PackedWeights b, Matrix y)
        {
            float* aside = stackalloc float[Tall * 16];
            int full = b.Outputs / 16, left = b.Outputs % 16;
            for (int r = 0; r < y.Rows; r += Tall)
            {
                int rows = Math.Min(Tall, y.Rows - r);
                Matrix from = reduced.Part(r, rows);
                Panels(from, b, 0, full, y.Part(r, rows));
                if (left == 0)
                    continue;
                // A last panel that is not full would reach into columns of others: it is computed aside.
                for (int i = 0; i < rows; i++)
                    new Span<float>(y.Row(r + i) + (full * 16), left).CopyTo(new Span<float>(aside + (i * 16), left));
                Panels(from, b, full, full + 1, new Matrix(aside - (full * 16), rows, 16, 16));
                for (int i = 0; i < rows; i++)
                    new Span<float>(aside + (i * 16), left).CopyTo(new Span<float>(y.Row(r + i) + (full * 16), left));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static void Panels(Matrix x, PackedWeights b, int panel, int end, Matrix y)
        {
            int rank = b.Inputs, last = x.Rows - 1, second = Math.Min(1, last), third = Math.Min(2, last);
            float* x0 = x.Row(0), x1 = x.Row(second), x2 = x.Row(third), x3 = x.Row(last);
            float* y0 = y.Row(0), y1 = y.Row(second), y2 = y.Row(third), y3 = y.Row(last);
            for (; panel < end; panel++)
            {
                float* w = (float*)b.Panel(panel);
                int n = panel * 16;
                Vector256<float> a0 = Vector256.Load(y0 + n), a1 = Vector256.Load(y1 + n), a2 = Vector256.Load(y2 + n), a3 = Vector256.Load(y3 + n);
                Vector256<float> b0 = Vector256.Load(y0 + n + 8), b1 = Vector256.Load(y1 + n + 8), b2 = Vector256.Load(y2 + n + 8), b3 = Vector256.Load(y3 + n + 8);
                for (int k = 0; k < rank; k++, w += 16)
                {
                    Ahead(w);
                    Vector256<float> u = Vector256.Load(w), v = Vector256.Load(w + 8), f = Vector256.Create(x0[k]);
                    a0 = Vector256.FusedMultiplyAdd(f, u, a0);
                    b0 = Vector256.FusedMultiplyAdd(f, v, b0);
                    f = Vector256.Create(x1[k]);
                    a1 = Vector256.FusedMultiplyAdd(f, u, a1);
                    b1 = Vector256.FusedMultiplyAdd(f, v, b1);
                    f = Vector256.Create(x2[k]);
                    a2 = Vector256.FusedMultiplyAdd(f, u, a2);
                    b2 = Vector256.FusedMultiplyAdd(f, v, b2);
                    f = Vector256.Create(x3[k]);
                    a3 = Vector256.FusedMultiplyAdd(f, u, a3);
                    b3 = Vector256.FusedMultiplyAdd(f, v, b3);
                }
                // Rows that stand in for missing ones hold the same numbers.
                a0.Store(y0 + n);
                a1.Store(y1 + n);
                a2.Store(y2 + n);
                a3.Store(y3 + n);
                b0.Store(y0 + n + 8);
                b1.Store(y1 + n + 8);
                b2.Store(y2 + n + 8);
                b3.Store(y3 + n + 8);
            }
        }

        /// <summary>Adapters are small and many: their weights come from memory in short runs, which the processor does not foresee.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Ahead(float* weights)
        {
            if (Sse.IsSupported)
                Sse.Prefetch0(weights + 256);
        }
    }

    struct ScaleWork : IWork
    {
        public Matrix X;
        public float Factor;
        public int Chunk;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Do(int piece)
        {
            for (int r = piece * Chunk; r < Math.Min(X.Rows, (piece + 1) * Chunk); r++)
            {
                float* x = X.Row(r);
                int i = 0;
                for (; i + 8 <= X.Columns; i += 8)
                    (Vector256.Load(x + i) * Vector256.Create(Factor)).Store(x + i);
                for (; i < X.Columns; i++)
                    x[i] *= Factor;
            }
        }
    }
}

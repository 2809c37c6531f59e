using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Numerics.Kernels;

sealed unsafe partial class CpuKernels
{
    /// <summary>Rows of one piece at most: they and what A makes of them stay in the first-level cache while B passes over them.</summary>
    const int LowRankRowsAtOnce = 48;

    public override void AddLowRank(Matrix x, LowRankRows[] groups, int count, Matrix reduced, Matrix y)
    {
        int rows = 0, pieces = 0, height = _path.Tiles.Heights[0];
        for (int g = 0; g < count; g++)
            rows += groups[g].Rows;
        int block = Math.Clamp(Pieces(rows, pool.Threads * 2), 1, LowRankRowsAtOnce);
        var work = new LowRankWork { Kernels = this, X = x, Reduced = reduced, Y = y, Groups = groups, Block = Pieces(block, height) * height };
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
        public CpuKernels Kernels;
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
                Kernels.Product(x, part.A, reduced, add: false).RunHere();
                var scale = new ScaleWork { X = new Matrix(reduced.Data, rows, part.Rank, reduced.Stride), Factor = part.Scale, Chunk = rows };
                scale.Do(0);
                Spread(reduced, part.B, y.Slice(part.Column, part.B.Outputs));
            }
        }

        /// <summary>y += reduced·Bᵀ. A last panel that is not full would reach into columns of others: it is computed aside.</summary>
        readonly void Spread(Matrix reduced, PackedWeights b, Matrix y)
        {
            int full = b.Outputs / 16, left = b.Outputs % 16;
            MatrixProduct product = Kernels.Product(reduced, b, y, add: true);
            product.Panels = full;
            if (full > 0)
                product.RunHere();
            if (left == 0)
                return;
            float* aside = ThreadScratch.More(16L * y.Rows);
            for (int r = 0; r < y.Rows; r++)
                new Span<float>(y.Row(r) + (full * 16), left).CopyTo(new Span<float>(aside + (r * 16), 16));
            product = Kernels.Product(reduced, b, new Matrix(aside, y.Rows, 16, 16), add: true);
            product.B = b.Panel(full);
            product.Panels = 1;
            product.RunHere();
            for (int r = 0; r < y.Rows; r++)
                new Span<float>(aside + (r * 16), left).CopyTo(new Span<float>(y.Row(r) + (full * 16), left));
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

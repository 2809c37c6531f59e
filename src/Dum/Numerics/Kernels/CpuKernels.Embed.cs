using System.Runtime.CompilerServices;

namespace Dum.Numerics.Kernels;

sealed unsafe partial class CpuKernels
{
    public override void Embed(ReadOnlySpan<int> ids, PackedWeights table, Matrix y)
    {
        fixed (int* first = ids)
        {
            var work = new EmbedWork { Ids = first, Table = table, Y = y, Chunk = 64 };
            pool.Run(ref work, Pieces(y.Rows, work.Chunk));
        }
    }

    public override void EmbedBackward(ReadOnlySpan<int> ids, Matrix dy, PackedWeights dTable)
    {
        fixed (int* first = ids)
        {
            var work = new EmbedBackwardWork { Ids = first, Dy = dy, Table = dTable };
            pool.Run(ref work, Pieces(dy.Columns, EmbedBackwardWork.Columns));
        }
    }

    struct EmbedWork : IWork
    {
        public int* Ids;
        public PackedWeights Table;
        public Matrix Y;
        public int Chunk;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Do(int piece)
        {
            for (int r = piece * Chunk; r < Math.Min(Y.Rows, (piece + 1) * Chunk); r++)
            {
                float* y = Y.Row(r);
                if (Table.Format != WeightFormat.F32)
                {
                    Table.GetRow(Ids[r], new Span<float>(y, Y.Columns));
                    continue;
                }
                float* from = (float*)Table.Panel(Ids[r] / 16) + (Ids[r] % 16);
                for (int i = 0; i < Y.Columns; i++)
                    y[i] = from[i * 16];
            }
        }
    }

    /// <summary>Pieces are ranges of columns, so that rows with the same id meet in the same piece, in order.</summary>
    struct EmbedBackwardWork : IWork
    {
        public const int Columns = 64;
        public int* Ids;
        public Matrix Dy;
        public PackedWeights Table;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Do(int piece)
        {
            int from = piece * Columns, to = Math.Min(Dy.Columns, from + Columns);
            for (int r = 0; r < Dy.Rows; r++)
            {
                float* dy = Dy.Row(r), at = (float*)Table.Panel(Ids[r] / 16) + (Ids[r] % 16);
                for (int i = from; i < to; i++)
                    at[i * 16] += dy[i];
            }
        }
    }
}

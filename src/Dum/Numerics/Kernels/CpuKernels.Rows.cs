using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Numerics.Kernels;

sealed unsafe partial class CpuKernels
{
    public override void TakeRows(Matrix from, ReadOnlySpan<int> rows, Matrix to)
    {
        fixed (int* first = rows)
        {
            var work = new TakeRowsWork { From = from, Rows = first, To = to, Chunk = Chunk(to.Columns) };
            pool.Run(ref work, Pieces(to.Rows, work.Chunk));
        }
    }

    public override void AddRows(Matrix x, Matrix from, ReadOnlySpan<int> rows, Matrix y)
    {
        fixed (int* first = rows)
        {
            var work = new AddRowsWork { X = x, From = from, Rows = first, Y = y, Chunk = Chunk(y.Columns) };
            pool.Run(ref work, Pieces(y.Rows, work.Chunk));
        }
    }

    public override void SumRows(Matrix from, ReadOnlySpan<int> rows, Matrix to)
    {
        fixed (int* first = rows)
        {
            var work = new SumRowsWork { From = from, Rows = first, To = to };
            pool.Run(ref work, Pieces(to.Columns, SumRowsWork.Columns));
        }
    }

    struct TakeRowsWork : IWork
    {
        public Matrix From, To;
        public int* Rows;
        public int Chunk;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Do(int piece)
        {
            for (int r = piece * Chunk; r < Math.Min(To.Rows, (piece + 1) * Chunk); r++)
            {
                var to = new Span<float>(To.Row(r), To.Columns);
                if (Rows[r] < 0)
                    to.Clear();
                else
                    new Span<float>(From.Row(Rows[r]), To.Columns).CopyTo(to);
            }
        }
    }

    struct AddRowsWork : IWork
    {
        public Matrix X, From, Y;
        public int* Rows;
        public int Chunk;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Do(int piece)
        {
            int n = Y.Columns;
            for (int r = piece * Chunk; r < Math.Min(Y.Rows, (piece + 1) * Chunk); r++)
            {
                float* x = X.Row(r), y = Y.Row(r);
                if (Rows[r] < 0)
                {
                    if (x != y)
                        new Span<float>(x, n).CopyTo(new Span<float>(y, n));
                    continue;
                }
                float* from = From.Row(Rows[r]);
                int i = 0;
                for (; i + 8 <= n; i += 8)
                    (Vector256.Load(x + i) + Vector256.Load(from + i)).Store(y + i);
                for (; i < n; i++)
                    y[i] = x[i] + from[i];
            }
        }
    }

    /// <summary>Pieces are ranges of columns, so that all rows of one sum meet in the same piece, in order.</summary>
    struct SumRowsWork : IWork
    {
        public const int Columns = 64;
        public Matrix From, To;
        public int* Rows;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Do(int piece)
        {
            int first = piece * Columns, count = Math.Min(To.Columns - first, Columns);
            for (int n = 0; n < To.Rows; n++)
                new Span<float>(To.Row(n) + first, count).Clear();
            for (int r = 0; r < From.Rows; r++)
            {
                if (Rows[r] < 0)
                    continue;
                float* from = From.Row(r) + first, to = To.Row(Rows[r]) + first;
                int i = 0;
                for (; i + 8 <= count; i += 8)
                    (Vector256.Load(to + i) + Vector256.Load(from + i)).Store(to + i);
                for (; i < count; i++)
                    to[i] += from[i];
            }
        }
    }
}

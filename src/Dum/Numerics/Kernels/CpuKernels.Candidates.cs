namespace Dum.Numerics.Kernels;

sealed unsafe partial class CpuKernels
{
    public override void Gather(PackedWeights from, ReadOnlySpan<int> ids, PackedWeights to)
    {
        fixed (int* first = ids)
        {
            var work = new GatherWork { Many = from, Ids = first, Some = to };
            pool.Run(ref work, to.Panels);
        }
    }

    public override void ScatterAdd(PackedWeights from, ReadOnlySpan<int> ids, PackedWeights to)
    {
        fixed (int* first = ids)
        {
            var work = new ScatterWork { Some = from, Ids = first, Many = to };
            pool.Run(ref work, Pieces(from.Inputs, ScatterWork.Columns));
        }
    }

    public override void MaskCandidates(Matrix logits, ReadOnlySpan<int> ids, int drawn, ReadOnlySpan<float> logCounts, ReadOnlySpan<int> targets, ReadOnlySpan<int> columns)
    {
        fixed (int* id = ids, target = targets, column = columns)
        fixed (float* logCount = logCounts)
        {
            var work = new MaskWork { Logits = logits, Ids = id, Drawn = drawn, LogCounts = logCount, Targets = target, Columns = column, Chunk = Chunk(logits.Columns) };
            pool.Run(ref work, Pieces(logits.Rows, work.Chunk));
        }
    }

    /// <summary>One panel of sixteen gathered rows.</summary>
    struct GatherWork : IWork
    {
        public PackedWeights Many, Some;
        public int* Ids;

        public readonly void Do(int panel)
        {
            float* to = (float*)Some.Panel(panel);
            for (int lane = 0; lane < Math.Min(16, Some.Outputs - (panel * 16)); lane++)
            {
                int id = Ids[(panel * 16) + lane];
                float* from = (float*)Many.Panel(id / 16) + (id % 16);
                for (int i = 0; i < Some.Inputs; i++)
                    to[(i * 16) + lane] = from[i * 16];
            }
        }
    }

    /// <summary>Pieces are ranges of inputs, so that an id that comes twice is added in order.</summary>
    struct ScatterWork : IWork
    {
        public const int Columns = 32;
        public PackedWeights Some, Many;
        public int* Ids;

        public readonly void Do(int piece)
        {
            int from = piece * Columns, to = Math.Min(Some.Inputs, from + Columns);
            for (int n = 0; n < Some.Outputs; n++)
            {
                float* g = (float*)Some.Panel(n / 16) + (n % 16), into = (float*)Many.Panel(Ids[n] / 16) + (Ids[n] % 16);
                for (int i = from; i < to; i++)
                    into[i * 16] += g[i * 16];
            }
        }
    }

    struct MaskWork : IWork
    {
        public Matrix Logits;
        public int* Ids, Targets, Columns;
        public float* LogCounts;
        public int Drawn, Chunk;

        public readonly void Do(int piece)
        {
            for (int r = piece * Chunk; r < Math.Min(Logits.Rows, (piece + 1) * Chunk); r++)
            {
                float* x = Logits.Row(r);
                float own = Columns[r] < 0 ? 0 : x[Columns[r]] - LogCounts[Columns[r]];
                for (int i = 0; i < Drawn; i++)
                    x[i] = Ids[i] == Targets[r] ? float.NegativeInfinity : x[i] - LogCounts[i];
                new Span<float>(x + Drawn, Logits.Columns - Drawn).Fill(float.NegativeInfinity);
                if (Columns[r] >= 0)
                    x[Columns[r]] = own;
            }
        }
    }
}

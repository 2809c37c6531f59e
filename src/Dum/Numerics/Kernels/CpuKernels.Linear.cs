using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Numerics.Kernels;

sealed unsafe partial class CpuKernels
{
    public override void Linear(Matrix x, PackedWeights w, float* bias, Matrix y)
    {
        if (w.Format >= WeightFormat.I8)
            Integers(x, w, y);
        else
            Product(x, w, y, add: false).Run(pool);
        if (bias is not null)
        {
            var work = new BiasWork { Y = y, Bias = bias, Chunk = Chunk(y.Columns) };
            pool.Run(ref work, Pieces(y.Rows, work.Chunk));
        }
    }

    public override void LinearInput(Matrix dy, PackedWeights transposed, Matrix dx, bool add = false) => Product(dy, transposed, dx, add).Run(pool);

    public override void LinearWeights(Matrix x, Matrix dy, PackedWeights dw, bool add) =>
        // Computed transposed, xᵀ·dy: its tiles of 16 outputs are the panels of the weights.
        new MatrixProduct
        {
            Tiles = _path.Tiles,
            A = x.Data,
            ARow = 1,
            AStep = x.Stride,
            B = (byte*)dy.Data,
            BKind = Side.Rows,
            BStride = dy.Stride * (nint)sizeof(float),
            C = (float*)dw.Data,
            CRow = 16,
            CPanel = (nint)dw.Inputs * 16,
            Rows = dw.Inputs,
            Panels = dw.Panels,
            K = x.Rows,
            Add = add,
        }.Run(pool);

    public override void BiasBackward(Matrix dy, float* dBias, bool add)
    {
        if (!add)
            new Span<float>(dBias, dy.Columns).Clear();
        for (int r = 0; r < dy.Rows; r++)
            Lanes.AddScaled(dBias, dy.Row(r), 1, dy.Columns);
    }

    public override void Transpose(PackedWeights w, PackedWeights transposed)
    {
        var work = new TransposeWork { From = w, To = transposed };
        pool.Run(ref work, transposed.Panels);
    }

    public override void Add(Matrix a, Matrix b, Matrix y)
    {
        var work = new AddWork { A = a, B = b, Y = y, Chunk = Chunk(y.Columns) };
        pool.Run(ref work, Pieces(y.Rows, work.Chunk));
    }

    /// <summary>x·Wᵀ for weights in floats.</summary>
    MatrixProduct Product(Matrix x, PackedWeights w, Matrix y, bool add) => new()
    {
        Tiles = _path.Tiles,
        A = x.Data,
        ARow = x.Stride,
        AStep = 1,
        B = w.Data,
        BKind = w.Format == WeightFormat.F32 ? Side.Panels : Side.HalfPanels,
        BStride = (nint)w.PanelBytes,
        C = y.Data,
        CRow = y.Stride,
        CPanel = 16,
        Rows = x.Rows,
        Panels = w.Panels,
        K = w.Inputs,
        Add = add,
    };

    void Integers(Matrix x, PackedWeights w, Matrix y)
    {
        if (x.Rows == 0)
            return;
        QuantisedRows rows = QuantisedRows.In(ThreadScratch.Whole(QuantisedRows.Floats(x.Rows, w.Groups)), x.Rows, w.Groups);
        var quantise = new QuantiseWork { X = x, Rows = rows };
        if (x.Rows < 4)
            for (int r = 0; r < x.Rows; r++)
                quantise.Do(r);
        else
            pool.Run(ref quantise, x.Rows);
        // A block of rows stays in the second-level cache while the panels of the piece pass over it.
        int block = Math.Clamp(131072 / (w.Groups * 32), 4, 64) / 4 * 4, blocks = Pieces(x.Rows, block);
        int share = Math.Max(1, w.Panels / Math.Max(1, pool.Threads * 6 / blocks));
        var work = new IntegerWork { Tiles = _path.Integers, X = rows, W = w, Y = y, Block = block, Share = share, PanelPieces = Pieces(w.Panels, share) };
        pool.Run(ref work, blocks * work.PanelPieces);
    }

    struct QuantiseWork : IWork
    {
        public Matrix X;
        public QuantisedRows Rows;

        public readonly void Do(int r)
        {
            long at = (long)r * Rows.Groups;
            Quantise.Row(X.Row(r), X.Columns, Rows.Quanta + (at * 32), Rows.Magnitudes + (at * 32), Rows.Scales + at, Rows.Sums + at);
        }
    }

    struct IntegerWork : IWork
    {
        public IntegerTiles Tiles;
        public QuantisedRows X;
        public PackedWeights W;
        public Matrix Y;
        public int Block, Share, PanelPieces;

        public readonly void Do(int piece)
        {
            int first = piece / PanelPieces * Block, end = Math.Min(Y.Rows, first + Block);
            int panel = piece % PanelPieces * Share, last = Math.Min(W.Panels, panel + Share);
            for (; panel < last; panel++)
                for (int r = first; r < end; r += IntegerTiles.Rows)
                {
                    int rows = Math.Min(IntegerTiles.Rows, end - r);
                    float* c = Y.Row(r) + (panel * 16);
                    if (W.Format == WeightFormat.I8)
                        Tiles.Int8(X, r, rows, W.Panel(panel), W.Scales(panel), c, Y.Stride);
                    else
                        Tiles.Int4(X, r, rows, W.Panel(panel), W.Scales(panel), c, Y.Stride);
                }
        }
    }

    struct BiasWork : IWork
    {
        public Matrix Y;
        public float* Bias;
        public int Chunk;

        public readonly void Do(int piece)
        {
            for (int r = piece * Chunk; r < Math.Min(Y.Rows, (piece + 1) * Chunk); r++)
                Lanes.AddScaled(Y.Row(r), Bias, 1, Y.Columns);
        }
    }

    struct TransposeWork : IWork
    {
        public PackedWeights From, To;

        /// <summary>One panel of 16 inputs: for every output n the sixteen inputs beside each other.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Do(int panel)
        {
            float* to = (float*)To.Panel(panel);
            int inputs = Math.Min(16, From.Inputs - (panel * 16));
            if (From.Format != WeightFormat.F32)
            {
                for (int n = 0; n < From.Outputs; n++, to += 16)
                    From.GetPart(n, panel * 16, new Span<float>(to, inputs));
                return;
            }
            for (int p = 0; p < From.Panels; p++)
            {
                float* from = (float*)From.Panel(p) + ((nint)panel * 256);
                int outputs = Math.Min(16, From.Outputs - (p * 16));
                if (Square.TurnsFast && outputs == 16 && inputs == 16)
                {
                    Square.Turn(from, 16, 8, to, 16);
                    Square.Turn(from + 8, 16, 8, to + 128, 16);
                    Square.Turn(from + 128, 16, 8, to + 8, 16);
                    Square.Turn(from + 136, 16, 8, to + 136, 16);
                    to += 256;
                    continue;
                }
                for (int n = 0; n < outputs; n++, to += 16)
                    for (int i = 0; i < inputs; i++)
                        to[i] = from[(i * 16) + n];
            }
        }
    }

    struct AddWork : IWork
    {
        public Matrix A, B, Y;
        public int Chunk;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Do(int piece)
        {
            for (int r = piece * Chunk; r < Math.Min(Y.Rows, (piece + 1) * Chunk); r++)
            {
                float* a = A.Row(r), b = B.Row(r), y = Y.Row(r);
                for (int i = 0; i < Y.Columns; i += 8)
                    (Vector256.Load(a + i) + Vector256.Load(b + i)).Store(y + i);
            }
        }
    }
}

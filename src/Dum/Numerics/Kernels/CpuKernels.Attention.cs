using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Numerics.Kernels;

sealed unsafe partial class CpuKernels
{
    public override void Attention(Matrix qkv, int length, AttentionShape shape, Matrix y)
    {
        var work = new AttentionWork { Tiles = _path.Tiles, Qkv = qkv, Length = length, Shape = shape, Y = y };
        pool.Run(ref work, qkv.Rows / length * shape.KeyValueHeads);
    }

    public override void AttentionBackward(Matrix qkv, int length, AttentionShape shape, Matrix dy, Matrix dqkv)
    {
        var work = new AttentionBackwardWork { Tiles = _path.Tiles, Qkv = qkv, Length = length, Shape = shape, Dy = dy, DQkv = dqkv };
        pool.Run(ref work, qkv.Rows / length * shape.KeyValueHeads);
    }

    /// <summary>[position/16][channel][16 positions]: panels whose columns are positions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void PackPositions(float* from, nint stride, int positions, int size, float* to)
    {
        for (int p = 0; p < positions; p += 16, to += (nint)size * 16)
        {
            int count = Math.Min(16, positions - p);
            if (Square.TurnsFast && count == 16 && size % 8 == 0)
            {
                for (int i = 0; i < size; i += 8)
                {
                    Square.Turn(from + (p * stride) + i, stride, 8, to + (i * 16), 16);
                    Square.Turn(from + ((p + 8) * stride) + i, stride, 8, to + (i * 16) + 8, 16);
                }
                continue;
            }
            for (int j = 0; j < 16; j++)
            {
                if (j < count)
                {
                    float* line = from + ((p + j) * stride);
                    for (int i = 0; i < size; i++)
                        to[(i * 16) + j] = line[i];
                }
                else
                {
                    for (int i = 0; i < size; i++)
                        to[(i * 16) + j] = 0;
                }
            }
        }
    }

    /// <summary>[channel/16][position][16 channels]: panels whose columns are channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void PackChannels(float* from, nint stride, int positions, int size, float* to)
    {
        for (int c = 0; c < size; c += 16)
        {
            int count = Math.Min(16, size - c);
            for (int p = 0; p < positions && count == 16; p++, to += 16)
            {
                Vector256.Load(from + (p * stride) + c).Store(to);
                Vector256.Load(from + (p * stride) + c + 8).Store(to + 8);
            }
            for (int p = 0; p < positions && count < 16; p++, to += 16)
                for (int i = 0; i < 16; i++)
                    to[i] = i < count ? from[(p * stride) + c + i] : 0;
        }
    }

    /// <summary>One sequence, one key and value head: packs them, then goes through its queries in blocks.</summary>
    struct AttentionWork : IWork
    {
        public TileKernels Tiles;
        public Matrix Qkv, Y;
        public int Length;
        public AttentionShape Shape;

        public readonly void Do(int piece)
        {
            int first = piece / Shape.KeyValueHeads * Length, head = piece % Shape.KeyValueHeads, size = Shape.HeadSize;
            int room = (Length + 15) / 16 * 16, padded = Matrix.Padded(size), widest = (Length + 63) / 32 * 32;
            float* keys = ThreadScratch.Scores(((long)room * size) + ((long)room * padded) + ((long)AttentionBlock.MaxRows * (widest + 1)));
            float* values = keys + ((long)room * size), scores = values + ((long)room * padded), sums = scores + ((long)AttentionBlock.MaxRows * widest);
            float* q = Qkv.Row(first) + (head * Shape.Group * size), k = Qkv.Row(first) + Shape.QueryWidth + (head * size), v = k + Shape.KeyWidth;
            PackPositions(k, Qkv.Stride, Length, size, keys);
            PackChannels(v, Qkv.Stride, Length, size, values);
            for (int at = 0; at < Length; at += AttentionBlock.MaxRows)
                for (int h = 0; h < Shape.Group; h++)
                {
                    var block = new AttentionBlock
                    {
                        Tiles = Tiles,
                        Shape = Shape,
                        Keys = keys,
                        Values = values,
                        Capacity = Length,
                        Queries = q + (at * (nint)Qkv.Stride) + (h * size),
                        QueryStride = Qkv.Stride,
                        Rows = Math.Min(AttentionBlock.MaxRows, Length - at),
                        Position = at,
                        RowsPerPosition = 1,
                    };
                    block.Scores(scores, sums);
                    block.Blend(scores, sums, Y.Row(first + at) + (((head * Shape.Group) + h) * size), Y.Stride);
                }
        }
    }

    /// <summary>
    /// P = softmax(s·QKᵀ); dV = Pᵀ·dY; dP = dY·Vᵀ; dS = s·P∘(dP − rowsum(P∘dP)); dQ = dS·K; dK = dSᵀ·Q.
    /// P is computed again: keeping it would take length² floats per head.
    /// </summary>
    struct AttentionBackwardWork : IWork
    {
        public TileKernels Tiles;
        public Matrix Qkv, Dy, DQkv;
        public int Length;
        public AttentionShape Shape;

        public readonly void Do(int piece)
        {
            int first = piece / Shape.KeyValueHeads * Length, head = piece % Shape.KeyValueHeads, size = Shape.HeadSize;
            int room = (Length + 31) / 32 * 32, padded = Matrix.Padded(size), widest = room + 32;
            long channels = (long)room * padded, positions = (long)room * size, block = (long)AttentionBlock.MaxRows * widest;
            float* keys = ThreadScratch.Scores((2 * positions) + (3 * channels) + (2 * block) + ((long)AttentionBlock.MaxRows * (padded + 1)));
            float* valuesByPosition = keys + positions, keysByChannel = valuesByPosition + positions;
            float* dk = keysByChannel + channels, dv = dk + channels, p = dv + channels, dp = p + block, dq = dp + block, sums = dq + ((long)AttentionBlock.MaxRows * padded);
            float* q = Qkv.Row(first) + (head * Shape.Group * size), k = Qkv.Row(first) + Shape.QueryWidth + (head * size), v = k + Shape.KeyWidth;
            PackPositions(k, Qkv.Stride, Length, size, keys);
            PackPositions(v, Qkv.Stride, Length, size, valuesByPosition);
            PackChannels(k, Qkv.Stride, Length, size, keysByChannel);
            new Span<float>(dk, checked((int)(2 * channels))).Clear();
            for (int at = 0; at < Length; at += AttentionBlock.MaxRows)
                for (int h = 0; h < Shape.Group; h++)
                {
                    float* queries = q + (at * (nint)Qkv.Stride) + (h * size), dy = Dy.Row(first + at) + (((head * Shape.Group) + h) * size);
                    var attention = new AttentionBlock { Tiles = Tiles, Shape = Shape, Keys = keys, Capacity = Length, Queries = queries, QueryStride = Qkv.Stride, Rows = Math.Min(AttentionBlock.MaxRows, Length - at), Position = at, RowsPerPosition = 1 };
                    attention.Scores(p, sums);
                    int from = attention.From, end = attention.End, stride = attention.ScoreStride, rows = attention.Rows;
                    Times(dy, Dy.Stride, 1, valuesByPosition + (from * (nint)size), Side.Panels, size * 64, dp, stride, rows, (end - from + 15) / 16, size, false);
                    for (int r = 0; r < rows; r++)
                        Softmax(p + (r * (nint)stride), dp + (r * (nint)stride), sums[r], stride, end - from, Shape.Scale);
                    Times(dp, stride, 1, keysByChannel + (from * (nint)16), Side.Panels, Length * (nint)64, dq, padded, rows, padded / 16, end - from, false);
                    float* to = DQkv.Row(first + at) + (((head * Shape.Group) + h) * size);
                    for (int r = 0; r < rows; r++)
                        new Span<float>(dq + (r * padded), size).CopyTo(new Span<float>(to + (r * (nint)DQkv.Stride), size));
                    Times(dp, 1, stride, queries, Side.Rows, Qkv.Stride * (nint)4, dk + (from * (nint)padded), padded, end - from, padded / 16, rows, true);
                    Times(p, 1, stride, dy, Side.Rows, Dy.Stride * (nint)4, dv + (from * (nint)padded), padded, end - from, padded / 16, rows, true);
                }
            for (int i = 0; i < Length; i++)
            {
                float* to = DQkv.Row(first + i) + Shape.QueryWidth + (head * size);
                new Span<float>(dk + (i * (nint)padded), size).CopyTo(new Span<float>(to, size));
                new Span<float>(dv + (i * (nint)padded), size).CopyTo(new Span<float>(to + Shape.KeyWidth, size));
            }
        }

        readonly void Times(float* a, nint aRow, nint aStep, float* b, Side kind, nint bStride, float* c, nint cRow, int rows, int panels, int steps, bool add) =>
            new MatrixProduct { Tiles = Tiles, A = a, ARow = aRow, AStep = aStep, B = (byte*)b, BKind = kind, BStride = bStride, C = c, CRow = cRow, CPanel = 16, Rows = rows, Panels = panels, K = steps, Add = add }.RunHere();

        /// <summary>p becomes the probabilities, dp the gradient of the scores before scaling.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static void Softmax(float* p, float* dp, float sum, int stride, int computed, float scale)
        {
            // Panels of 16 were computed; what lies beyond them up to the stride is left from before.
            int known = (computed + 15) / 16 * 16;
            new Span<float>(dp + known, stride - known).Clear();
            Vector256<float> inverse = Vector256.Create(1 / sum);
            for (int i = 0; i < stride; i += 8)
                (Vector256.Load(p + i) * inverse).Store(p + i);
            Vector256<float> mean = Vector256.Create(Lanes.Dot(p, dp, stride)), factor = Vector256.Create(scale);
            for (int i = 0; i < stride; i += 8)
                (Vector256.Load(p + i) * (Vector256.Load(dp + i) - mean) * factor).Store(dp + i);
        }
    }
}

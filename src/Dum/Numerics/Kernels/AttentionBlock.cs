using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Numerics.Kernels;

/// <summary>How keys and values are kept.</summary>
public enum CacheFormat
{
    /// <summary>32-bit floats: the same bits as the whole sequence at once.</summary>
    F32,

    /// <summary>bfloat16.</summary>
    BF16,

    /// <summary>Bytes with one scale per position and head.</summary>
    I8,
}

/// <summary>
/// Some queries of one head against keys and values that lie in panels. Both the plan and the session compute attention
/// here and nowhere else, so their bits agree.
/// </summary>
/// <remarks>Keys: [position/16][channel][16 positions]. Values: [channel/16][position][16 channels].</remarks>
unsafe struct AttentionBlock
{
    /// <summary>Queries at once: scores of 1,000 positions stay in the second-level cache.</summary>
    public const int MaxRows = 48;

    public TileKernels Tiles;
    public AttentionShape Shape;
    public CacheFormat Format;

    public void* Keys, Values;

    /// <summary>Positions that a value panel has room for.</summary>
    public int Capacity;

    /// <summary>One per position, for <see cref="CacheFormat.I8"/>.</summary>
    public float* KeyScales, ValueScales;

    public float* Queries;
    public nint QueryStride;
    public int Rows;

    /// <summary>The position of the first query.</summary>
    public int Position;

    /// <summary>Rows that share a position: 1, or the heads of a group when a single token is decoded.</summary>
    public int RowsPerPosition;

    public readonly int From => Shape.First(Position) / 32 * 32;
    public readonly int End => Position + ((Rows - 1) / RowsPerPosition) + 1;
    public readonly int ScoreStride => (End - From + 31) / 32 * 32;

    /// <summary>Unnormalised probabilities into scores [Rows × ScoreStride], their sums into sums.</summary>
    public readonly void Scores(float* scores, float* sums)
    {
        int from = From, end = End, stride = ScoreStride;
        int size = Shape.HeadSize;
        nint element = Format switch { CacheFormat.F32 => 4, CacheFormat.BF16 => 2, _ => 1 };
        new MatrixProduct
        {
            Tiles = Tiles,
            A = Queries,
            ARow = QueryStride,
            AStep = 1,
            B = (byte*)Keys + (from * (nint)size * element),
            BKind = Kind,
            BStride = size * 16 * element,
            C = scores,
            CRow = stride,
            CPanel = 16,
            Rows = Rows,
            Panels = (end - from + 15) / 16,
            K = size,
        }.RunHere();
        for (int r = 0; r < Rows; r++)
        {
            int position = Position + (r / RowsPerPosition);
            sums[r] = Exponentials(scores + (r * (nint)stride), Shape.First(position) - from, position + 1 - from, stride, Shape.Scale, KeyScales is null ? null : KeyScales + from);
        }
    }

    /// <summary>y[r] = scores[r]·values / sums[r], one row of HeadSize floats per query.</summary>
    public readonly void Blend(float* scores, float* sums, float* y, nint yStride)
    {
        int from = From, stride = ScoreStride, size = Shape.HeadSize, padded = Matrix.Padded(size);
        nint element = Format switch { CacheFormat.F32 => 4, CacheFormat.BF16 => 2, _ => 1 };
        if (ValueScales is not null)
            for (int r = 0; r < Rows; r++)
                Scale(scores + (r * (nint)stride), ValueScales + from, End - from);
        float* blended = ThreadScratch.More((long)Rows * padded);
        new MatrixProduct
        {
            Tiles = Tiles,
            A = scores,
            ARow = stride,
            AStep = 1,
            B = (byte*)Values + (from * 16 * element),
            BKind = Kind,
            BStride = Capacity * 16 * element,
            C = blended,
            CRow = padded,
            CPanel = 16,
            Rows = Rows,
            Panels = padded / 16,
            K = End - from,
        }.RunHere();
        for (int r = 0; r < Rows; r++)
        {
            float inverse = 1 / sums[r];
            int i = 0;
            for (; i + 8 <= size; i += 8)
                (Vector256.Load(blended + (r * padded) + i) * Vector256.Create(inverse)).Store(y + (r * yStride) + i);
            for (; i < size; i++)
                y[(r * yStride) + i] = blended[(r * padded) + i] * inverse;
        }
    }

    readonly Side Kind => Format switch { CacheFormat.F32 => Side.Panels, CacheFormat.BF16 => Side.HalfPanels, _ => Side.BytePanels };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Scale(float* x, float* by, int n)
    {
        for (int i = 0; i < n; i++)
            x[i] *= by[i];
    }

    /// <summary>x[first … end) becomes e^(scale·x − max), everything else up to the stride 0; returns the sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Exponentials(float* x, int first, int end, int stride, float scale, float* scales)
    {
        if (scales is not null)
            Scale(x + first, scales + first, end - first);
        // What lies outside is made −∞: its exponential is 0 in every lane, wherever the block began.
        new Span<float>(x, first).Fill(float.NegativeInfinity);
        new Span<float>(x + end, stride - end).Fill(float.NegativeInfinity);
        Vector256<float> factor = Vector256.Create(scale), top = Vector256.Create(Lanes.Max(x + (first / 8 * 8), ((end + 7) / 8 * 8) - (first / 8 * 8)) * scale);
        Vector256<float> a = default, b = default, c = default, d = default;
        for (int i = 0; i < stride; i += 32)
        {
            Vector256<float> e = Lanes.Exp((Vector256.Load(x + i) * factor) - top), f = Lanes.Exp((Vector256.Load(x + i + 8) * factor) - top);
            Vector256<float> g = Lanes.Exp((Vector256.Load(x + i + 16) * factor) - top), h = Lanes.Exp((Vector256.Load(x + i + 24) * factor) - top);
            e.Store(x + i);
            f.Store(x + i + 8);
            g.Store(x + i + 16);
            h.Store(x + i + 24);
            a += e;
            b += f;
            c += g;
            d += h;
        }
        return Lanes.Fold(a + b + (c + d));
    }
}

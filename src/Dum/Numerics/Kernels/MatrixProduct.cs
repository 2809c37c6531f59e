using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Dum.Numerics.Kernels;

/// <summary>How the right-hand side of a product lies in memory.</summary>
enum Side
{
    /// <summary>Panels [k][16] of floats.</summary>
    Panels,

    /// <summary>Panels [k][16] of bfloat16.</summary>
    HalfPanels,

    /// <summary>Panels [k][16] of signed bytes, taken as floats.</summary>
    BytePanels,

    /// <summary>Plain rows, one for each k; 16 columns at a time are copied before they are used.</summary>
    Rows,
}

/// <summary>
/// C [rows × 16·panels] = A·B or C += A·B in floats. A is packed in cache-sized blocks; a sliver of B (some hundred k of
/// one panel) stays in the first-level cache while all rows of the block pass over it (Goto and van de Geijn, 2008).
/// </summary>
unsafe struct MatrixProduct : IWork
{
    /// <summary>k steps per sliver: 24 KiB of B. Measured against 256 and 320: 3 to 5 % faster on a model's own shapes.</summary>
    const int Steps = 384;

    /// <summary>Rows per block of A: 12 × 12, a multiple of every tile height; with 384 steps half of a second-level cache of 512 KiB.</summary>
    const int BlockRows = 144;

    /// <summary>Below this many rows only panels are split among threads.</summary>
    const int FewRows = 64;

    public TileKernels Tiles;
    public float* A;
    public nint ARow, AStep;
    public byte* B;
    public Side BKind;

    /// <summary>Bytes from one panel to the next; for plain rows from one row to the next.</summary>
    public nint BStride;
    public float* C;
    public nint CRow, CPanel;
    public int Rows, Panels, K;
    public bool Add;
    int _rowPieces, _panelPieces;

    /// <summary>Computes it on the pool.</summary>
    public void Run(WorkerPool pool)
    {
        if (Rows == 0 || Panels == 0)
            return;
        int unit = Tiles.PanelsAt(Tiles.HeightFor(Rows));
        _rowPieces = Rows <= FewRows ? 1 : (Rows + BlockRows - 1) / BlockRows;
        int wanted = pool.Threads == 1 ? 1 : _rowPieces == 1 && Rows < 8 ? pool.Threads * 4 : (pool.Threads * 3 + _rowPieces - 1) / _rowPieces;
        _panelPieces = Math.Clamp(wanted, 1, (Panels + unit - 1) / unit);
        if ((long)Rows * Panels * K < 4096)
            (_rowPieces, _panelPieces) = (1, 1); // waking a thread would take longer
        pool.Run(ref this, _rowPieces * _panelPieces);
    }

    /// <summary>Computes it on this thread.</summary>
    public void RunHere()
    {
        (_rowPieces, _panelPieces) = ((Rows + BlockRows - 1) / BlockRows, 1);
        for (int i = 0; i < _rowPieces; i++)
            Do(i);
    }

    public void Do(int piece)
    {
        int rowPiece = piece / _panelPieces, panelPiece = piece % _panelPieces;
        int block = (Rows + _rowPieces - 1) / _rowPieces, top = Tiles.Heights[0];
        block = (block + top - 1) / top * top;
        int row = rowPiece * block, rows = Math.Min(block, Rows - row);
        if (rows <= 0)
            return;
        int unit = Tiles.PanelsAt(Tiles.HeightFor(rows));
        int share = (((Panels + _panelPieces - 1) / _panelPieces) + unit - 1) / unit * unit;
        int panel = panelPiece * share, panels = Math.Min(share, Panels - panel);
        if (panels <= 0)
            return;
        if (rows == 1)
            OneRow(row, panel, panels);
        else if (rows <= HalfRow.Rows && BKind == Side.HalfPanels && AStep == 1)
            FewHalfRows(row, rows, panel, panels);
        else
            Block(row, rows, panel, panels, unit);
    }

    void Block(int row, int rows, int panel, int panels, int unit)
    {
        bool few = rows <= FewRows / 2;
        // Few rows mostly wait for weights from memory: panels are then read one after the other, each in one go.
        int slices = few && BKind == Side.Panels ? Math.Min(K, 1) : (K + Steps - 1) / Steps, steps = slices == 0 ? 0 : (K + slices - 1) / slices;
        int padded = PaddedRows(rows);
        float* packed = ThreadScratch.Rows((long)padded * Math.Max(few ? K : steps, 1));
        float* sliver = BKind == Side.Panels ? null : ThreadScratch.Sliver((long)unit * Math.Max(steps, 1) * 16);
        if (K == 0)
            Slice(packed, sliver, row, rows, panel, panels, unit, 0, 0, Add);
        else if (few)
        {
            for (int k = 0; k < K; k += steps)
                Pack(packed + ((nint)k * padded), row, rows, k, Math.Min(steps, K - k));
            for (int p = panel; p < panel + panels; p += unit)
                for (int k = 0; k < K; k += steps)
                    Slice(packed + ((nint)k * padded), sliver, row, rows, p, Math.Min(unit, panel + panels - p), unit, k, Math.Min(steps, K - k), Add || k > 0);
        }
        else
        {
            for (int k = 0; k < K; k += steps)
            {
                int n = Math.Min(steps, K - k);
                Pack(packed, row, rows, k, n);
                Slice(packed, sliver, row, rows, panel, panels, unit, k, n, Add || k > 0);
            }
        }
    }

    /// <summary>Rows after each group is filled up to the height of its tile.</summary>
    readonly int PaddedRows(int rows)
    {
        int padded = 0;
        for (int done = 0; done < rows;)
        {
            int height = Tiles.HeightFor(rows - done);
            padded += height;
            done += height;
        }
        return padded;
    }

    void Slice(float* packed, float* sliver, int row, int rows, int panel, int panels, int unit, int k, int n, bool add)
    {
        for (int p = panel; p < panel + panels; p += unit)
        {
            int here = Math.Min(unit, panel + panels - p);
            float* b = BKind == Side.Panels ? (float*)(B + (p * BStride)) + ((nint)k * 16) : Fill(sliver, p, here, k, n);
            nint bPanel = BKind == Side.Panels ? BStride / sizeof(float) : (nint)n * 16;
            float* a = packed;
            float* c = C + (row * CRow) + (p * CPanel);
            for (int done = 0; done < rows;)
            {
                int height = Tiles.HeightFor(rows - done), count = Math.Min(height, rows - done), wide = Tiles.PanelsAt(height);
                // A tile that goes on from C would wait for it: the next one's is asked for now.
                if (add && Sse.IsSupported)
                    for (int i = height; i < Math.Min(2 * height, rows - done); i++)
                        Sse.Prefetch0(c + (i * CRow));
                for (int q = 0; q < here;)
                {
                    int taken = q + wide <= here ? wide : 1;
                    Tiles.Run(height, taken, a, b + (q * bPanel), bPanel, n, c + (q * CPanel), CRow, CPanel, count, add);
                    q += taken;
                }
                a += (nint)height * n;
                c += height * CRow;
                done += height;
            }
        }
    }

    /// <summary>A single row: no packing, and every weight is read once, so all k in one go.</summary>
    void OneRow(int row, int panel, int panels)
    {
        float* a = A + (row * ARow);
        if (AStep != 1)
        {
            float* straight = ThreadScratch.Rows(K + 16);
            for (int k = 0; k < K; k++)
                straight[k] = a[k * AStep];
            a = straight;
        }
        float* c = C + (row * CRow);
        if (BKind == Side.HalfPanels)
        {
            HalfRow.Run(a, K, (ushort*)(B + (panel * BStride)), BStride / sizeof(ushort), panels, c + (panel * CPanel), CPanel, Add);
            return;
        }
        int wide = Tiles.PanelsAt(1);
        float* sliver = BKind == Side.Panels ? null : ThreadScratch.Sliver((long)wide * K * 16);
        for (int p = panel; p < panel + panels;)
        {
            int taken = p + wide <= panel + panels ? wide : 1;
            float* b = BKind == Side.Panels ? (float*)(B + (p * BStride)) : Fill(sliver, p, taken, 0, K);
            Tiles.Run(1, taken, a, b, BKind == Side.Panels ? BStride / sizeof(float) : (nint)K * 16, K, c + (p * CPanel), CRow, CPanel, 1, Add);
            p += taken;
        }
    }

    /// <summary>Rows one by one over a few panels at a time, which stay in the cache meanwhile: widening them for all rows would cost more.</summary>
    readonly void FewHalfRows(int row, int rows, int panel, int panels)
    {
        for (int p = panel; p < panel + panels; p += 4)
            for (int r = row; r < row + rows; r++)
                HalfRow.Run(A + (r * ARow), K, (ushort*)(B + (p * BStride)), BStride / sizeof(ushort), Math.Min(4, panel + panels - p), C + (r * CRow) + (p * CPanel), CPanel, Add);
    }

    /// <summary>Rows in groups of the tile's height, each [k][height]; the last row stands in for rows that do not exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly void Pack(float* to, int row, int rows, int k, int n)
    {
        for (int done = 0; done < rows;)
        {
            int height = Tiles.HeightFor(rows - done), last = Math.Min(height, rows - done) - 1;
            float* from = A + ((row + done) * ARow) + (k * AStep);
            if (ARow == 1 && last == height - 1)
            {
                for (int step = 0; step < n; step++, from += AStep, to += height)
                    for (int i = 0; i < height; i++)
                        to[i] = from[i];
            }
            else if (height == 6 && last == 5)
            {
                PackSix(to, from, n);
                to += (nint)n * 6;
            }
            else
            {
                for (int i = 0; i < height; i++)
                {
                    float* line = from + (Math.Min(i, last) * ARow);
                    for (int step = 0; step < n; step++)
                        to[(step * height) + i] = line[step * AStep];
                }
                to += (nint)n * height;
            }
            done += height;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly void PackSix(float* to, float* a, int n)
    {
        float* b = a + ARow, c = b + ARow, d = c + ARow, e = d + ARow, f = e + ARow;
        int step = 0;
        // The last eight are left to the plain loop: a line of eight floats runs two beyond its six.
        if (AStep == 1 && Square.TurnsFast)
            for (; step + 9 <= n; step += 8, to += 48)
                Square.Turn(a + step, ARow, 6, to, 6);
        for (; step < n; step++, to += 6)
        {
            nint at = step * AStep;
            to[0] = a[at];
            to[1] = b[at];
            to[2] = c[at];
            to[3] = d[at];
            to[4] = e[at];
            to[5] = f[at];
        }
    }

    /// <summary>Some panels of B as floats, k … k+n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly float* Fill(float* to, int panel, int panels, int k, int n)
    {
        float* at = to;
        for (int p = panel; p < panel + panels; p++)
        {
            if (BKind == Side.HalfPanels)
            {
                ushort* from = (ushort*)(B + (p * BStride)) + ((nint)k * 16);
                for (nint i = 0; i < (nint)n * 16; i += 16, at += 16)
                {
                    (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.Load(from + i));
                    Vector256.ShiftLeft(low, 16).AsSingle().Store(at);
                    Vector256.ShiftLeft(high, 16).AsSingle().Store(at + 8);
                }
            }
            else if (BKind == Side.BytePanels)
            {
                sbyte* from = (sbyte*)(B + (p * BStride)) + ((nint)k * 16);
                for (nint i = 0; i < (nint)n * 16; i += 16, at += 16)
                {
                    (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Load(from + i));
                    Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(low), Vector128.WidenUpper(low))).Store(at);
                    Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(high), Vector128.WidenUpper(high))).Store(at + 8);
                }
            }
            else
            {
                byte* from = B + (k * BStride) + ((nint)p * 64);
                for (int i = 0; i < n; i++, from += BStride, at += 16)
                {
                    Vector256.Load((float*)from).Store(at);
                    Vector256.Load((float*)from + 8).Store(at + 8);
                }
            }
        }
        return to;
    }
}

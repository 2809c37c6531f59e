using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Bench;

/// <summary>C [M × N] = A·B; a turned A lies as [K × M], a turned B as [N × K] (as weights do).</summary>
sealed record ProductShape(int M, int N, int K, bool ATurned, bool BTurned, string Use = "")
{
    public double Flops => 2.0 * M * N * K;

    public override string ToString() => $"{M}×{N}×{K} {(ATurned ? 'T' : 'N')}{(BTurned ? 'T' : 'N')}" + (Use.Length > 0 ? $" ({Use})" : "");
}

/// <summary>One product with its operands: as the engine does it and as a BLAS does.</summary>
sealed unsafe class ProductWork : IDisposable
{
    const int Probes = 200;

    readonly ProductShape _shape;
    readonly NativeFloats _a, _b, _c;
    readonly PackedWeights _packed;

    public ProductWork(ProductShape shape)
    {
        _shape = shape;
        (_a, _b, _c) = (new((long)shape.M * shape.K, "A"), new((long)shape.K * shape.N, "B"), new((long)shape.M * shape.N, "C"));
        Fill(_a, 1);
        Fill(_b, 2);
        _packed = PackedWeights.Allocate(WeightFormat.F32, shape.N, shape.K);
        float[] row = new float[shape.K];
        for (int n = 0; n < shape.N; n++)
        {
            for (int k = 0; k < shape.K; k++)
                row[k] = B(k, n);
            _packed.SetRow(n, row);
        }
    }

    /// <summary>With B packed before, as weights are.</summary>
    public void Packed(WorkerPool pool) => Multiply(pool, _packed);

    /// <summary>
    /// With B as it lies: plain rows are packed by the product as it goes, which is how training multiplies two activations;
    /// [N × K] is packed row by row, which is how a checkpoint is read.
    /// </summary>
    public void Unpacked(WorkerPool pool)
    {
        if (_shape.BTurned)
        {
            var pack = new PackWork { From = _b.Data, To = _packed };
            pool.Run(ref pack, _packed.Panels);
            Multiply(pool, _packed);
        }
        else
        {
            Multiply(pool, null);
        }
    }

    public void Foreign(Blas blas) => blas.Multiply(_shape.M, _shape.N, _shape.K, _a.Data, _shape.ATurned, _b.Data, _shape.BTurned, _c.Data);

    /// <summary>Whether what stands in C is the product, by some of its numbers.</summary>
    public void Check(string who)
    {
        for (int probe = 0; probe < Probes; probe++)
        {
            int m = (int)(probe * 7919L % _shape.M), n = (int)(probe * 104_729L % _shape.N);
            double sum = 0;
            for (int k = 0; k < _shape.K; k++)
                sum += (double)(_shape.ATurned ? _a.Data[((long)k * _shape.M) + m] : _a.Data[((long)m * _shape.K) + k]) * B(k, n);
            if (!(Math.Abs(sum - _c.Data[((long)m * _shape.N) + n]) < 1e-6 * _shape.K))
                throw new DumException($"{who}: {_shape} came out wrong");
        }
        new Span<float>(_c.Data, checked((int)_c.Count)).Clear();
    }

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _c.Dispose();
        _packed.Dispose();
    }

    float B(int k, int n) => _shape.BTurned ? _b.Data[((long)n * _shape.K) + k] : _b.Data[((long)k * _shape.N) + n];

    void Multiply(WorkerPool pool, PackedWeights? packed) =>
        new MatrixProduct
        {
            Tiles = InstructionPath.Best.Tiles,
            A = _a.Data,
            ARow = _shape.ATurned ? 1 : _shape.K,
            AStep = _shape.ATurned ? _shape.M : 1,
            B = packed is null ? (byte*)_b.Data : packed.Data,
            BKind = packed is null ? Side.Rows : Side.Panels,
            BStride = packed is null ? _shape.N * (nint)sizeof(float) : (nint)packed.PanelBytes,
            C = _c.Data,
            CRow = _shape.N,
            CPanel = 16,
            Rows = _shape.M,
            Panels = _shape.N / 16,
            K = _shape.K,
        }.Run(pool);

    static void Fill(NativeFloats to, uint seed)
    {
        for (long i = 0; i < to.Count; i++)
            to.Data[i] = RandomModel.Small(ref seed);
    }

    struct PackWork : IWork
    {
        public float* From;
        public PackedWeights To;

        public readonly void Do(int panel)
        {
            for (int n = panel * 16; n < Math.Min(To.Outputs, (panel + 1) * 16); n++)
                To.SetRow(n, new ReadOnlySpan<float>(From + ((long)n * To.Inputs), To.Inputs));
        }
    }
}

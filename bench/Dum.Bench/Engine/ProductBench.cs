using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Bench;

/// <summary>Products of matrices in f32 against OpenBLAS, in one process.</summary>
static class ProductBench
{
    // Several short samples a round: a product is done in milliseconds, and so is most of what disturbs it.
    const int SamplesPerRound = 4;
    const double FlopsPerSample = 1.5e9;

    /// <summary>OpenBLAS's threads go on spinning about 30 ms after a call and would slow whoever comes next.</summary>
    const int PauseMilliseconds = 60;

    static readonly ProductShape[] s_shapes =
    [
        new(256, 256, 256, false, false),
        new(512, 512, 512, false, false),
        new(1024, 1024, 1024, false, false),
        new(2048, 2048, 2048, false, false),
        new(1024, 1536, 384, false, false, "forward"),
        new(1024, 1536, 384, false, true, "forward, weights N×K"),
        new(1024, 384, 1536, false, true, "dX"),
        new(384, 1536, 1024, true, false, "dW"),
        new(64, 1536, 384, false, false),
        new(8, 1536, 384, false, false),
        new(8, 2048, 512, false, true),
    ];

    public static void Run(Report report, string? library, int[] threads, int rounds)
    {
        var blas = Blas.Find(library, out string? missing);
        var table = new Table($"Products of matrices in f32, GFLOP/s; path {InstructionPath.Best.Name}",
            ("M×N×K", ""), ("threads", "0"), ("B packed once", "0.0"), ("its best", "0.0"), ("packing included", "0.0"), ("best of that", "0.0"), ("OpenBLAS", "0.0"), ("OpenBLAS, best", "0.0"),
            ("packed : OpenBLAS", "0.00"), ("best : best", "0.00"), ("included : OpenBLAS", "0.00"), ("packed : peak", "0.00"), ("OpenBLAS : peak", "0.00"));
        var peaks = new Table("Peak: fused multiply-adds in f32, nothing read or written, by processor time", ("threads", "0"), ("GFLOP/s", "0.0"));
        foreach (int n in threads)
        {
            using var pool = new WorkerPool(n);
            blas?.SetThreads(n);
            double peak = 0;
            for (int i = 0; i < 3 + rounds; i++)
                peak = Math.Max(peak, Peak.Measure(pool));
            peaks.Add(n, peak);
            foreach (ProductShape shape in s_shapes)
            {
                (Samples packed, Samples included, Samples foreign, int times) = Measure(shape, pool, blas, rounds);
                double work = shape.Flops * times / 1e9, ours = work / packed.Median, all = work / included.Median, theirs = work / foreign.Median;
                table.Add(shape.ToString(), n, ours, work / packed.Best, all, work / included.Best, theirs, work / foreign.Best,
                    ours / theirs, foreign.Best / packed.Best, all / theirs, ours / peak, theirs / peak);
            }
            Console.Error.WriteLine($"products on {n} threads done");
        }
        report.Add(peaks);
        report.Add(table);
        report.Note($"Products: one thread by processor time, more by the clock, {SamplesPerRound} samples a round of about {FlopsPerSample / 1e9:0.0} GFLOP each, {PauseMilliseconds} ms between OpenBLAS and us since its threads go on spinning. " +
            "\"Packing included\": plain rows of B are packed inside the product; weights N×K are packed row by row before it, as a checkpoint is read. All products were checked against sums in double.");
        if (missing is not null)
            report.Note(missing);
        else
            report.Note("OpenBLAS: `cblas_sgemm` after `openblas_set_num_threads(threads)`, in this process.");
    }

    static (Samples Packed, Samples Included, Samples Foreign, int Times) Measure(ProductShape shape, WorkerPool pool, Blas? blas, int rounds)
    {
        using var work = new ProductWork(shape);
        Samples packed = new(), included = new(), foreign = new();
        int times = (int)Math.Max(1, FlopsPerSample / shape.Flops);
        work.Packed(pool);
        work.Check("B packed once");
        work.Unpacked(pool);
        work.Check("packing included");
        if (blas is not null)
        {
            work.Foreign(blas);
            work.Check("OpenBLAS");
        }
        for (int i = 0; i < rounds * SamplesPerRound; i++)
        {
            Sample(packed, () => work.Packed(pool));
            Sample(included, () => work.Unpacked(pool));
            if (blas is null)
                continue;
            // Our own threads sleep after about a millisecond.
            Thread.Sleep(5);
            Sample(foreign, () => work.Foreign(blas));
            if (pool.Threads > 1)
                Thread.Sleep(PauseMilliseconds);
        }
        return (packed, included, foreign, times);

        void Sample(Samples samples, Action product)
        {
            product(); // wakes the threads and fills the caches
            void All()
            {
                for (int i = 0; i < times; i++)
                    product();
            }

            if (pool.Threads == 1)
                samples.TimeProcessor(All);
            else
                samples.Time(All);
        }
    }
}

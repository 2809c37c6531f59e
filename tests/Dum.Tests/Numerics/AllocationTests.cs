using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Tests.Models;
using Xunit;

namespace Dum.Tests.Numerics;

/// <summary>
/// Nothing is allocated once all sizes have been seen: no garbage, no pauses. Counted on the calling thread, which does its
/// share of the pieces; it warms up alone, so that it has met every piece whoever takes it later. No other test runs
/// beside these: a collection that another one causes closes this thread's page and counts its rest as allocated.
/// </summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public unsafe class AllocationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Kernels_allocate_nothing(int threads)
    {
        var shape = new AttentionShape(4, 2, 10, 0);
        using Sheet x = Sheet.Random(1, 130, 80), y = new(130, 70), mixed = new(130, 40), d = new(130, 80);
        PackedWeights[] weights = [.. Enum.GetValues<WeightFormat>().Select(f => Weights.Random(2, f, 70, 80))];
        using PackedWeights dw = PackedWeights.Allocate(WeightFormat.F32, 70, 80);
        Assert.Equal(0, Allocated(threads, kernels =>
        {
            foreach (PackedWeights w in weights)
            {
                kernels.Linear(x, w, null, y);
                kernels.Linear(x.View.Part(0, 1), w, null, y.View.Part(0, 1));
                kernels.Linear(x.View.Part(0, 7), w, null, y.View.Part(0, 7));
            }
            kernels.LinearWeights(x, y, dw, true);
            kernels.Attention(x, 130, shape, mixed);
            kernels.AttentionBackward(x, 65, shape, mixed, d);
        }));
        foreach (PackedWeights w in weights)
            w.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_training_step_allocates_nothing(int threads)
    {
        var trainings = new Dictionary<KernelTable, SmallTraining>();
        Assert.Equal(0, Allocated(threads, kernels =>
        {
            if (!trainings.TryGetValue(kernels, out SmallTraining? training))
                trainings[kernels] = training = new SmallTraining(kernels, Shapes.Qwen);
            training.Step();
        }));
        foreach (SmallTraining training in trainings.Values)
            training.Dispose();
    }

    [Theory]
    [InlineData(1, CacheFormat.F32)]
    [InlineData(4, CacheFormat.F32)]
    [InlineData(1, CacheFormat.BF16)]
    [InlineData(4, CacheFormat.I8)]
    public void A_step_of_a_session_allocates_nothing(int threads, CacheFormat format)
    {
        using TokenModel model = Shapes.Random(Shapes.Windowed, 1, 8, training: false);
        using TokenWeights weights = TokenWeights.Of(model);
        using TokenSession alone = new(weights, 1, format), session = new(weights, threads, format);
        int[] tokens = [1, 2, 3];
        Assert.Equal(0, Measure(
            () => Walk(alone, [.. Enumerable.Range(0, 3).Select(_ => alone.Open())]),
            [.. Enumerable.Range(0, 3).Select(_ => session.Open())]));

        long Measure(Action warm, int[] sequences)
        {
            warm();
            Walk(session, sequences);
            foreach (int sequence in sequences)
                session.Truncate(sequence, 0);
            return Bytes(() =>
            {
                Walk(session, sequences);
                foreach (int sequence in sequences)
                    session.Truncate(sequence, 0);
            });
        }

        void Walk(TokenSession session, int[] sequences)
        {
            session.Append(sequences[0], tokens);
            for (int step = 0; step < 100; step++)
            {
                session.Step(sequences, tokens);
                session.Step(sequences.AsSpan(0, 1), tokens.AsSpan(0, 1));
                session.Truncate(sequences[0], session.Count(sequences[0]) - 1);
            }
        }
    }

    /// <summary>Bytes of a hundred runs, after runs alone and with these threads. On a thread of its own, which has no scratch yet.</summary>
    static long Allocated(int threads, Action<KernelTable> run)
    {
        long first = 0, later = 0;
        var thread = new Thread(() => (first, later) = Count(threads, run));
        thread.Start();
        thread.Join();
        // The first runs make scratch: the count sees what it should see.
        Assert.NotEqual(0, first);
        return later;
    }

    static (long First, long Later) Count(int threads, Action<KernelTable> run)
    {
        KernelTable alone = new CpuKernels(Grid.Pool(1));
        using var pool = new WorkerPool(threads);
        KernelTable kernels = new CpuKernels(pool);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 3; i++)
        {
            run(alone);
            run(kernels);
        }
        long first = GC.GetAllocatedBytesForCurrentThread() - before;
        return (first, Bytes(() =>
        {
            for (int i = 0; i < 100; i++)
                run(kernels);
        }));
    }

    /// <summary>Bytes that a run allocates on this thread; once more if a collection has fallen into it.</summary>
    static long Bytes(Action run)
    {
        for (int attempt = 0; ; attempt++)
        {
            int collections = GC.CollectionCount(0);
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (bytes == 0 || attempt == 5 || GC.CollectionCount(0) == collections)
                return bytes;
        }
    }
}

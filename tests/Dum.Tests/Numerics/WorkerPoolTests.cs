using Dum.Numerics;
using Xunit;

namespace Dum.Tests.Numerics;

public class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(9)]
    public void Every_piece_is_done_exactly_once(int threads)
    {
        using var pool = new WorkerPool(threads);
        foreach (int pieces in new[] { 0, 1, 2, 3, 64, 1000 })
            for (int round = 0; round < 20; round++)
                Once(pool, pieces);
    }

    /// <summary>Runs so short that a thread is often still on its way out of one when the next begins.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Thousands_of_tiny_runs_lose_nothing(int threads)
    {
        using var pool = new WorkerPool(threads);
        int[] done = new int[8];
        for (int run = 0; run < 20_000; run++)
        {
            int pieces = 1 + (run % 8);
            Array.Clear(done);
            var work = new Count { Done = done };
            pool.Run(ref work, pieces);
            // All pieces are done when Run returns, not some time later.
            for (int i = 0; i < 8; i++)
                if (Volatile.Read(ref done[i]) != (i < pieces ? 1 : 0))
                    Assert.Fail($"run {run}: piece {i} of {pieces} done {done[i]} times");
        }
    }

    [Fact]
    public async Task Callers_on_several_threads_do_not_mix()
    {
        using var pool = new WorkerPool(3);
        Task[] callers = [.. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (int run = 0; run < 2000; run++)
                    Once(pool, 1 + (run % 6));
            },
            TaskCreationOptions.LongRunning))];
        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void What_a_piece_throws_reaches_the_caller_as_it_is(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (int round = 0; round < 200; round++)
        {
            var work = new Fail { At = round % 7, With = new DumException($"piece of round {round}") };
            DumException thrown = Assert.Throws<DumException>(() => pool.Run(ref work, 7));
            Assert.Equal($"piece of round {round}", thrown.Message);
            Once(pool, 5);
        }
        // Not counted off, this one would leave the caller waiting for ever or a thread at the caller's dead stack.
        var hungry = new Fail { At = 3, With = new InsufficientMemoryException() };
        Assert.Throws<InsufficientMemoryException>(() => pool.Run(ref hungry, 7));
        Once(pool, 100);
    }

    [Fact]
    public void After_a_failure_the_other_pieces_are_done_all_the_same()
    {
        using var pool = new WorkerPool(4);
        int[] done = new int[50];
        var work = new Fail { At = 0, With = new DumException("one"), Done = done };
        Assert.Throws<DumException>(() => pool.Run(ref work, 50));
        Assert.Equal(49, done.Sum());
    }

    [Fact]
    public void Threads_end_with_the_pool_awake_or_asleep()
    {
        for (int round = 0; round < 30; round++)
        {
            var pool = new WorkerPool(4);
            Once(pool, round);
            if (round % 10 == 0)
                Thread.Sleep(20); // longer than they spin: they sleep now
            pool.Dispose();
            pool.Dispose();
            // Without threads the caller does everything.
            Once(pool, 10);
        }
    }

    [Fact]
    public void Sleepers_wake_for_the_next_run()
    {
        using var pool = new WorkerPool(2);
        for (int round = 0; round < 5; round++)
        {
            Thread.Sleep(30);
            var work = new Meet { Barrier = new CountdownEvent(2) };
            // Each of the two pieces waits for the other: one thread alone would never end.
            pool.Run(ref work, 2);
            Assert.True(work.Barrier.IsSet);
            work.Barrier.Dispose();
        }
    }

    [Fact]
    public void A_pool_without_threads_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerPool(0));

    static void Once(WorkerPool pool, int pieces)
    {
        int[] done = new int[pieces];
        var work = new Count { Done = done };
        pool.Run(ref work, pieces);
        Assert.All(done, times => Assert.Equal(1, times));
    }

    struct Count : IWork
    {
        public int[] Done;

        public readonly void Do(int piece) => Interlocked.Increment(ref Done[piece]);
    }

    struct Fail : IWork
    {
        public int At;
        public Exception With;
        public int[]? Done;

        public readonly void Do(int piece)
        {
            if (piece == At)
                throw With;
            if (Done is not null)
                Interlocked.Increment(ref Done[piece]);
        }
    }

    struct Meet : IWork
    {
        public CountdownEvent Barrier;

        public readonly void Do(int piece)
        {
            Barrier.Signal();
            if (!Barrier.Wait(TimeSpan.FromSeconds(30)))
                throw new TimeoutException();
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Dum.Numerics;

/// <summary>A piece of parallel work, given as a struct so that starting it allocates nothing.</summary>
interface IWork
{
    /// <summary>Does one piece. Pieces may run in any order on any thread; what they write must not overlap.</summary>
    void Do(int piece);
}

/// <summary>
/// Threads that live as long as the pool and spin briefly before they sleep: a model's step is a chain of hundreds of
/// pieces of some microseconds each. The result never depends on the number of threads, because a sum is never split.
/// </summary>
sealed unsafe class WorkerPool : IDisposable
{
    const int Spins = 4000;

    readonly Lock _door = new();
    readonly object _bed = new();
    readonly Thread[] _threads;
    long _unclaimed, _unfinished;
    int _sleeping;
    volatile bool _closed;
    void* _work;
    delegate*<void*, int, void> _do;
    Exception? _fault;

    /// <param name="threads">Threads that work, the caller included; at least 1.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        _threads = new Thread[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Live, 1 << 20) { IsBackground = true, Name = $"dum-{i + 1}" };
            _threads[i].Start();
        }
    }

    public int Threads { get; }

    /// <summary>Does pieces 0 … <paramref name="pieces"/> − 1 and returns when all are done; throws what a piece has thrown.</summary>
    public void Run<TWork>(ref TWork work, int pieces) where TWork : struct, IWork
    {
        if (_threads.Length == 0 || pieces <= 1)
        {
            for (int i = 0; i < pieces; i++)
                work.Do(i);
            return;
        }
        lock (_door)
        {
            // The struct lives on the caller's stack, which stays where it is until the last piece is done.
            _work = Unsafe.AsPointer(ref work);
            _do = &Do<TWork>;
            Volatile.Write(ref _unfinished, pieces);
            Interlocked.Exchange(ref _unclaimed, pieces);
            if (Volatile.Read(ref _sleeping) > 0)
                lock (_bed)
                    Monitor.PulseAll(_bed);
            while (TryDoOne())
            {
            }
            for (int spin = 0; Volatile.Read(ref _unfinished) > 0; spin++)
            {
                if (spin < Spins)
                    Thread.SpinWait(8);
                else
                    Thread.Yield();
            }
            if (_fault is { } fault)
            {
                _fault = null;
                ExceptionDispatchInfo.Throw(fault); // the same exception as on one thread
            }
        }
    }

    public void Dispose()
    {
        _closed = true;
        lock (_bed)
            Monitor.PulseAll(_bed);
        foreach (Thread thread in _threads)
            thread.Join();
    }

    static void Do<TWork>(void* work, int piece) where TWork : struct, IWork => Unsafe.AsRef<TWork>(work).Do(piece);

    bool TryDoOne()
    {
        // Whoever has taken a number holds the work in place: it cannot end before that piece is done.
        long left;
        do
        {
            left = Volatile.Read(ref _unclaimed);
            if (left == 0)
                return false;
        }
        while (Interlocked.CompareExchange(ref _unclaimed, left - 1, left) != left);
        try
        {
            _do(_work, (int)left - 1);
        }
        catch (Exception e)
        {
            // Whatever it is: a piece that is not counted off would leave the caller waiting, or gone with others still at its stack.
            _fault = e;
        }
        Interlocked.Decrement(ref _unfinished);
        return true;
    }

    void Live()
    {
        while (!_closed)
        {
            int spin = 0;
            while (spin < Spins)
                spin = TryDoOne() ? 0 : Rest(spin);
            lock (_bed)
            {
                Interlocked.Increment(ref _sleeping);
                if (Volatile.Read(ref _unclaimed) == 0 && !_closed)
                    Monitor.Wait(_bed);
                Interlocked.Decrement(ref _sleeping);
            }
        }
    }

    static int Rest(int spin)
    {
        Thread.SpinWait(8);
        return spin + 1;
    }
}

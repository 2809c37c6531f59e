namespace Dum.Numerics;

/// <summary>Does pieces of work on several threads and hands the results over in order, with a bounded number under way.</summary>
static class OrderedWork
{
    /// <param name="pieces">Read one after the other on the calling thread.</param>
    /// <param name="work">Called on any thread.</param>
    /// <param name="take">Called on the calling thread, in the order of the pieces.</param>
    /// <param name="threads">Pieces under way at once, at least 1.</param>
    /// <param name="cancel">Checked between pieces.</param>
    public static void Run<TPiece, TResult>(IEnumerable<TPiece> pieces, Func<TPiece, TResult> work, Action<TResult> take, int threads, CancellationToken cancel)
    {
        var under = new Queue<Task<TResult>>();
        try
        {
            foreach (TPiece piece in pieces)
            {
                cancel.ThrowIfCancellationRequested();
                // One more than the threads: the next piece is ready when a thread becomes free.
                if (under.Count > threads)
                    take(under.Dequeue().GetAwaiter().GetResult());
                under.Enqueue(Task.Run(() => work(piece), CancellationToken.None));
            }
            while (under.Count > 0)
            {
                cancel.ThrowIfCancellationRequested();
                take(under.Dequeue().GetAwaiter().GetResult());
            }
        }
        finally
        {
            // Nothing of this call may run on after it has thrown.
            Task.WaitAll([.. under.Select(t => t.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default))]);
        }
    }
}

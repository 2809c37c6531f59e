namespace Dum.Lexicon;

/// <summary>Maps chunks on several threads and hands the results over in the order of the text.</summary>
static class ChunkPipeline
{
    /// <param name="source">What to read.</param>
    /// <param name="size">Bytes per chunk.</param>
    /// <param name="workers">One state per thread; what a worker returns is taken before the worker is used again.</param>
    /// <param name="work">Called on any thread with a worker, the chunk and its number.</param>
    /// <param name="take">Called in order with the worker that did the chunk and its bytes.</param>
    /// <param name="cancel">Stops between chunks.</param>
    public static void Run<TWorker>(LexiconSource source, int size, TWorker[] workers, Action<TWorker, byte[], int> work, Action<TWorker, int> take, CancellationToken cancel)
    {
        using var reader = new ChunkReader(OpenStream(source), source.Name, size);
        var chunks = new byte[]?[workers.Length];
        for (int first = 0; ; first += workers.Length)
        {
            int count = 0;
            while (count < chunks.Length && (chunks[count] = reader.Next()) is not null)
                count++;
            cancel.ThrowIfCancellationRequested();
            if (count == 1)
                work(workers[0], chunks[0]!, first);
            else if (count > 1)
                Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = workers.Length }, i => work(workers[i], chunks[i]!, first + i));
            for (int i = 0; i < count; i++)
                take(workers[i], chunks[i]!.Length);
            if (count < chunks.Length)
                return;
        }
    }

    static Stream OpenStream(LexiconSource source)
    {
        try
        {
            return source.Open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DumException(Tongue.Say(
                $"cannot open {source.Name}: {e.Message.TrimEnd('.')}; check the file and its permissions",
                $"не открыть {source.Name}: {e.Message.TrimEnd('.')}; проверьте файл и права на него"), e);
        }
    }
}

using System.Runtime.CompilerServices;

namespace Dum.Sigma.Battery.Entropy;

/// <summary>6.3.9 and 6.3.10 of SP 800-90B for bytes: contexts of 1 to 16 bytes, from the shortest to the first that is not known.</summary>
static class ByteContexts
{
    const int Depth = 16, MostPairs = 100_000, MostContexts = 65_536;

    /// <summary>Contexts so short come again in any data.</summary>
    const int Common = 2;

    /// <summary>Multiple Markov models with counting.</summary>
    /// <param name="data">At least 18 bytes.</param>
    /// <param name="symbols">Size of the alphabet.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Markov(ReadOnlySpan<byte> data, int symbols)
    {
        ContextTable[] models = Tables(Math.Min(data.Length, MostPairs));
        var entries = new int[Depth];
        var score = new long[Depth];
        // Models that may still grow.
        int winner = 0, growing = Depth;
        long hits = 0, run = 0, longest = 0;
        for (int d = 0; d < Depth; d++)
        {
            models[d].Add(data, d + 1, Key(data, d + 1, d));
            entries[d] = 1;
        }
        for (int i = 2; i < data.Length; i++)
        {
            byte next = data[i];
            int chosen = winner;
            bool found = true;
            ulong key = 0;
            Prefetch(models, data, i, growing);
            for (int d = 0; d < Depth && d <= i - 2; d++)
            {
                key = ContextTable.Extend(key, data[i - 1 - d], d + 1);
                bool grows = entries[d] < MostPairs;
                int context = found || grows ? models[d].Find(data, i, key) : -1;
                // Behind a context that never came the longer ones are only written down.
                found = found && context >= 0;
                if (found)
                {
                    if (models[d].Best(data, context).Symbol == next)
                    {
                        if (++score[d] >= score[winner])
                            winner = d;
                        if (d == chosen)
                        {
                            hits++;
                            longest = Math.Max(longest, ++run);
                        }
                    }
                    else if (d == chosen)
                        run = 0;
                    if (!models[d].Count(data, context, next, grows))
                        continue;
                }
                else if (grows && context < 0)
                    models[d].Add(data, i, key);
                else if (grows)
                    models[d].Count(data, context, next, makeNew: true);
                else if (growing == 0)
                    break;
                else
                    continue;
                if (++entries[d] == MostPairs)
                    growing--;
            }
        }
        return MinEntropy.OfPredictor(hits, data.Length - 2, longest, symbols);
    }

    /// <summary>LZ78Y.</summary>
    /// <param name="data">At least 20 bytes.</param>
    /// <param name="symbols">Size of the alphabet.</param>
    public static double Ziv(ReadOnlySpan<byte> data, int symbols)
    {
        ContextTable[] models = Tables(MostContexts / Depth);
        int contexts = 0;
        long hits = 0, run = 0, longest = 0;
        for (int i = Depth; i < data.Length; i++)
        {
            byte next = data[i];
            int most = 0, prediction = -1, known = 0;
            ulong key = 0;
            for (; known < Depth; known++)
            {
                key = ContextTable.Extend(key, data[i - 1 - known], known + 1);
                int context = models[known].Find(data, i, key);
                if (context < 0)
                    break;
                (byte symbol, int count) = models[known].Best(data, context);
                if (count == 0)
                    continue;
                // Of equals the longest context.
                if (count >= most)
                    (most, prediction) = (count, symbol);
                models[known].Count(data, context, next, makeNew: true);
            }
            // The longest come in first. Where there is no room for all, the shorter ones are entered mute, so that a context that
            // is not there has no longer one that is.
            int room = MostContexts - contexts;
            for (int d = known; d < Depth && room > 0; d++)
                models[d].Add(data, i, Key(data, i, d), mute: Depth - d > room);
            contexts += Math.Min(room, Depth - known);
            // The first place has nothing before it that could predict it, and does not count.
            if (i == Depth)
                continue;
            run = prediction == next ? run + 1 : 0;
            hits += run > 0 ? 1 : 0;
            longest = Math.Max(longest, run);
        }
        return MinEntropy.OfPredictor(hits, data.Length - Depth - 1, longest, symbols);
    }

    /// <summary>
    /// The tables are larger than the near caches, and where in them a place is looked up is known long before: first the
    /// handles of a place to come, then, half the way later, what these refer to. As long as models grow all will be asked,
    /// later few.
    /// </summary>
    static void Prefetch(ContextTable[] models, ReadOnlySpan<byte> data, int at, int growing)
    {
        const int Far = 8, Near = 4;
        if (at < Depth || at + Far >= data.Length)
            return;
        ulong far = 0, near = 0;
        for (int d = 0; d < (growing > 0 ? Depth : Common + 1); d++)
        {
            far = ContextTable.Extend(far, data[at + Far - 1 - d], d + 1);
            models[d].Prefetch(far);
            if (d >= Common)
                continue;
            near = ContextTable.Extend(near, data[at + Near - 1 - d], d + 1);
            models[d].Prefetch(near, data[at + Near]);
        }
    }

    static ContextTable[] Tables(int expected) => [.. Enumerable.Range(1, Depth).Select(length => new ContextTable(length, expected))];

    /// <summary>The key of the d + 1 bytes before a place.</summary>
    static ulong Key(ReadOnlySpan<byte> data, int at, int d)
    {
        ulong key = 0;
        for (int k = 0; k <= d; k++)
            key = ContextTable.Extend(key, data[at - 1 - k], k + 1);
        return key;
    }
}

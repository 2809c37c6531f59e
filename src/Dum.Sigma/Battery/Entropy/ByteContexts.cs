using System.Runtime.InteropServices;

namespace Dum.Sigma.Battery.Entropy;

/// <summary>6.3.9 and 6.3.10 of SP 800-90B for bytes: contexts of 1 to 16 bytes in hash tables, told apart exactly.</summary>
static class ByteContexts
{
    const int Depth = 16, MostPairs = 100_000, MostContexts = 65_536;

    /// <summary>Multiple Markov models with counting.</summary>
    /// <param name="data">At least 18 bytes.</param>
    /// <param name="symbols">Size of the alphabet.</param>
    public static double Markov(ReadOnlySpan<byte> data, int symbols)
    {
        var models = new Contexts[Depth];
        var entries = new int[Depth];
        var score = new long[Depth];
        int winner = 0;
        long hits = 0, run = 0, longest = 0;
        UInt128 past = 0;
        for (int d = 0; d < Depth; d++)
        {
            models[d] = new Contexts();
            past = (past << 8) | data[d];
            models[d].Increment(models[d].Add(past), data[d + 1], makeNew: true);
            entries[d] = 1;
        }
        past = data[0];
        for (int i = 2; i < data.Length; i++)
        {
            past = (past << 8) | data[i - 1];
            byte next = data[i];
            int chosen = winner;
            bool found = true;
            for (int d = 0; d < Depth && d <= i - 2; d++)
            {
                UInt128 context = past & Mask(d);
                // A context that never came has none longer that did: those are only written down.
                int node = found ? models[d].Find(context) : -1;
                found = node >= 0;
                if (found)
                {
                    if (models[d].Best(node).Symbol == next)
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
                    entries[d] += models[d].Increment(node, next, entries[d] < MostPairs) ? 1 : 0;
                }
                else if (entries[d] < MostPairs)
                {
                    models[d].Increment(models[d].Find(context) is >= 0 and int old ? old : models[d].Add(context), next, makeNew: true);
                    entries[d]++;
                }
            }
        }
        return MinEntropy.OfPredictor(hits, data.Length - 2, longest, symbols);
    }

    /// <summary>LZ78Y.</summary>
    /// <param name="data">At least 20 bytes.</param>
    /// <param name="symbols">Size of the alphabet.</param>
    public static double Ziv(ReadOnlySpan<byte> data, int symbols)
    {
        var models = new Contexts[Depth];
        int contexts = 0;
        long hits = 0, run = 0, longest = 0;
        UInt128 past = 0;
        for (int i = 0; i < Depth; i++)
        {
            models[i] = new Contexts();
            past = (past << 8) | data[i];
        }
        for (int d = 0; d < Depth; d++, contexts++)
            models[d].Increment(models[d].Add(past & Mask(d)), data[Depth], makeNew: true);
        for (int i = Depth + 1; i < data.Length; i++)
        {
            past = (past << 8) | data[i - 1];
            byte next = data[i];
            int most = 0, prediction = -1;
            for (int d = Depth - 1; d >= 0; d--)
            {
                UInt128 context = past & Mask(d);
                int node = models[d].Find(context);
                if (node >= 0)
                {
                    (byte symbol, int count) = models[d].Best(node);
                    if (count > most)
                        (most, prediction) = (count, symbol);
                    models[d].Increment(node, next, makeNew: true);
                }
                else if (contexts < MostContexts)
                {
                    models[d].Increment(models[d].Add(context), next, makeNew: true);
                    contexts++;
                }
            }
            run = prediction == next ? run + 1 : 0;
            hits += run > 0 ? 1 : 0;
            longest = Math.Max(longest, run);
        }
        return MinEntropy.OfPredictor(hits, data.Length - Depth - 1, longest, symbols);
    }

    static UInt128 Mask(int depth) => depth == Depth - 1 ? UInt128.MaxValue : (UInt128.One << (8 * (depth + 1))) - 1;

    /// <summary>Contexts of one length, what followed each how often, and what followed it most often (of equals the largest byte).</summary>
    sealed class Contexts
    {
        const int SieveBits = 21;

        readonly Dictionary<UInt128, int> _nodes = [];
        readonly Dictionary<int, int> _counts = [];
        readonly List<(byte Symbol, int Count)> _best = [];
        // Says of most contexts that they are not there, without asking the table.
        readonly ulong[] _sieve = new ulong[1 << (SieveBits - 6)];

        public int Find(UInt128 context)
        {
            uint at = Sieve(context);
            return (_sieve[at >> 6] >> (int)(at & 63) & 1) != 0 && _nodes.TryGetValue(context, out int node) ? node : -1;
        }

        public int Add(UInt128 context)
        {
            uint at = Sieve(context);
            _sieve[at >> 6] |= 1UL << (int)(at & 63);
            _nodes.Add(context, _best.Count);
            _best.Add((0, 0));
            return _best.Count - 1;
        }

        public (byte Symbol, int Count) Best(int node) => _best[node];

        /// <summary>Counts a symbol after a context; a new one only where that is allowed.</summary>
        /// <returns>Whether it was new.</returns>
        public bool Increment(int node, byte symbol, bool makeNew)
        {
            int key = (node << 8) | symbol;
            bool known;
            int count;
            if (makeNew)
                count = ++CollectionsMarshal.GetValueRefOrAddDefault(_counts, key, out known);
            else
            {
                ref int slot = ref CollectionsMarshal.GetValueRefOrNullRef(_counts, key);
                if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref slot))
                    return false;
                (known, count) = (true, ++slot);
            }
            (byte best, int most) = _best[node];
            if (count > most || (count == most && symbol > best))
                _best[node] = (symbol, count);
            return !known;
        }

        static uint Sieve(UInt128 context) =>
            (uint)((((ulong)context * 0x9E3779B97F4A7C15) ^ ((ulong)(context >> 64) * 0xC2B2AE3D27D4EB4F)) >> (64 - SieveBits));
    }
}

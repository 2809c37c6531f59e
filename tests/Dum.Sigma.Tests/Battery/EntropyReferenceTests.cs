using Dum.Sigma.Battery.Entropy;
using Dum.Sigma.Controls;
using Xunit;

namespace Dum.Sigma.Tests.Battery;

/// <summary>The fast estimators beside plain ones, written down from the publication with dictionaries, to the last bit.</summary>
public class EntropyReferenceTests
{
    const int Depth = 16, MostPairs = 100_000, MostContexts = 65_536;

    /// <summary>Long enough for every limit of the publication to be reached, and what makes contexts repeat, tie and stand still.</summary>
    public static TheoryData<string> Kinds { get; } = ["random", "skewed", "periodic", "late", "few"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Context_predictors_are_those_of_the_publication(string kind)
    {
        byte[] data = Symbols(kind, 105_000);
        int symbols = data.Max() + 1;
        Assert.Equal(Markov(data, symbols), ByteContexts.Markov(data, symbols));
        Assert.Equal(Ziv(data, symbols), ByteContexts.Ziv(data, symbols));
    }

    /// <summary>Those of symbols stand beside the publication above, and bits are symbols; it takes 190,000 to reach the limit of pairs.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Predictors_of_bits_are_those_of_symbols(string kind)
    {
        byte[] bits = [.. Symbols(kind, 250_000).Select(b => (byte)(b & 1))];
        Assert.Equal(ByteContexts.Markov(bits, 2), BitContexts.Markov(bits));
        Assert.Equal(ByteContexts.Ziv(bits, 2), BitContexts.Ziv(bits));
        Assert.Equal(LagPredictor.Estimate(bits, 2), LagPredictor.OfBits(bits));
        Assert.Equal(WindowPredictor.Estimate(bits, 2), WindowPredictor.OfBits(bits));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(300, 2)]
    [InlineData(300, 3)]
    [InlineData(300, 256)]
    [InlineData(300, 1)]
    public void Suffixes_are_in_order_and_share_what_they_say(int length, int symbols)
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            var random = new Xoshiro256(seed);
            byte[] text = [.. Enumerable.Range(0, length).Select(_ => (byte)(random.Unit() * symbols))];
            // Half of them twice over, so that deep names repeat.
            if (seed % 2 == 0)
                text.AsSpan(0, length / 2).CopyTo(text.AsSpan(length / 2));
            int[] order = SuffixArray.Of(text), common = SuffixArray.CommonPrefixes(text, order);
            Assert.Equal(Enumerable.Range(0, length), order.Order());
            for (int i = 1; i < length; i++)
            {
                ReadOnlySpan<byte> before = text.AsSpan(order[i - 1]), after = text.AsSpan(order[i]);
                Assert.True(before.SequenceCompareTo(after) < 0);
                Assert.Equal(before.CommonPrefixLength(after), common[i]);
            }
        }
    }

    static byte[] Symbols(string kind, int count)
    {
        var random = new Xoshiro256(3);
        return [.. Enumerable.Range(0, count).Select(i => kind switch
        {
            "random" => (byte)(random.Unit() * 256),
            "skewed" => (byte)(256 * Math.Pow(random.Unit(), 4)),
            "periodic" => (byte)(i * i % 37),
            "late" => i < count / 2 ? (byte)0 : (byte)(random.Unit() * 200),
            _ => (byte)(random.Unit() < 0.9 ? i % 3 : random.Unit() * 5),
        })];
    }

    /// <summary>6.3.9.</summary>
    static double Markov(byte[] data, int symbols)
    {
        Dictionary<UInt128, Dictionary<byte, int>>[] models = [.. Enumerable.Range(0, Depth).Select(_ => new Dictionary<UInt128, Dictionary<byte, int>>())];
        int[] entries = [.. Enumerable.Repeat(1, Depth)];
        var score = new long[Depth];
        var tally = new Tally();
        int winner = 0;
        for (int d = 0; d < Depth; d++)
            models[d][Context(data, d + 1, d)] = new() { [data[d + 1]] = 1 };
        for (int i = 2; i < data.Length; i++)
        {
            byte next = data[i];
            int chosen = winner;
            bool found = true;
            for (int d = 0; d < Depth && d <= i - 2; d++)
            {
                UInt128 context = Context(data, i, d);
                bool known = models[d].TryGetValue(context, out Dictionary<byte, int>? counts);
                found &= known;
                if (found)
                {
                    bool right = Best(counts!) == next;
                    if (right && ++score[d] >= score[winner])
                        winner = d;
                    if (d == chosen)
                        tally.Add(right);
                    if (counts!.TryGetValue(next, out int times))
                    {
                        counts[next] = times + 1;
                        continue;
                    }
                }
                if (entries[d] == MostPairs)
                    continue;
                if (!known)
                    models[d][context] = counts = [];
                counts![next] = counts.GetValueOrDefault(next) + 1;
                entries[d]++;
            }
        }
        return MinEntropy.OfPredictor(tally.Hits, data.Length - 2, tally.Longest, symbols);
    }

    /// <summary>6.3.10.</summary>
    static double Ziv(byte[] data, int symbols)
    {
        Dictionary<UInt128, Dictionary<byte, int>>[] models = [.. Enumerable.Range(0, Depth).Select(_ => new Dictionary<UInt128, Dictionary<byte, int>>())];
        int contexts = Depth;
        var tally = new Tally();
        for (int d = 0; d < Depth; d++)
            models[d][Context(data, Depth, d)] = new() { [data[Depth]] = 1 };
        for (int i = Depth + 1; i < data.Length; i++)
        {
            byte next = data[i];
            int most = 0, prediction = -1;
            for (int d = Depth - 1; d >= 0; d--)
            {
                UInt128 context = Context(data, i, d);
                if (models[d].TryGetValue(context, out Dictionary<byte, int>? counts))
                {
                    byte best = Best(counts);
                    if (counts[best] > most)
                        (most, prediction) = (counts[best], best);
                    counts[next] = counts.GetValueOrDefault(next) + 1;
                }
                else if (contexts < MostContexts)
                {
                    models[d][context] = new() { [next] = 1 };
                    contexts++;
                }
            }
            tally.Add(prediction == next);
        }
        return MinEntropy.OfPredictor(tally.Hits, data.Length - Depth - 1, tally.Longest, symbols);
    }

    /// <summary>The d + 1 bytes before a place.</summary>
    static UInt128 Context(byte[] data, int at, int d)
    {
        UInt128 context = 0;
        for (int k = at - 1 - d; k < at; k++)
            context = (context << 8) | data[k];
        return context;
    }

    /// <summary>What came most often; of equals the largest.</summary>
    static byte Best(Dictionary<byte, int> counts) => counts.MaxBy(c => (c.Value, c.Key)).Key;

    sealed class Tally
    {
        long _run;

        public long Hits { get; private set; }

        public long Longest { get; private set; }

        public void Add(bool right)
        {
            _run = right ? _run + 1 : 0;
            Hits += right ? 1 : 0;
            Longest = Math.Max(Longest, _run);
        }
    }
}

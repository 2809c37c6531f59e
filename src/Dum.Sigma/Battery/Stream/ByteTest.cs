using Dum.Sigma.Statistics;

namespace Dum.Sigma.Battery.Stream;

/// <summary>
/// How often every byte comes: in all and at each place of a word of eight, which shows a lane that lacks a bit. Read as
/// residuals the same counts say how often rounding was exact, how often a tie, and whether it drifts. A chi-square over 256
/// values spreads a bias of one bit over all of them; the counts' Walsh transform holds it in one number.
/// </summary>
sealed class ByteTest : StreamTest
{
    const int Places = 8, Values = 256;

    readonly long[] _counts = new long[Places * Values];

    public override void Add(ReadOnlySpan<byte> segment)
    {
        for (int i = 0; i < segment.Length; i++)
            _counts[((i % Places) * Values) + segment[i]]++;
    }

    public override void Finish(Action<PartResult> take)
    {
        double[] even = [.. Enumerable.Repeat(1.0 / Values, Values)];
        long[] all = new long[Values];
        for (int p = 0; p < Places; p++)
        {
            ReadOnlySpan<long> here = _counts.AsSpan(p * Values, Values);
            for (int v = 0; v < Values; v++)
                all[v] += here[v];
            take(new PartResult(TestNames.Bytes, $"place {p}", ChiSquare.Tail(here, even, Sum(here))));
        }
        long total = Sum(all);
        take(new PartResult(TestNames.Bytes, "all", ChiSquare.Tail(all, even, total)));
        long[] parities = [.. all];
        Walsh(parities);
        for (int mask = 1; mask < Values; mask++)
            take(new PartResult(TestNames.Parities, $"mask {mask:x2}", Special.TwoSided(parities[mask] / Math.Sqrt(total))));
        double first = 0;
        for (int v = 0; v < Values; v++)
            first += all[v] * (v - 127.5);
        take(new PartResult(TestNames.Drift, "", Special.TwoSided(first / Math.Sqrt(total * ((65536 - 1) / 12.0)))));
        // A residual of 0 falls on 128, one of half a cell on either end.
        take(new PartResult(TestNames.Atoms, "exact", Binomial(all[128], total, 1.0 / Values)));
        take(new PartResult(TestNames.Atoms, "tie", Binomial(all[0] + all[255], total, 2.0 / Values)));
    }

    /// <summary>The sum of counts under every parity: bytes whose bits under the mask are even in number, less the others.</summary>
    static void Walsh(Span<long> counts)
    {
        for (int half = 1; half < counts.Length; half *= 2)
            for (int at = 0; at < counts.Length; at += 2 * half)
                for (int i = at; i < at + half; i++)
                    (counts[i], counts[i + half]) = (counts[i] + counts[i + half], counts[i] - counts[i + half]);
    }

    static double Binomial(long count, long total, double share) => Special.TwoSided((count - (total * share)) / Math.Sqrt(total * share * (1 - share)));

    static long Sum(ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (long count in counts)
            sum += count;
        return sum;
    }
}

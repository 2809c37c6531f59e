using Dum.Sigma.Statistics;

namespace Dum.Sigma.Battery.Nist;

/// <summary>
/// The random walk of the bits between its zeros (2.14 and 2.15 of SP 800-22). Far from zero it is not looked at bit by
/// bit: there it visits no state that counts.
/// </summary>
static class Excursions
{
    /// <summary>States of the first test: ±1 … ±4.</summary>
    public const int Near = 4;

    /// <summary>States of the variant: ±1 … ±9.</summary>
    public const int Far = 9;

    /// <summary>What a walk did.</summary>
    /// <param name="Cycles">Returns to zero, and the last stretch.</param>
    /// <param name="Tally">[state −4 … −1, 1 … 4][cycles with 0, 1, 2, 3, 4, 5 or more visits].</param>
    /// <param name="Visits">Of the states −9 … −1, 1 … 9 in all.</param>
    public sealed record Walk(long Cycles, long[][] Tally, long[] Visits)
    {
        /// <summary>Whether there are cycles enough for the asymptotic laws: SP 800-22 asks for 500, or √n/200 where that is more; far out in the tails 1,000 are needed.</summary>
        public bool Suffices(int bits, bool legacy) => Cycles >= Math.Max(legacy ? 500 : 1000, 0.005 * Math.Sqrt(bits));

        /// <summary>2.14: one probability for every near state.</summary>
        public double[] Test() => [.. Tally.Select((counts, i) => ChiSquare.Tail(counts, Law(Math.Abs(State(i, Near))), Cycles))];

        /// <summary>2.15: one probability for every far state.</summary>
        /// <param name="legacy">The normal law, as published; otherwise with the skewness that the visits have.</param>
        public double[] Variant(bool legacy) => [.. Visits.Select((visits, i) => Variant(visits, Math.Abs(State(i, Far)), legacy))];

        /// <summary>
        /// In one cycle a state is visited with probability p = 1/2x, and then a geometric number of times: mean 1, variance
        /// 2(1 − p)/p, third moment 6(1 − p)²/p². Five deviations out the normal law is off by orders of magnitude; a shifted gamma
        /// law of the same three moments is not.
        /// </summary>
        double Variant(long visits, int state, bool legacy)
        {
            double p = 1.0 / (2 * state), variance = 2 * (1 - p) / p, z = (visits - Cycles) / Math.Sqrt(Cycles * variance);
            if (legacy)
                return Special.TwoSided(z);
            double skewness = 6 * (1 - p) * (1 - p) / (p * p) / Math.Sqrt(variance * variance * variance * Cycles), shape = 4 / (skewness * skewness);
            double tail = Special.GammaQ(shape, Math.Max(0, shape + (2 * z / skewness)));
            return Math.Min(1, 2 * Math.Min(tail, 1 - tail));
        }
    }

    /// <summary>The state of an index: −reach … −1, 1 … reach.</summary>
    public static int State(int index, int reach) => index < reach ? index - reach : index - reach + 1;

    /// <summary>Walks up at ones and down at zeros.</summary>
    public static Walk Of(BitSequence bits)
    {
        var tally = Enumerable.Range(0, 2 * Near).Select(_ => new long[6]).ToArray();
        long[] visits = new long[2 * Far];
        int[] here = new int[(2 * Near) + 1];
        int[] all = new int[(2 * Far) + 1];
        long cycles = 0;
        int sum = 0, at = 0, n = bits.Length;
        ReadOnlySpan<ulong> words = bits.Words;
        while (at < n)
        {
            if ((at & 7) == 0 && at + 8 <= n && Math.Abs(sum) > Far + 8)
            {
                int ones = System.Numerics.BitOperations.PopCount((words[at >> 6] >> (56 - (at & 63))) & 255);
                sum += (2 * ones) - 8;
                at += 8;
                continue;
            }
            sum += (2 * bits[at++]) - 1;
            if (sum == 0)
            {
                End();
                continue;
            }
            if (Math.Abs(sum) <= Far)
                all[sum + Far]++;
            if (Math.Abs(sum) <= Near)
                here[sum + Near]++;
        }
        if (sum != 0)
            End();
        for (int i = 0; i < visits.Length; i++)
            visits[i] = all[State(i, Far) + Far];
        return new Walk(cycles, tally, visits);

        void End()
        {
            cycles++;
            for (int i = 0; i < tally.Length; i++)
                tally[i][Math.Min(5, here[State(i, Near) + Near])]++;
            Array.Clear(here);
        }
    }

    /// <summary>The law of the number of visits to a state within one cycle.</summary>
    static double[] Law(int state)
    {
        double leave = 1.0 / (2 * state), stay = 1 - leave, law = leave * leave;
        return [stay, law, law * stay, law * stay * stay, law * stay * stay * stay, leave * stay * stay * stay * stay];
    }
}

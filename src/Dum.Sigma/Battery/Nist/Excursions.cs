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
        /// <summary>Whether there are cycles enough for the asymptotic laws: SP 800-22 asks for 500, or √n/200 where that is more.</summary>
        public bool Suffices(int bits) => Cycles >= Math.Max(500, 0.005 * Math.Sqrt(bits));

        /// <summary>2.14: one probability for every near state.</summary>
        public double[] Test() => [.. Tally.Select((counts, i) => ChiSquare.Tail(counts, Law(Math.Abs(State(i, Near))), Cycles))];

        /// <summary>2.15: one probability for every far state.</summary>
        public double[] Variant() => [.. Visits.Select((visits, i) =>
            Special.Erfc(Math.Abs(visits - Cycles) / Math.Sqrt(2.0 * Cycles * ((4.0 * Math.Abs(State(i, Far))) - 2))))];
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

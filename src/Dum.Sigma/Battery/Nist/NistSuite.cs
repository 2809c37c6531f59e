namespace Dum.Sigma.Battery.Nist;

/// <summary>
/// The fifteen tests of NIST SP 800-22 (revision 1a) on one sequence, with the parameters of its own example: 188 results for
/// a million bits. The published constants of three tests are wrong in their third digit or rounded; the right ones are used
/// unless the legacy is asked for.
/// </summary>
/// <param name="legacy">Published constants, for comparison with other programs.</param>
sealed class NistSuite(bool legacy)
{
    /// <summary>Bits below which most tests do not apply.</summary>
    public const int Least = 1 << 17;

    static readonly string[] s_templates = [.. Patterns.Templates.Select(t => Convert.ToString(t, 2).PadLeft(9, '0'))];
    static readonly string[] s_near = [.. Enumerable.Range(0, 2 * Excursions.Near).Select(i => $"{Excursions.State(i, Excursions.Near):+0;-0}")];
    static readonly string[] s_far = [.. Enumerable.Range(0, 2 * Excursions.Far).Select(i => $"{Excursions.State(i, Excursions.Far):+0;-0}")];

    readonly Spectral _spectral = new();
    readonly LinearComplexity _linear = new();

    /// <summary>Runs every test that applies to the length.</summary>
    /// <param name="bits">At least 128.</param>
    /// <param name="take">Is given the results in the order of the publication.</param>
    public void Run(BitSequence bits, Action<PartResult> take)
    {
        int n = bits.Length;
        Tell(TestNames.Frequency, Counting.Frequency(bits));
        Tell(TestNames.BlockFrequency, Counting.BlockFrequency(bits, 128));
        Tell(TestNames.CumulativeSums, Counting.CumulativeSums(bits, backward: false), "forward");
        Tell(TestNames.CumulativeSums, Counting.CumulativeSums(bits, backward: true), "backward");
        if (Counting.Runs(bits) is var runs && !double.IsNaN(runs))
            Tell(TestNames.Runs, runs);
        Tell(TestNames.LongestRun, Counting.LongestRun(bits, legacy));
        if (n >= 38 * 1024)
            Tell(TestNames.Rank, Structure.Rank(bits));
        if (n >= 1000)
            Tell(TestNames.Spectral, _spectral.Test(bits));
        if (n >= 500_000)
        {
            double[] templates = Patterns.NonOverlapping(bits);
            for (int i = 0; i < templates.Length; i++)
                Tell(TestNames.NonOverlapping, templates[i], s_templates[i]);
        }
        if (n >= 500_000)
            Tell(TestNames.Overlapping, Structure.Overlapping(bits, legacy));
        if (Structure.Universal(bits) is { } universal)
            Tell(TestNames.Universal, universal);
        if (n >= Least)
        {
            uint[] counts = Patterns.Cyclic(bits, n >= 1 << 19 ? 16 : 12);
            (double first, double second) = Patterns.Serial(counts);
            Tell(TestNames.Serial, first, "first");
            Tell(TestNames.Serial, second, "second");
            while (counts.Length > (n >= 1 << 19 ? 1 << 11 : 1 << 8))
                counts = Patterns.Shorter(counts);
            Tell(TestNames.ApproximateEntropy, Patterns.ApproximateEntropy(counts));
        }
        if (n >= 500_000)
            Walk(bits, take);
        if (n >= 500_000)
            Tell(TestNames.LinearComplexity, _linear.Test(bits, 500, legacy));

        void Tell(string test, double p, string part = "") => take(new PartResult(test, part, p));
    }

    void Walk(BitSequence bits, Action<PartResult> take)
    {
        Excursions.Walk walk = Excursions.Of(bits);
        // Most walks of fewer cycles are not short by chance: such a sequence is said nothing about, as the publication asks.
        if (!walk.Suffices(bits.Length, legacy))
            return;
        double[] near = walk.Test(), far = walk.Variant(legacy);
        for (int i = 0; i < near.Length; i++)
            take(new PartResult(TestNames.Excursions, s_near[i], near[i]));
        for (int i = 0; i < far.Length; i++)
            take(new PartResult(TestNames.ExcursionsVariant, s_far[i], far[i]));
    }
}

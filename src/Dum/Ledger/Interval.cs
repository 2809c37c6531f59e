namespace Dum.Ledger;

/// <summary>A mean with its 95 % interval, from a few runs that differ in their seed only (Student's t).</summary>
/// <param name="Mean">Of the runs.</param>
/// <param name="Half">Half the interval; 0 for a single run.</param>
/// <param name="Runs">How many there were.</param>
readonly record struct Interval(double Mean, double Half, int Runs)
{
    // Two-sided 95 % quantiles of Student's distribution for 1 … 9 degrees of freedom.
    static readonly double[] s_quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

    /// <summary>For people: ±half, or that a single run has none.</summary>
    public override string ToString() => Runs > 1 ? System.FormattableString.Invariant($"±{Half:0.000}") : Tongue.Say("one seed, no interval", "одно зерно, без интервала");

    public static Interval Of(IReadOnlyList<double> runs)
    {
        double mean = runs.Average();
        if (runs.Count < 2)
            return new Interval(mean, 0, runs.Count);
        double deviation = Math.Sqrt(runs.Sum(x => (x - mean) * (x - mean)) / (runs.Count - 1));
        return new Interval(mean, s_quantiles[Math.Min(runs.Count - 2, s_quantiles.Length - 1)] * deviation / Math.Sqrt(runs.Count), runs.Count);
    }
}

using Dum.Sigma.Battery.Entropy;

namespace Dum.Sigma.Battery;

/// <summary>The one answer of a battery.</summary>
public enum BatteryVerdict
{
    /// <summary>Nothing was found that random bits would not show.</summary>
    Random,

    /// <summary>The bits are not random.</summary>
    Structured,

    /// <summary>Nothing was found, but there is too little to say so.</summary>
    Insufficient,
}

/// <summary>All results of one test.</summary>
/// <param name="Test">Its name.</param>
/// <param name="P">The probability of its most unusual part, for all its parts.</param>
/// <param name="Parts">How many parts it has.</param>
/// <param name="Worst">The most unusual part.</param>
/// <param name="Place">The byte where the segment with the most unusual result begins; −1 where only the whole shows it.</param>
/// <param name="Bits">The structure that a result so unusual stands for at the least, in bits a byte.</param>
public sealed record TestSummary(string Test, double P, int Parts, string Worst, long Place, double Bits);

/// <summary>What a battery has found.</summary>
/// <param name="Verdict">The answer.</param>
/// <param name="P">The probability of the most unusual of all results, were the bits random.</param>
/// <param name="Alpha">The answer's own probability of a false alarm.</param>
/// <param name="Bytes">Read.</param>
/// <param name="Tested">Of them, tested: whole segments.</param>
/// <param name="Needed">Bytes that an answer needs; 0 where there are enough.</param>
/// <param name="Visible">The weakest structure that this length shows at five deviations, in bits a byte.</param>
/// <param name="Saved">Bits a byte that a universal code saves.</param>
/// <param name="Tests">All tests that applied, in the order of <see cref="TestNames.All"/>.</param>
/// <param name="Results">Single results of SP 800-22: how many of each tenth of [0, 1], for the picture of their spread.</param>
/// <param name="Entropy">SP 800-90B; null where it was not asked for or there is too little.</param>
public sealed record BatteryReport(
    BatteryVerdict Verdict, double P, double Alpha, long Bytes, long Tested, long Needed, double Visible, double Saved,
    IReadOnlyList<TestSummary> Tests, IReadOnlyList<long> Results, EntropyAssessment? Entropy)
{
    /// <summary>Tests that are significant by themselves within the family, the most unusual first.</summary>
    public IReadOnlyList<TestSummary> Findings =>
        [.. Tests.Where(t => Statistics.Family.Sidak(t.P, Tests.Count) < Alpha).OrderBy(t => t.P)];
}

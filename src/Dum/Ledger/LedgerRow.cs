namespace Dum.Ledger;

/// <summary>What a measurement says of a claim.</summary>
public enum Verdict
{
    /// <summary>The claim holds as it is worded here.</summary>
    Reached,

    /// <summary>It holds in part, under the condition that the row names.</summary>
    Partly,

    /// <summary>It does not hold.</summary>
    Not,

    /// <summary>Nothing could be measured, and the row says why.</summary>
    Unmeasured,
}

/// <summary>One claim, measured.</summary>
/// <param name="Id">Short and stable, for programs.</param>
/// <param name="Claim">What is promised.</param>
/// <param name="Definition">What exactly was measured.</param>
/// <param name="Baseline">Beside what; empty where there is nothing to compare.</param>
/// <param name="Equal">What is the same on both sides.</param>
/// <param name="Value">The measured number, with its unit.</param>
/// <param name="Interval">95 % interval or range, where there is one.</param>
/// <param name="Verdict">What follows.</param>
/// <param name="Note">Conditions, arithmetic, what is missing.</param>
/// <param name="Series">Points for a plot; empty for none.</param>
public sealed record LedgerRow(string Id, string Claim, string Definition, string Baseline, string Equal, string Value, string Interval, Verdict Verdict, string Note, IReadOnlyList<LedgerSeries> Series)
{
    /// <summary>The row as one seed can tell it: without a second there is no interval, so nothing counts as reached.</summary>
    internal LedgerRow OfOneSeed() => Verdict != Verdict.Reached ? this
        : this with { Verdict = Verdict.Partly, Note = Note + Tongue.Say("; one seed alone counts as no more than partly", "; одно зерно засчитывается не больше чем отчасти") };
}

/// <summary>A line of a plot.</summary>
/// <param name="Name">Of the line.</param>
/// <param name="X">What lies along.</param>
/// <param name="Y">What goes up.</param>
/// <param name="Points">In order of x.</param>
public sealed record LedgerSeries(string Name, string X, string Y, IReadOnlyList<(double X, double Y)> Points);

/// <summary>What the ledger measures, and for how long.</summary>
public sealed record LedgerOptions
{
    /// <summary>Minutes that every trained arm gets; 0 leaves out the rows that need training.</summary>
    public double Minutes { get; init; } = 0.5;

    /// <summary>Seeds per arm, at least 2 for an interval.</summary>
    public int Seeds { get; init; } = 3;

    /// <summary>The size: <c>tiny</c>, <c>3m</c>, <c>20m</c> or <c>100m</c>; scenes take the preset of the same name after <c>scene-</c>.</summary>
    public string Preset { get; init; } = "tiny";

    /// <summary>Threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Bytes of the longer side of a conversation, in the rows about speed: read where reading is most of the work, written
    /// where writing is. A sixteenth of it is the other side (2,048 and 128 tokens in arXiv 2406.02657).
    /// </summary>
    public int Conversation { get; init; } = 8_000;

    /// <summary>A finished model over scenes, whose scenes are weighed on the same texts; null for none.</summary>
    public string? Model { get; init; }

    /// <summary>A text unlike those learned from, for the row about adapters; null leaves it unmeasured.</summary>
    public LedgerText? Material { get; init; }

    /// <summary>Where trained arms are kept, so that a killed ledger goes on; null for a folder that is deleted at the end.</summary>
    public string? Work { get; init; }
}

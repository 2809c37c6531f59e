namespace Dum.Sigma.Laws;

/// <summary>A law beside its measurement.</summary>
/// <param name="Law">Which law, as docs/sigma.md numbers and names them.</param>
/// <param name="Case">On what it was checked.</param>
/// <param name="Predicted">What the law says, without having seen the residuals.</param>
/// <param name="Measured">What the residuals say.</param>
/// <param name="Deviation">The standard deviation of the measurement.</param>
/// <param name="Unit">Of all three.</param>
/// <param name="Placebo">The same measurement on residuals whose place was destroyed.</param>
/// <param name="Outcome">Whether the law stands.</param>
/// <param name="Falsifier">What would refute it.</param>
public sealed record LawCheck(string Law, string Case, double Predicted, double Measured, double Deviation, string Unit, double? Placebo, LawOutcome Outcome, string Falsifier)
{
    /// <summary>Measured over predicted.</summary>
    public double Slope => Measured / Predicted;
}

/// <summary>What came of a check.</summary>
public enum LawOutcome
{
    /// <summary>The measurement is what the law says.</summary>
    Holds,

    /// <summary>It is not.</summary>
    Fails,

    /// <summary>Too few values to see what the law says.</summary>
    Underpowered,
}

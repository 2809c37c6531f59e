namespace Dum.Lexicon;

/// <summary>What the lexicon trainer is doing.</summary>
/// <param name="Phase">The step, in a few words.</param>
/// <param name="Fraction">How much of this step is done, from 0 to 1.</param>
/// <param name="Detail">Amounts, or a notice about a file.</param>
public sealed record TrainingProgress(string Phase, double Fraction, string Detail);

namespace Dum.Sigma.Battery;

/// <summary>One probability of one test on one piece of a stream.</summary>
/// <param name="Test">The test, one of <see cref="TestNames"/>.</param>
/// <param name="Part">Which of several parts of it; empty where there is one.</param>
/// <param name="P">The probability of a result at least as unusual, were the bits random.</param>
public readonly record struct PartResult(string Test, string Part, double P);

namespace Dum.Training;

/// <summary>What is told after every step.</summary>
/// <param name="Step">Steps made.</param>
/// <param name="Steps">Steps to make.</param>
/// <param name="Loss">Nats per unit in this step.</param>
/// <param name="BitsPerByte">The same in bits per byte of text.</param>
/// <param name="Held">The last measurement on held-out text, bits per byte.</param>
/// <param name="BytesPerSecond">Of text, over the last steps.</param>
/// <param name="FlopsPerSecond">Floating-point operations, counted from the model's size.</param>
/// <param name="SecondsLeft">Estimate.</param>
/// <param name="Rate">Learning rate.</param>
/// <param name="GradientNorm">Before clipping.</param>
public sealed record TrainingStep(int Step, int Steps, double Loss, double BitsPerByte, double? Held, double BytesPerSecond, double FlopsPerSecond, double SecondsLeft, double Rate, double GradientNorm);

/// <summary>A finished or interrupted run.</summary>
/// <param name="Facts">All about it.</param>
/// <param name="Parameters">Weights of the model.</param>
/// <param name="Learned">Those of them that were learned.</param>
/// <param name="Sizes">The model in words.</param>
/// <param name="Worth">What the contexts of scenes are worth on the held-out text; null for models without scenes.</param>
/// <param name="Scores">Bits per byte of the texts that were to be measured.</param>
public sealed record TrainingResult(TrainingFacts Facts, long Parameters, long Learned, string Sizes, SceneWorth? Worth, IReadOnlyList<TextScore> Scores)
{
    /// <summary>The same texts with the bare base, where an adapter was trained; empty otherwise.</summary>
    public IReadOnlyList<TextScore> BaseScores { get; init; } = [];
}

namespace Dum.Checkpoints;

/// <summary>The rule that stretches rotary frequencies.</summary>
public enum RotaryRule
{
    /// <summary>As trained.</summary>
    None,

    /// <summary>Every position divided by the factor (kaiokendev, 2023).</summary>
    Linear,

    /// <summary>Low frequencies divided, high ones kept, a ramp between (Llama 3.1).</summary>
    Llama3,

    /// <summary>NTK by parts with a temperature on attention (YaRN, arXiv 2309.00071).</summary>
    Yarn,
}

/// <summary>Rotary scaling as the checkpoint's configuration gives it.</summary>
/// <param name="Rule">Which rule.</param>
/// <param name="Factor">How many times longer; at least 1.</param>
/// <param name="OriginalContext">Positions of the first training.</param>
/// <param name="Low">Llama 3: low_freq_factor; YaRN: beta_slow.</param>
/// <param name="High">Llama 3: high_freq_factor; YaRN: beta_fast.</param>
/// <param name="Attention">YaRN: factor on cosine and sine; 0 for 0.1·ln(Factor) + 1.</param>
public sealed record RotaryScaling(RotaryRule Rule, float Factor = 1, int OriginalContext = 0, float Low = 1, float High = 4, float Attention = 0)
{
    /// <summary>No scaling.</summary>
    public static RotaryScaling None { get; } = new(RotaryRule.None);
}

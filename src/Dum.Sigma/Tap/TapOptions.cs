using Dum.Sigma.Formats;

namespace Dum.Sigma.Tap;

/// <summary>What a tap looks at.</summary>
public sealed record TapOptions
{
    /// <summary>What results are rounded to.</summary>
    public FloatFormat Format { get; init; } = FloatFormat.BF16;

    /// <summary>The share of all results that is looked at, above 0 up to 1.</summary>
    public double Share { get; init; } = 0.01;

    /// <summary>Whether every result is really rounded, as on hardware that keeps its state in the format; otherwise the run is only watched.</summary>
    public bool RoundState { get; init; }

    /// <summary>Values kept whole of every operation, for what needs more than sketches; 0 for none.</summary>
    public int Keep { get; init; }

    /// <summary>Operations whose values are kept; null for all.</summary>
    public IReadOnlyCollection<string>? KeepOnly { get; init; }

    /// <summary>Rows kept whole of what every product was given; 0 for none.</summary>
    public int KeepInputs { get; init; }

    /// <exception cref="DumException">A value is out of range.</exception>
    internal void Validate()
    {
        if (!(Share is > 0 and <= 1) || Keep < 0 || KeepInputs < 0)
            throw new DumException(Tongue.Say("the share to look at lies above 0 and up to 1", "доля для наблюдения — больше 0 и до 1"));
    }
}

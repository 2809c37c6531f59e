namespace Dum.Sigma.Battery;

/// <summary>What a battery looks for.</summary>
public sealed record BatteryOptions
{
    /// <summary>The probability of a false alarm of the whole battery.</summary>
    public double Alpha { get; init; } = 1e-3;

    /// <summary>The published constants of SP 800-22 instead of the right ones.</summary>
    public bool Legacy { get; init; }

    /// <summary>Values of a row, for correlations down the columns; 0 where there are no rows.</summary>
    public int Width { get; init; }

    /// <summary>The most bytes that SP 800-90B can be run on: it keeps about 200 bytes for each.</summary>
    public const int MostEntropyBytes = 1 << 23;

    /// <summary>Bytes at the start that SP 800-90B is run on, up to <see cref="MostEntropyBytes"/>; 0 for none.</summary>
    public int EntropyBytes { get; init; } = 1_000_000;

    /// <summary>Bytes at the start that the universal code is tried on, for the strength of what is found; 0 for none. No answer depends on it.</summary>
    public int CodeBytes { get; init; } = 1 << 18;

    /// <summary>The weakest structure, in bits a byte, that the answer must not miss; 0 for whatever the length allows.</summary>
    public double Effect { get; init; }

    /// <exception cref="DumException">A value is out of range.</exception>
    internal void Validate()
    {
        if (!(Alpha is > 0 and < 1) || !(Effect is >= 0 and <= 8) || Width < 0 || EntropyBytes is < 0 or > MostEntropyBytes || CodeBytes < 0)
            throw new DumException(Tongue.Say(
                $"the battery takes alpha between 0 and 1, an effect of 0 to 8 bits a byte, a width from 0, and 0 to {MostEntropyBytes} bytes for SP 800-90B",
                $"батарее нужны альфа от 0 до 1, эффект от 0 до 8 бит на байт, ширина от 0 и от 0 до {MostEntropyBytes} байтов для SP 800-90B"));
    }
}

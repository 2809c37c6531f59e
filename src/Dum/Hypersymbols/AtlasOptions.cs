namespace Dum.Hypersymbols;

/// <summary>How an atlas is made.</summary>
public sealed record AtlasOptions
{
    /// <summary>Hypersymbols (2 … 65,536); fewer where there are fewer scenes.</summary>
    public int Codes { get; init; } = 1000;

    /// <summary>About so many scenes are read, spread evenly over the texts; 0 for all. A scene takes about 2 KB of memory in a model 256 wide.</summary>
    public int Scenes { get; init; } = 200_000;

    /// <summary>All random draws follow from it.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The most rounds of k-means.</summary>
    public int Rounds { get; init; } = 40;

    /// <summary>Threads; the atlas does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>What the codes are learned over.</summary>
    public SceneSpaceOptions Space { get; init; } = new();

    /// <summary>The options themselves when they make sense.</summary>
    /// <exception cref="DumException">They do not.</exception>
    internal AtlasOptions Checked() =>
        Codes is >= 2 and <= 65536 && Scenes >= 0 && Rounds >= 1 && Threads >= 1 ? this : throw new DumException(Tongue.Say(
            "an atlas has 2 to 65536 codes; scenes must not be negative, threads at least 1", "в атласе от 2 до 65536 кодов; число сцен не меньше 0, потоков не меньше 1"));
}

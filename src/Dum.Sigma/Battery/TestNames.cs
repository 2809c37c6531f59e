namespace Dum.Sigma.Battery;

/// <summary>The names of all tests, as reports and JSON spell them.</summary>
public static class TestNames
{
    /// <summary>SP 800-22, 2.1.</summary>
    public const string Frequency = "frequency";

    /// <summary>SP 800-22, 2.2.</summary>
    public const string BlockFrequency = "block-frequency";

    /// <summary>SP 800-22, 2.3.</summary>
    public const string Runs = "runs";

    /// <summary>SP 800-22, 2.4.</summary>
    public const string LongestRun = "longest-run";

    /// <summary>SP 800-22, 2.5.</summary>
    public const string Rank = "rank";

    /// <summary>SP 800-22, 2.6.</summary>
    public const string Spectral = "spectral";

    /// <summary>SP 800-22, 2.7.</summary>
    public const string NonOverlapping = "non-overlapping";

    /// <summary>SP 800-22, 2.8.</summary>
    public const string Overlapping = "overlapping";

    /// <summary>SP 800-22, 2.9.</summary>
    public const string Universal = "universal";

    /// <summary>SP 800-22, 2.10.</summary>
    public const string LinearComplexity = "linear-complexity";

    /// <summary>SP 800-22, 2.11.</summary>
    public const string Serial = "serial";

    /// <summary>SP 800-22, 2.12.</summary>
    public const string ApproximateEntropy = "approximate-entropy";

    /// <summary>SP 800-22, 2.13.</summary>
    public const string CumulativeSums = "cumulative-sums";

    /// <summary>SP 800-22, 2.14.</summary>
    public const string Excursions = "excursions";

    /// <summary>SP 800-22, 2.15.</summary>
    public const string ExcursionsVariant = "excursions-variant";

    /// <summary>Ours: how often every byte comes.</summary>
    public const string Bytes = "bytes";

    /// <summary>Ours: the parity of the bits of a byte under each of the 255 masks, one bit alone among them.</summary>
    public const string Parities = "parities";

    /// <summary>Ours: bits that agree with the same bit of an earlier word.</summary>
    public const string Lags = "lags";

    /// <summary>Ours: weights of neighbouring words.</summary>
    public const string Weights = "weights";

    /// <summary>Ours: the top bits of neighbouring words.</summary>
    public const string Lattice = "lattice";

    /// <summary>Ours: distances of sorted words that come twice (Marsaglia).</summary>
    public const string Spacings = "spacings";

    /// <summary>Ours: bytes that are sums or differences of two before them.</summary>
    public const string Sums = "sums";

    /// <summary>Ours: the linear complexity of one bit of every word.</summary>
    public const string Planes = "planes";

    /// <summary>Of residuals: the mean, which is drift.</summary>
    public const string Drift = "drift";

    /// <summary>Of residuals: how often they are exact, and how often a tie.</summary>
    public const string Atoms = "atoms";

    /// <summary>Of residuals: correlation with the ones before, and with the row before.</summary>
    public const string Correlation = "correlation";

    /// <summary>Of residuals: the highest peak of the spectrum of the values.</summary>
    public const string Tones = "tones";

    /// <summary>The fifteen of SP 800-22, in its order.</summary>
    public static IReadOnlyList<string> Nist { get; } =
    [
        Frequency, BlockFrequency, CumulativeSums, Runs, LongestRun, Rank, Spectral, NonOverlapping, Overlapping, Universal,
        Serial, ApproximateEntropy, Excursions, ExcursionsVariant, LinearComplexity,
    ];

    /// <summary>Ours, on any stream.</summary>
    public static IReadOnlyList<string> Stream { get; } = [Bytes, Parities, Lags, Weights, Lattice, Spacings, Sums, Planes];

    /// <summary>Ours, on bytes read as residuals: byte b is the residual (b + ½)/256 − ½ cells.</summary>
    public static IReadOnlyList<string> Residual { get; } = [Drift, Atoms, Correlation, Tones];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Nist, .. Stream, .. Residual];
}

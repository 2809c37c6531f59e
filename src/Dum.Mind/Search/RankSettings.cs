namespace Dum.Mind.Search;

/// <summary>The weights of ranking. Chosen on LoCoMo conversations 1 and 2 and looked at on no other.</summary>
sealed record RankSettings
{
    public static RankSettings Default { get; } = new();

    /// <summary>Plain BM25 over turns: what the rest is measured beside.</summary>
    public static RankSettings Plain { get; } = new() { Before = 0, Before2 = 0, After = 0, After2 = 0, Episode = 0, Speaker = 0, Time = 0 };

    /// <summary>How soon repetitions of a word stop counting.</summary>
    public float K1 { get; init; } = 0.9f;

    /// <summary>How much a long turn is held against it (0…1).</summary>
    public float B { get; init; } = 0.4f;

    /// <summary>What the words of the turn before count for a turn, and of the one before that.</summary>
    public float Before { get; init; } = 0.35f;

    /// <inheritdoc cref="Before"/>
    public float Before2 { get; init; } = 0.15f;

    /// <summary>What the words of the turn after count, and of the one after that.</summary>
    public float After { get; init; } = 0.25f;

    /// <inheritdoc cref="After"/>
    public float After2 { get; init; } = 0.1f;

    /// <summary>What the score of the whole episode counts for each of its turns.</summary>
    public float Episode { get; init; } = 0.4f;

    /// <summary>What a name in the question counts for the turns of that speaker, against a rare word.</summary>
    public float Speaker { get; init; } = 0.5f;

    /// <summary>What a time named in the question counts, against the best score by words.</summary>
    public float Time { get; init; } = 0.3f;

    /// <summary>How much of the score a year of age takes away; 0 for none.</summary>
    public float Recency { get; init; }
}

namespace Dum.Mind.Search;

/// <summary>The weights of ranking. Chosen on LoCoMo conversations 1 and 2 and looked at on no other.</summary>
sealed record RankSettings
{
    public static RankSettings Default { get; } = new();

    /// <summary>Plain BM25 over turns: what the rest is measured beside.</summary>
    public static RankSettings Plain { get; } = new() { K1 = 0.9f, B = 0.4f, Before = 0, Before2 = 0, After = 0, After2 = 0, Episode = 0, Speaker = 0, NameInText = 1, Focus = 1, Length = 0, Spread = 0, Time = 0, Recency = 0 };

    /// <summary>How soon repetitions of a word stop counting.</summary>
    public float K1 { get; init; } = 1.8f;

    /// <summary>How much a long turn is held against it (0…1).</summary>
    public float B { get; init; } = 0.5f;

    /// <summary>What the words of the turn before count for a turn, and of the one before that.</summary>
    public float Before { get; init; } = 0.35f;

    /// <inheritdoc cref="Before"/>
    public float Before2 { get; init; } = 0.3f;

    /// <summary>What the words of the turn after count, and of the one after that.</summary>
    public float After { get; init; } = 0.25f;

    /// <inheritdoc cref="After"/>
    public float After2 { get; init; } = 0.1f;

    /// <summary>What the score of the whole episode counts for each of its turns.</summary>
    public float Episode { get; init; } = 2f;

    /// <summary>What a name in the question counts for the turns of that speaker, against a rare word.</summary>
    public float Speaker { get; init; } = 1.25f;

    /// <summary>What is left of the score of turns that others said, when the question names somebody who speaks in this memory.</summary>
    public float Focus { get; init; } = 0.9f;

    /// <summary>What the name of a speaker counts where others say it: it is said in greeting more than in answer.</summary>
    public float NameInText { get; init; } = 0.3f;

    /// <summary>How much more a long turn is believed to hold an answer, per doubling of its terms.</summary>
    public float Length { get; init; } = 0.016f;

    /// <summary>What each turn of the same episode already chosen takes off the next one's score: answers in several parts lie apart.</summary>
    public float Spread { get; init; } = 0.02f;

    /// <summary>What a time named in the question counts, against the best score by words.</summary>
    public float Time { get; init; } = 0.6f;

    /// <summary>The most that age takes off a score (0…1): half of it after a year, three quarters after two. What has no time is not held against it.</summary>
    public float Recency { get; init; } = 0.03f;
}

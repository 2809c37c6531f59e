namespace Dum.Scenes;

/// <summary>
/// Where a scene ends, computed from hyperwords already seen and nothing else: after one that ends a sentence once the
/// scene holds <see cref="Least"/>, after one that ends a clause by a lighter mark (a comma, a colon, the end of a line)
/// once it holds <see cref="ClauseLeast"/>, or at <see cref="Most"/>. A fixed length is the rule with all three equal.
/// An episode (a scene of scenes: a paragraph or a turn) follows the same idea: a new one begins at an empty line once
/// the last holds <see cref="EpisodeLeast"/> scenes, at the end of a line once it holds <see cref="EpisodeEnough"/>, or
/// after <see cref="EpisodeMost"/>.
/// </summary>
public sealed record SceneRule
{
    /// <summary>
    /// The default: at least 3 hyperwords, 5 where only a comma or a line ends, at most 8. With one limit of 3 for both,
    /// the commas of fiction cut scenes of 5.8 hyperwords; with 5 they hold 6.6 and end where a sentence does more often.
    /// </summary>
    public static SceneRule Default { get; } = new();

    /// <summary>Scenes of exactly <paramref name="length"/> hyperwords, whatever they say.</summary>
    /// <exception cref="DumException">The length is not in 1…255.</exception>
    public static SceneRule Fixed(int length) => new SceneRule { Least = length, ClauseLeast = length, Most = length }.Checked();

    /// <summary>The end of a sentence closes a scene once it holds this many hyperwords.</summary>
    public int Least { get; init; } = 3;

    /// <summary>The end of a clause within a sentence closes a scene once it holds this many hyperwords.</summary>
    public int ClauseLeast { get; init; } = 5;

    /// <summary>No scene holds more hyperwords (1…255).</summary>
    public int Most { get; init; } = 8;

    /// <summary>An empty line begins a new episode once the last holds this many scenes.</summary>
    public int EpisodeLeast { get; init; } = 2;

    /// <summary>The end of a line begins a new episode once the last holds this many scenes: short turns are taken together.</summary>
    public int EpisodeEnough { get; init; } = 6;

    /// <summary>No episode holds more scenes (1…255).</summary>
    public int EpisodeMost { get; init; } = 32;

    /// <summary>The rule itself when its numbers make sense.</summary>
    /// <exception cref="DumException">They do not.</exception>
    public SceneRule Checked() =>
        Least >= 1 && Least <= ClauseLeast && ClauseLeast <= Most && Most <= 255 && EpisodeLeast >= 1 && EpisodeLeast <= EpisodeEnough && EpisodeEnough <= EpisodeMost && EpisodeMost <= 255
            ? this
            : throw new DumException(Tongue.Say(
                $"a scene rule needs 1 ≤ least ≤ clause ≤ most ≤ 255, this one says {Least}, {ClauseLeast} and {Most} hyperwords, {EpisodeLeast}, {EpisodeEnough} and {EpisodeMost} scenes",
                $"правило сцен требует 1 ≤ предложение ≤ клауза ≤ наибольшее ≤ 255, а здесь {Least}, {ClauseLeast} и {Most} гиперслов, {EpisodeLeast}, {EpisodeEnough} и {EpisodeMost} сцен"));
}

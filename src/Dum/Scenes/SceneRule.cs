namespace Dum.Scenes;

/// <summary>
/// Where a scene ends, computed from hyperwords already seen and nothing else: after one that ends a clause once the
/// scene holds <see cref="Least"/>, or at <see cref="Most"/>. A fixed length is the rule with both equal.
/// An episode (a scene of scenes: a paragraph or a turn) ends by the same idea: after a scene that ends with an empty
/// line once the episode holds <see cref="EpisodeLeast"/>, after one that ends with a line once it holds
/// <see cref="EpisodeEnough"/>, or at <see cref="EpisodeMost"/>.
/// </summary>
public sealed record SceneRule
{
    /// <summary>The default: at least 3, at most 8 hyperwords.</summary>
    public static SceneRule Default { get; } = new();

    /// <summary>Scenes of exactly <paramref name="length"/> hyperwords, whatever they say.</summary>
    /// <exception cref="DumException">The length is not in 1…255.</exception>
    public static SceneRule Fixed(int length) => new SceneRule { Least = length, Most = length }.Checked();

    /// <summary>A clause end closes a scene once it holds this many hyperwords.</summary>
    public int Least { get; init; } = 3;

    /// <summary>No scene holds more hyperwords (1…255).</summary>
    public int Most { get; init; } = 8;

    /// <summary>An empty line closes an episode once it holds this many scenes.</summary>
    public int EpisodeLeast { get; init; } = 2;

    /// <summary>The end of a line closes an episode once it holds this many scenes: short turns are taken together.</summary>
    public int EpisodeEnough { get; init; } = 6;

    /// <summary>No episode holds more scenes (1…255).</summary>
    public int EpisodeMost { get; init; } = 32;

    /// <summary>The rule itself when its numbers make sense.</summary>
    /// <exception cref="DumException">They do not.</exception>
    public SceneRule Checked() =>
        Least >= 1 && Least <= Most && Most <= 255 && EpisodeLeast >= 1 && EpisodeLeast <= EpisodeEnough && EpisodeEnough <= EpisodeMost && EpisodeMost <= 255
            ? this
            : throw new DumException(Tongue.Say(
                $"a scene rule needs 1 ≤ least ≤ most ≤ 255, this one says {Least} and {Most} hyperwords, {EpisodeLeast}, {EpisodeEnough} and {EpisodeMost} scenes",
                $"правило сцен требует 1 ≤ наименьшее ≤ наибольшее ≤ 255, а здесь {Least} и {Most} гиперслов, {EpisodeLeast}, {EpisodeEnough} и {EpisodeMost} сцен"));
}

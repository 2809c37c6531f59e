using Dum.Checkpoints;

namespace Dum.Training;

/// <summary>
/// The one dial: a size, and with it everything else. Every number here can be given by itself in
/// <see cref="TrainingOptions"/>; the reasons stand beside them.
/// </summary>
/// <param name="Name">What a person types.</param>
/// <param name="Shape">The model; its vocabulary is set from the lexicon.</param>
/// <param name="Lexicon">Entries of the lexicon that is learned when none is given: small models cannot afford a large table.</param>
/// <param name="BatchTokens">Tokens per step.</param>
/// <param name="Rate">Highest learning rate, from the sweeps in LOG.md.</param>
public sealed record TrainingPreset(string Name, ModelShape Shape, int Lexicon, int BatchTokens, double Rate)
{
    /// <summary>All presets, smallest first.</summary>
    public static IReadOnlyList<TrainingPreset> All { get; } =
    [
        new("tiny", Model(layers: 4, width: 64, heads: 4, keys: 2, feed: 176, context: 128), 1024, 2048, 6e-3),
        new("3m", Model(layers: 6, width: 192, heads: 6, keys: 2, feed: 512, context: 256), 4096, 8192, 4e-3),
        new("20m", Model(layers: 8, width: 384, heads: 6, keys: 2, feed: 1024, context: 512), 16384, 16384, 2e-3),
        new("100m", Model(layers: 12, width: 768, heads: 12, keys: 4, feed: 2048, context: 1024), 32768, 32768, 1e-3),
    ];

    /// <summary>The preset of that name.</summary>
    /// <exception cref="DumException">There is none.</exception>
    public static TrainingPreset Of(string name) => All.FirstOrDefault(p => p.Name == name) ?? throw new DumException(Tongue.Say(
        $"there is no preset '{name}': give one of {string.Join(", ", All.Select(p => p.Name))}",
        $"нет набора «{name}»: есть {string.Join(", ", All.Select(p => p.Name))}"));

    static ModelShape Model(int layers, int width, int heads, int keys, int feed, int context) => new()
    {
        Layers = layers,
        Width = width,
        Heads = heads,
        KeyValueHeads = keys,
        HeadSize = width / heads,
        FeedForward = feed,
        Vocabulary = 0,
        Context = context,
        // A head of its own would be a third of the smaller models.
        TiedHead = true,
    };
}

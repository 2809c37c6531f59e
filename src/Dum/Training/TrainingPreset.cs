using Dum.Checkpoints;
using Dum.Models;

namespace Dum.Training;

/// <summary>
/// The one dial: a size, and with it everything else. Every number here can be given by itself in
/// <see cref="TrainingOptions"/>; the reasons stand beside them.
/// </summary>
/// <param name="Name">What a person types.</param>
/// <param name="Token">A model with one position per unit, or null; its vocabulary is set from the lexicon.</param>
/// <param name="Scene">A model with one position per scene, or null.</param>
/// <param name="Lexicon">Entries of the lexicon that is learned when none is given: small models cannot afford a large table.</param>
/// <param name="BatchTokens">Tokens per step.</param>
/// <param name="Rate">Highest learning rate, from the sweeps in LOG.md.</param>
public sealed record TrainingPreset(string Name, ModelShape? Token, SceneShape? Scene, int Lexicon, int BatchTokens, double Rate)
{
    /// <summary>All presets: models over units, then models over scenes, smallest first.</summary>
    public static IReadOnlyList<TrainingPreset> All { get; } =
    [
        new("tiny", Model(layers: 4, width: 64, heads: 4, keys: 2, feed: 176, context: 128), null, 1024, 2048, 6e-3),
        new("3m", Model(layers: 6, width: 192, heads: 6, keys: 2, feed: 512, context: 256), null, 4096, 8192, 4e-3),
        new("20m", Model(layers: 8, width: 384, heads: 6, keys: 2, feed: 1024, context: 512), null, 16384, 16384, 2e-3),
        new("100m", Model(layers: 12, width: 768, heads: 12, keys: 4, feed: 2048, context: 1024), null, 32768, 32768, 1e-3),
        new("scene-tiny", null, Scenes(Model(1, 64, 4, 2, 176, 256), global: Model(2, 96, 4, 1, 256, 256), decoder: 2, window: 16), 1024, 2048, 6e-3),
        new("scene-3m", null, Scenes(Model(1, 192, 6, 2, 512, 512), global: Model(4, 256, 8, 1, 704, 512), decoder: 2, window: 16), 4096, 8192, 4e-3),
        new("scene-20m", null, Scenes(Model(1, 384, 6, 2, 1024, 1024), global: Model(6, 512, 8, 1, 1408, 1024), decoder: 3, window: 16), 16384, 16384, 2e-3),
        new("scene-100m", null, Scenes(Model(2, 512, 8, 2, 1408, 2048), global: Model(14, 768, 12, 2, 2048, 2048), decoder: 4, window: 16), 32768, 32768, 1e-3),
    ];

    /// <summary>Positions per sequence.</summary>
    public int Context => Token?.Context ?? Scene!.Context;

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

    /// <param name="local">The encoder.</param>
    /// <param name="global">Over scenes; few key and value heads, because its cache is what grows with a text.</param>
    /// <param name="decoder">Layers of the decoder, which is otherwise as the encoder.</param>
    /// <param name="window">Hyperwords that a local layer sees.</param>
    /// <remarks>The table of pairs takes no time that could be measured, as one of its rows is read per hyperword; it is not counted in a preset's name.</remarks>
    static SceneShape Scenes(ModelShape local, ModelShape global, int decoder, int window) =>
        new() { Pairs = 16384, Encoder = local with { Window = window }, Global = global, Decoder = local with { Layers = decoder, Window = window } };
}

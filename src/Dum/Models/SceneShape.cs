using Dum.Checkpoints;
using Dum.Scenes;

namespace Dum.Models;

/// <summary>
/// The sizes of a scene model: a local encoder and a local decoder with one position per hyperword and a sliding window,
/// and between them a global model with one position per scene.
/// </summary>
public sealed record SceneShape
{
    /// <summary>The local encoder: at least one layer, width a multiple of 16, with a window.</summary>
    public required ModelShape Encoder { get; init; }

    /// <summary>The model over scenes; it sees all of them.</summary>
    public required ModelShape Global { get; init; }

    /// <summary>The local decoder, as wide as the encoder.</summary>
    public required ModelShape Decoder { get; init; }

    /// <summary>Where scenes end.</summary>
    public SceneRule Rule { get; init; } = SceneRule.Default;

    /// <summary>
    /// Rows of a second table of input embeddings, chosen by a hash of a hyperword and the one before it (over-tokenised
    /// input, arXiv 2501.16975); 0 for none.
    /// </summary>
    public int Pairs { get; init; }

    /// <summary>Hyperwords that are predicted, the closing one among them.</summary>
    public int Vocabulary => Encoder.Vocabulary;

    /// <summary>Hyperwords that the model was made for.</summary>
    public int Context => Encoder.Context;

    /// <summary>Channels of a hyperword.</summary>
    public int Width => Encoder.Width;

    /// <summary>Channels of a scene before the global model: its hyperwords side by side.</summary>
    public int FoldWidth => Rule.Most * Width;

    /// <summary>Channels that a scene's context has for the decoder: one stream's width for each of its layers.</summary>
    public int ContextWidth => Decoder.Layers * Width;

    /// <summary>The same model for another vocabulary or context.</summary>
    /// <param name="vocabulary">Hyperwords, the closing one among them.</param>
    /// <param name="context">Hyperwords.</param>
    public SceneShape With(int vocabulary, int context) => this with
    {
        Encoder = Encoder with { Vocabulary = vocabulary, Context = context },
        Global = Global with { Vocabulary = vocabulary, Context = context },
        Decoder = Decoder with { Vocabulary = vocabulary, Context = context },
    };

    /// <summary>The row of the table of pairs for a hyperword after another; the id before the first is −1.</summary>
    internal int Pair(int before, int id) => (int)((((ulong)(uint)before * 0x9E3779B97F4A7C15UL) ^ ((ulong)(uint)id * 0xC2B2AE3D27D4EB4FUL)) * 0xD6E8FEB86659FD93UL >> 33) % Pairs;

    /// <summary>Weights in all.</summary>
    public long Parameters => Specs(this).Sum(s => s.Count);

    /// <summary>The shape itself when its sizes make sense together.</summary>
    /// <param name="source">Named in complaints: a file or an option.</param>
    /// <exception cref="DumException">They do not.</exception>
    internal SceneShape Checked(string source)
    {
        foreach (ModelShape stack in new[] { Encoder, Global, Decoder })
            Checkpoint.Checked(stack with { Vocabulary = Math.Max(2, stack.Vocabulary) }, source);
        Rule.Checked();
        return Pairs is >= 0 and <= 1 << 22 && Encoder.Width == Decoder.Width && Encoder.Width % 16 == 0 && Encoder.Window > 0 && Decoder.Window > 0 && Global.Window == 0 && Rule.Most <= 64
            ? this
            : throw new DumException(Tongue.Say(
                $"{source}: encoder and decoder of a scene model are equally wide, a multiple of 16, and have a window; the global part has none; a scene holds at most 64 hyperwords, the table of pairs at most 4,194,304 rows",
                $"{source}: у модели по сценам кодер и декодер одной ширины, кратной 16, и с окном; глобальная часть без окна; в сцене не больше 64 гиперслов, в таблице пар не больше 4 194 304 строк"));
    }

    /// <summary>Every tensor of a model of this shape under the name that a file gives it.</summary>
    internal static IEnumerable<TensorSpec> Specs(SceneShape s)
    {
        List<TensorSpec> all = [new("model.embed_tokens.weight", s.Vocabulary, s.Width)];
        if (s.Pairs > 0)
            all.Add(new("model.embed_pairs.weight", s.Pairs, s.Width));
        Add("encoder.layers.", s.Encoder);
        all.Add(new("scene.norm.weight", 1, s.Width, IsVector: true));
        all.Add(new("scene.fold.weight", s.Global.Width, s.FoldWidth));
        Add("global.layers.", s.Global);
        all.Add(new("global.norm.weight", 1, s.Global.Width, IsVector: true));
        for (int l = 0; l < s.Decoder.Layers; l++)
            all.Add(new($"scene.unfold.{l}.weight", s.Width, s.Global.Width));
        Add("decoder.layers.", s.Decoder);
        all.Add(new("model.norm.weight", 1, s.Width, IsVector: true));
        return all;

        void Add(string prefix, ModelShape shape)
        {
            for (int l = 0; l < shape.Layers; l++)
                TensorSpec.AddLayer(all, shape, $"{prefix}{l}.");
        }
    }
}

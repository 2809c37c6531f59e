using Dum.Numerics.Kernels;

namespace Dum.Models;

/// <summary>The weights of a scene model as inference reads them: packed, in any format, shared by any number of sessions.</summary>
sealed unsafe class SceneWeights : IDisposable
{
    readonly List<IDisposable> _own = [];

    SceneWeights(SceneShape shape) => Shape = shape;

    public SceneShape Shape { get; }
    public required PackedWeights Embedding { get; init; }
    public required PackedWeights? Pairs { get; init; }
    public required LayerWeights[] Encoder { get; init; }
    public required float* SceneGain { get; init; }
    public required PackedWeights Fold { get; init; }
    public required LayerWeights[] Global { get; init; }
    public required float* GlobalGain { get; init; }
    public required PackedWeights Unfold { get; init; }
    public required LayerWeights[] Decoder { get; init; }
    public required float* FinalGain { get; init; }

    /// <summary>Bytes of all matrices that every hyperword reads, the tied head counted once.</summary>
    public long LocalBytes => Encoder.Sum(l => l.Bytes) + Decoder.Sum(l => l.Bytes) + Embedding.Bytes;

    /// <summary>Bytes of all matrices that only the end of a scene reads.</summary>
    public long GlobalBytes => Global.Sum(l => l.Bytes) + Fold.Bytes + Unfold.Bytes;

    public static SceneWeights Load(SceneShape shape, WeightLoader from) => from.Guard(() =>
    {
        var weights = new SceneWeights(shape)
        {
            Embedding = from.Pack("model.embed_tokens.weight"),
            Pairs = shape.Pairs > 0 ? from.Pack("model.embed_pairs.weight") : null,
            Encoder = from.Layers(shape.Encoder, "encoder.layers."),
            SceneGain = from.Vector("scene.norm.weight"),
            Fold = from.Pack("scene.fold.weight"),
            Global = from.Layers(shape.Global, "global.layers."),
            GlobalGain = from.Vector("global.norm.weight"),
            Unfold = from.Pack([.. Enumerable.Range(0, shape.Decoder.Layers).Select(l => $"scene.unfold.{l}.weight")]),
            Decoder = from.Layers(shape.Decoder, "decoder.layers."),
            FinalGain = from.Vector("model.norm.weight"),
        };
        weights._own.AddRange(from.Own);
        return weights;
    });

    /// <summary>The weights of a model that is being trained; they change as it learns.</summary>
    public static SceneWeights Of(SceneModel model) => new(model.Shape)
    {
        Embedding = model.Embedding.Weights!,
        Pairs = model.Pairs?.Weights,
        Encoder = LayerWeights.Of(model.EncoderLayers),
        SceneGain = model.SceneGain.Value.Data,
        Fold = model.Fold.Weights!,
        Global = LayerWeights.Of(model.GlobalLayers),
        GlobalGain = model.GlobalGain.Value.Data,
        Unfold = model.Unfold.Weights!,
        Decoder = LayerWeights.Of(model.DecoderLayers),
        FinalGain = model.FinalGain.Value.Data,
    };

    public void Dispose()
    {
        _own.ForEach(part => part.Dispose());
        _own.Clear();
    }
}

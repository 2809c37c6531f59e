using Dum.Checkpoints;
using Dum.Numerics.Kernels;
using Dum.Plans;

namespace Dum.Models;

/// <summary>
/// The weights of a decoder as inference reads them: packed, in any format, shared by any number of sessions. Made from a
/// model in training (sharing its memory) or from a checkpoint.
/// </summary>
public sealed unsafe class TokenWeights : IDisposable
{
    readonly List<IDisposable> _own = [];

    internal TokenWeights(ModelShape shape, PackedWeights embedding, PackedWeights head, float* finalGain, LayerWeights[] layers, IEnumerable<IDisposable> own)
    {
        (Shape, Embedding, Head, Layers) = (shape, embedding, head, layers);
        FinalGain = finalGain;
        _own.AddRange(own);
    }

    /// <summary>The sizes of the model.</summary>
    public ModelShape Shape { get; }

    /// <summary>What adapters of this model may adapt.</summary>
    internal LoraStack[] Stacks => [new LoraStack(TokenModel.Prefix, Shape)];

    internal PackedWeights Embedding { get; }
    internal PackedWeights Head { get; }
    internal float* FinalGain { get; }
    internal LayerWeights[] Layers { get; }

    /// <summary>Bytes of all matrices, a tied head counted once: what decoding one token reads.</summary>
    public long Bytes => Layers.Sum(l => l.Bytes) + Head.Bytes;

    /// <summary>Packs the weights of a checkpoint; the file may be closed afterwards.</summary>
    /// <param name="file">An open checkpoint.</param>
    /// <param name="format">How to keep matrices; null keeps what the file has, or the next format that loses next to nothing of it.</param>
    /// <exception cref="DumException">There is not enough memory.</exception>
    public static TokenWeights Load(ModelFile file, WeightFormat? format = null) => WeightLoader.Load(file, format);

    /// <summary>The weights of a model that is being trained; they change as it learns.</summary>
    internal static TokenWeights Of(TokenModel model) =>
        new TokenWeights(model.Shape, model.Embedding.Weights!, model.Head.Weights!, model.FinalGain.Data, LayerWeights.Of(model.Layers), []);

    /// <summary>The weights under the names of a <see cref="TokenModel"/>'s parameters, for a plan that learns adapters beside them.</summary>
    internal FrozenWeights Frozen()
    {
        var frozen = new FrozenWeights();
        frozen.Add("model.embed_tokens", Embedding);
        frozen.Add("lm_head", Head);
        frozen.Add("model.norm", FinalGain);
        LayerWeights.AddTo(frozen, TokenModel.Prefix, Layers);
        return frozen;
    }

    /// <summary>Frees what this object owns; no session may use it afterwards.</summary>
    public void Dispose()
    {
        foreach (IDisposable part in _own)
            part.Dispose();
        _own.Clear();
    }
}

/// <summary>One layer's weights; null where the architecture has none.</summary>
sealed unsafe class LayerWeights
{
    public required float* InputGain { get; init; }
    public required PackedWeights Qkv { get; init; }
    public required float* QkvBias { get; init; }
    public required float* QueryGain { get; init; }
    public required float* KeyGain { get; init; }
    public required PackedWeights Output { get; init; }
    public required float* FeedGain { get; init; }
    public required PackedWeights GateUp { get; init; }
    public required PackedWeights Down { get; init; }

    /// <summary>Bytes of the matrices.</summary>
    public long Bytes => Qkv.Bytes + Output.Bytes + GateUp.Bytes + Down.Bytes;

    /// <summary>Adds layers under the names of a <see cref="LayerStack"/>'s parameters.</summary>
    public static void AddTo(FrozenWeights frozen, string prefix, LayerWeights[] layers)
    {
        for (int i = 0; i < layers.Length; i++)
        {
            string at = $"{prefix}{i}.";
            LayerWeights w = layers[i];
            frozen.Add(at + "input_layernorm", w.InputGain);
            frozen.Add(at + "self_attn.qkv_proj", w.Qkv);
            frozen.Add(at + "self_attn.qkv_proj.bias", w.QkvBias);
            frozen.Add(at + "self_attn.q_norm", w.QueryGain);
            frozen.Add(at + "self_attn.k_norm", w.KeyGain);
            frozen.Add(at + "self_attn.o_proj", w.Output);
            frozen.Add(at + "post_attention_layernorm", w.FeedGain);
            frozen.Add(at + "mlp.gate_up_proj", w.GateUp);
            frozen.Add(at + "mlp.down_proj", w.Down);
        }
    }

    /// <summary>Layers that are being trained; they change as the model learns.</summary>
    public static LayerWeights[] Of(LayerParameters[] learned) =>
        [.. learned.Select(p => new LayerWeights
        {
            InputGain = p.InputGain.Data,
            Qkv = p.Qkv.Weights!,
            QkvBias = p.QkvBias is null ? null : p.QkvBias.Data,
            QueryGain = p.QueryGain is null ? null : p.QueryGain.Data,
            KeyGain = p.KeyGain is null ? null : p.KeyGain.Data,
            Output = p.Output.Weights!,
            FeedGain = p.FeedGain.Data,
            GateUp = p.GateUp.Weights!,
            Down = p.Down.Weights!,
        })];
}

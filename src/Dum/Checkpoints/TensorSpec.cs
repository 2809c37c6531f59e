namespace Dum.Checkpoints;

/// <summary>One tensor of a model under its canonical (Hugging Face) name.</summary>
/// <param name="Name">Such as <c>model.layers.0.self_attn.q_proj.weight</c>.</param>
/// <param name="Rows">Outputs; 1 for a vector.</param>
/// <param name="Columns">Inputs, contiguous; the length of a vector.</param>
/// <param name="IsVector">True for norms and biases, which files store with one dimension.</param>
/// <param name="IsRotated">True for what feeds the rotation by position: rows (or elements of a vector) come in heads whose order two conventions write differently.</param>
public readonly record struct TensorSpec(string Name, int Rows, int Columns, bool IsVector = false, bool IsRotated = false)
{
    /// <summary>Weights in it.</summary>
    public long Count => (long)Rows * Columns;

    /// <summary>Every tensor of a model of this shape: the embedding, the layers in order, the last norm, the head unless it is tied.</summary>
    public static IReadOnlyList<TensorSpec> Of(ModelShape shape)
    {
        List<TensorSpec> all = [new("model.embed_tokens.weight", shape.Vocabulary, shape.Width)];
        for (int layer = 0; layer < shape.Layers; layer++)
            AddLayer(all, shape, $"model.layers.{layer}.");
        all.Add(new("model.norm.weight", 1, shape.Width, IsVector: true));
        if (!shape.TiedHead)
            all.Add(new("lm_head.weight", shape.Vocabulary, shape.Width));
        return all;
    }

    internal static void AddLayer(List<TensorSpec> all, ModelShape shape, string layer)
    {
        all.Add(new(layer + "input_layernorm.weight", 1, shape.Width, IsVector: true));
        foreach ((string name, int rows, bool rotated) in (ReadOnlySpan<(string, int, bool)>)
            [("q_proj", shape.QueryWidth, true), ("k_proj", shape.KeyWidth, true), ("v_proj", shape.KeyWidth, false)])
        {
            all.Add(new($"{layer}self_attn.{name}.weight", rows, shape.Width, IsRotated: rotated));
            if (shape.QueryKeyValueBias)
                all.Add(new($"{layer}self_attn.{name}.bias", 1, rows, IsVector: true, IsRotated: rotated));
        }
        if (shape.QueryKeyNorm)
        {
            all.Add(new(layer + "self_attn.q_norm.weight", 1, shape.HeadSize, IsVector: true, IsRotated: true));
            all.Add(new(layer + "self_attn.k_norm.weight", 1, shape.HeadSize, IsVector: true, IsRotated: true));
        }
        all.Add(new(layer + "self_attn.o_proj.weight", shape.Width, shape.QueryWidth));
        all.Add(new(layer + "post_attention_layernorm.weight", 1, shape.Width, IsVector: true));
        all.Add(new(layer + "mlp.gate_proj.weight", shape.FeedForward, shape.Width));
        all.Add(new(layer + "mlp.up_proj.weight", shape.FeedForward, shape.Width));
        all.Add(new(layer + "mlp.down_proj.weight", shape.Width, shape.FeedForward));
    }
}

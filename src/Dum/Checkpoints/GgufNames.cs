namespace Dum.Checkpoints;

/// <summary>GGUF's names of tensors (llama.cpp, <c>gguf-py/gguf/constants.py</c>) and the canonical ones.</summary>
static class GgufNames
{
    const string Layer = "model.layers.", Block = "blk.";

    static readonly (string Gguf, string Canonical)[] s_names =
    [
        ("token_embd.weight", "model.embed_tokens.weight"),
        ("output_norm.weight", "model.norm.weight"),
        ("output.weight", "lm_head.weight"),
    ];

    static readonly (string Gguf, string Canonical)[] s_inLayer =
    [
        ("attn_norm", "input_layernorm"),
        ("attn_q_norm", "self_attn.q_norm"),
        ("attn_k_norm", "self_attn.k_norm"),
        ("attn_q", "self_attn.q_proj"),
        ("attn_k", "self_attn.k_proj"),
        ("attn_v", "self_attn.v_proj"),
        ("attn_output", "self_attn.o_proj"),
        ("ffn_norm", "post_attention_layernorm"),
        ("ffn_gate", "mlp.gate_proj"),
        ("ffn_up", "mlp.up_proj"),
        ("ffn_down", "mlp.down_proj"),
    ];

    /// <summary>The canonical name of a tensor of a GGUF file, or the name itself where there is none.</summary>
    public static string ToCanonical(string name) => Find(name, Block, Layer, s_names, s_inLayer) ?? name;

    /// <summary>The GGUF name of a tensor.</summary>
    public static string ToGguf(string name) =>
        Find(name, Layer, Block, Swapped(s_names), Swapped(s_inLayer)) ?? throw new ArgumentException($"{name} has no name in GGUF");

    static string? Find(string name, string layerFrom, string layerTo, (string From, string To)[] names, (string From, string To)[] inLayer)
    {
        foreach ((string from, string to) in names)
            if (name == from)
                return to;
        if (!name.StartsWith(layerFrom, StringComparison.Ordinal))
            return null;
        int dot = name.IndexOf('.', layerFrom.Length), end = name.LastIndexOf('.');
        if (dot < 0 || end <= dot)
            return null;
        foreach ((string from, string to) in inLayer)
            if (name.AsSpan((dot + 1)..end).SequenceEqual(from))
                return $"{layerTo}{name.AsSpan(layerFrom.Length..dot)}.{to}{name.AsSpan(end..)}";
        return null;
    }

    static (string, string)[] Swapped((string Gguf, string Canonical)[] names) => [.. names.Select(n => (n.Canonical, n.Gguf))];
}

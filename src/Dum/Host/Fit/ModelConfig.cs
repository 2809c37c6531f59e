using System.Text.Json;

namespace Dum.Host.Fit;

/// <summary>Reads a model's shape from a Hugging Face <c>config.json</c>.</summary>
static class ModelConfig
{
    public static ModelShape Read(string path)
    {
        if (new FileInfo(path).Length > 16 << 20)
            throw ModelFile.Broken(path, Tongue.Say("a configuration of more than 16 MiB", "конфигурация больше 16 МиБ"));
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw ModelFile.Broken(path, Tongue.Say("no object in it", "в нём нет объекта"));
        string name = Text(root, "_name_or_path") is { Length: > 0 } told ? told : Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) ?? path;
        // Models that also see keep the language part under its own key.
        if (root.TryGetProperty("text_config", out JsonElement inner) && inner.ValueKind == JsonValueKind.Object && inner.TryGetProperty("num_hidden_layers", out _))
            root = inner;
        return Shape(root, name, path).Checked(path);
    }

    static ModelShape Shape(JsonElement c, string name, string path)
    {
        int layers = Int(c, path, "num_hidden_layers", "n_layer", "n_layers", "num_layers") ?? throw Lacks(path, "num_hidden_layers");
        int hidden = Int(c, path, "hidden_size", "n_embd", "d_model") ?? throw Lacks(path, "hidden_size");
        int heads = Int(c, path, "num_attention_heads", "n_head", "n_heads") ?? throw Lacks(path, "num_attention_heads");
        int vocabulary = Int(c, path, "vocab_size") ?? throw Lacks(path, "vocab_size");
        int rank = Int(c, path, "kv_lora_rank") ?? 0, rope = Int(c, path, "qk_rope_head_dim") ?? 0;
        int head = rank > 0 ? (Int(c, path, "qk_nope_head_dim") ?? 0) + rope : Int(c, path, "head_dim") ?? hidden / Math.Max(1, heads);
        int experts = Int(c, path, "n_routed_experts", "num_local_experts", "num_experts") ?? 0;
        string type = Text(c, "model_type");
        (int window, int windowed) = Windows(c, path, layers, type);
        int cacheless = Kinds(c, "linear_attention") + Kinds(c, "mamba") + Kinds(c, "recurrent");
        return new ModelShape
        {
            Name = name,
            Layers = layers,
            Hidden = hidden,
            FeedForward = Int(c, path, "intermediate_size", "n_inner", "ffn_dim") ?? 4 * hidden,
            Heads = heads,
            KvHeads = Int(c, path, "num_key_value_heads", "multi_query_group_num") ?? heads,
            Head = head,
            ValueHead = Int(c, path, "v_head_dim") ?? 0,
            Vocabulary = vocabulary,
            Context = Int(c, path, "max_position_embeddings", "n_positions", "seq_length") ?? 0,
            Tied = c.TryGetProperty("tie_word_embeddings", out JsonElement tied) ? tied.ValueKind == JsonValueKind.True
                : type is "gemma" or "gemma2" or "gemma3" or "gemma3_text" or "gpt2",
            Ungated = type is "gpt2" or "gpt_neox" or "phi" or "falcon" or "opt" or "bloom" or "starcoder2",
            Window = windowed > 0 ? window : 0,
            WindowedLayers = windowed,
            CachelessLayers = Math.Min(layers, cacheless),
            Experts = experts,
            ExpertsUsed = Int(c, path, "num_experts_per_tok", "num_experts_per_token") ?? 0,
            ExpertFeedForward = experts == 0 ? 0 : Int(c, path, "moe_intermediate_size", "intermediate_size") ?? 0,
            SharedExperts = Int(c, path, "n_shared_experts") ?? 0,
            DenseLayers = Int(c, path, "first_k_dense_replace") ?? 0,
            LatentRank = rank,
            LatentRope = rank > 0 ? rope : 0,
        };
    }

    // Three ways to say which layers attend through a window: a list, a period, or a switch.
    static (int Window, int Layers) Windows(JsonElement c, string path, int layers, string type)
    {
        int window = Int(c, path, "sliding_window") ?? 0;
        if (window == 0 || (c.TryGetProperty("use_sliding_window", out JsonElement use) && use.ValueKind == JsonValueKind.False))
            return (0, 0);
        if (c.TryGetProperty("layer_types", out JsonElement types) && types.ValueKind == JsonValueKind.Array)
            return (window, Math.Min(layers, Kinds(c, "sliding")));
        if (Int(c, path, "sliding_window_pattern") is > 0 and var period)
            return (window, layers - layers / period);
        return type switch
        {
            "gemma2" => (window, (layers + 1) / 2),
            "gemma3" or "gemma3_text" => (window, layers - layers / 6),
            // Mistral's first models and Phi 3 slide in every layer, but llama.cpp and Ollama keep their full context.
            // Qwen2's configuration carries a window that is switched off.
            _ => (0, 0),
        };
    }

    static int Kinds(JsonElement c, string part) =>
        c.TryGetProperty("layer_types", out JsonElement types) && types.ValueKind == JsonValueKind.Array
            ? types.EnumerateArray().Count(t => t.ValueKind == JsonValueKind.String && t.GetString()!.Contains(part, StringComparison.Ordinal)) : 0;

    static DumException Lacks(string path, string key) => ModelFile.Broken(path, Tongue.Say($"it has no '{key}'", $"в нём нет '{key}'"));

    static string Text(JsonElement c, string key) => c.TryGetProperty(key, out JsonElement e) && e.ValueKind == JsonValueKind.String ? e.GetString()! : "";

    static int? Int(JsonElement c, string path, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (!c.TryGetProperty(key, out JsonElement e) || e.ValueKind == JsonValueKind.Null)
                continue;
            // A list holds one value a layer; the largest is what must fit.
            if (e.ValueKind == JsonValueKind.Array && e.GetArrayLength() > 0)
                e = e.EnumerateArray().MaxBy(x => x.ValueKind == JsonValueKind.Number && x.TryGetInt32(out int n) ? n : int.MinValue);
            return e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out int value) ? value
                : throw ModelFile.Broken(path, Tongue.Say($"'{key}' is not a whole number", $"'{key}' — не целое число"));
        }
        return null;
    }
}

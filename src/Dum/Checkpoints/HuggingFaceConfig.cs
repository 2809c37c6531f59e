using System.Text.Json;

namespace Dum.Checkpoints;

/// <summary>A Hugging Face <c>config.json</c> as a <see cref="ModelShape"/> (huggingface/transformers, <c>configuration_llama.py</c> and its kin).</summary>
static class HuggingFaceConfig
{
    public static (string Architecture, ModelShape Shape) Read(string file) => ConfigJson.Read(file, config => Read(config, file));

    static (string, ModelShape) Read(ConfigJson config, string file)
    {
        string architecture = Architecture(config, file);
        int layers = config.Must("num_hidden_layers"), width = config.Must("hidden_size"), heads = config.Must("num_attention_heads");
        if (config.Flag("mlp_bias") == true)
            throw Checkpoint.Unsupported(file, "biases in the feed-forward blocks (mlp_bias) are not supported", "смещения в feed-forward (mlp_bias) не поддерживаются");
        if (config.Text("hidden_act") is { } activation and not ("silu" or "swish"))
            throw Checkpoint.Unsupported(file, $"the activation '{RawTensor.Shown(activation)}' is not supported; 'silu' is", $"функция «{RawTensor.Shown(activation)}» не поддерживается, только «silu»");
        if (config.Number("partial_rotary_factor") is { } part && part != 1)
            throw Checkpoint.Unsupported(file, "heads that are rotated in part are not supported", "частично вращаемые головы не поддерживаются");
        int context = config.Must("max_position_embeddings");
        (int window, int full) = Window(config, file, architecture, layers);
        // Newer configurations keep all about the rotation in one place.
        ConfigJson? rotary = config.Inner("rope_parameters") ?? config.Inner("rope_scaling");
        return (architecture, Checkpoint.Checked(new ModelShape
        {
            Layers = layers,
            Width = width,
            Heads = heads,
            KeyValueHeads = config.Whole("num_key_value_heads") ?? heads,
            HeadSize = config.Whole("head_dim") ?? (heads > 0 ? width / heads : 0),
            FeedForward = config.Must("intermediate_size"),
            Vocabulary = config.Must("vocab_size"),
            Context = context,
            NormEpsilon = (float)(config.Number("rms_norm_eps") ?? 1e-6),
            RotaryBase = (float)(config.Number("rope_theta") ?? rotary?.Number("rope_theta") ?? 10_000),
            RotaryScaling = rotary is { } rule ? Scaling(rule, file, config.Whole("original_max_position_embeddings") ?? context) : RotaryScaling.None,
            Window = window,
            FullLayers = full,
            TiedHead = config.Flag("tie_word_embeddings") ?? false,
            QueryKeyValueBias = architecture == "qwen2" || (config.Flag("attention_bias") ?? false),
            QueryKeyNorm = architecture == "qwen3",
        }, file));
    }

    static string Architecture(ConfigJson config, string file)
    {
        string name = config.Root.TryGetProperty("architectures", out JsonElement list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0 &&
            list[0].ValueKind == JsonValueKind.String ? list[0].GetString()! : config.Text("model_type") ?? "";
        return name switch
        {
            "LlamaForCausalLM" or "llama" => "llama",
            "MistralForCausalLM" or "mistral" => "mistral",
            "Qwen2ForCausalLM" or "qwen2" => "qwen2",
            "Qwen3ForCausalLM" or "qwen3" => "qwen3",
            "" => throw Checkpoint.Broken(file, "it names no architecture", "в нём не названа архитектура"),
            _ => throw Checkpoint.Architecture(file, RawTensor.Shown(name)),
        };
    }

    /// <returns>Positions of the window, 0 for none, and how many of the first layers see everything.</returns>
    static (int Window, int FullLayers) Window(ConfigJson config, string file, string architecture, int layers)
    {
        int window = config.Whole("sliding_window") ?? 0;
        bool qwen = architecture is "qwen2" or "qwen3";
        // Llama's code has no window; Qwen's is off unless it is switched on.
        if (window == 0 || architecture == "llama" || (qwen && config.Flag("use_sliding_window") != true))
            return (0, 0);
        if (config.Root.TryGetProperty("layer_types", out JsonElement types) && types.ValueKind == JsonValueKind.Array)
        {
            string[] kinds = [.. types.EnumerateArray().Select(t => t.ValueKind == JsonValueKind.String ? t.GetString()! : "")];
            int full = kinds.TakeWhile(kind => kind == "full_attention").Count();
            if (kinds.Length != layers || kinds.Skip(full).Any(kind => kind != "sliding_attention"))
                throw Checkpoint.Unsupported(file, "its layer_types mix kinds of attention in an order that is not supported (full ones first, then sliding ones)",
                    "layer_types чередует виды внимания; поддерживается только порядок: сначала полные, затем оконные");
            return full == layers ? (0, 0) : (window, full);
        }
        int first = qwen ? Math.Clamp(config.Whole("max_window_layers") ?? 28, 0, Math.Max(0, layers)) : 0;
        return first == layers ? (0, 0) : (window, first);
    }

    static RotaryScaling Scaling(ConfigJson rule, string file, int context)
    {
        string type = rule.Text("rope_type") ?? rule.Text("type") ?? "default";
        float Factor() => (float)(rule.Number("factor") ?? throw Checkpoint.Broken(file, "its rope_scaling has no factor", "в rope_scaling нет factor"));
        int Original() => rule.Whole("original_max_position_embeddings") ?? context;
        return type switch
        {
            // The dynamic rule changes nothing up to max_position_embeddings, where a model that uses it ends here.
            "default" or "dynamic" => RotaryScaling.None,
            "linear" => new(RotaryRule.Linear, Factor()),
            "llama3" => new(RotaryRule.Llama3, Factor(), Original(),
                (float)(rule.Number("low_freq_factor") ?? 1), (float)(rule.Number("high_freq_factor") ?? 4)),
            "yarn" => new(RotaryRule.Yarn, Factor(), Original(),
                (float)(rule.Number("beta_slow") ?? 1), (float)(rule.Number("beta_fast") ?? 32), Attention(rule, Factor())),
            _ => throw Checkpoint.Unsupported(file, $"the rotary scaling '{RawTensor.Shown(type)}' is not supported; linear, llama3 and yarn are",
                $"растяжение вращения «{RawTensor.Shown(type)}» не поддерживается; поддерживаются linear, llama3 и yarn"),
        };
    }

    /// <summary>YaRN's factor on cosine and sine: as given, or of the two mscale settings, or 0 for the rule of the paper.</summary>
    static float Attention(ConfigJson rule, double factor)
    {
        if (rule.Number("attention_factor") is { } given)
            return (float)given;
        double? scale = rule.Number("mscale"), all = rule.Number("mscale_all_dim");
        return scale is > 0 && all is > 0 ? (float)(Of(scale.Value) / Of(all.Value)) : 0;

        double Of(double mscale) => factor <= 1 ? 1 : 0.1 * mscale * Math.Log(factor) + 1;
    }
}

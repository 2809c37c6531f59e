using System.Text.Json;
using Dum.Files;

namespace Dum.Checkpoints;

/// <summary>Writes a model as a Hugging Face checkpoint: <c>config.json</c> and <c>model.safetensors</c>.</summary>
public static class HuggingFaceWriter
{
    /// <summary>Writes both files into a folder, which is made if it is missing; the tokenizer is the caller's.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="shape">The model.</param>
    /// <param name="weights">Every tensor of <see cref="TensorSpec.Of"/>, in any order.</param>
    /// <param name="format">F32, F16 or BF16; null leaves each tensor in its own.</param>
    /// <param name="bos">The token that begins a text, if there is one.</param>
    /// <param name="eos">The token that ends a text, if there is one.</param>
    /// <exception cref="DumException">The files cannot be written, or no architecture of Hugging Face has these parts together.</exception>
    public static void Write(string folder, ModelShape shape, IEnumerable<WeightSource> weights, StoredFormat? format, int? bos = null, int? eos = null)
    {
        List<WeightSource> ordered = WeightSource.Ordered(shape, weights);
        byte[] config = Config(shape, format, bos, eos);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DumException(Tongue.Say($"cannot make the folder {folder}: {FileFault.Reason(e)}", $"не создать папку {folder}: {FileFault.Reason(e)}"), e);
        }
        SafetensorsWriter.Write(Path.Combine(folder, HuggingFaceFolder.Single), ordered, format);
        SafeFile.Write(Path.Combine(folder, HuggingFaceFolder.Config), stream => stream.Write(config));
    }

    static (string Type, string Architecture) Architecture(ModelShape shape) => shape switch
    {
        { QueryKeyNorm: true, QueryKeyValueBias: true } => throw Nothing("biases and norms on query and key together", "смещения и нормировка запроса и ключа вместе"),
        { QueryKeyNorm: true } => ("qwen3", "Qwen3ForCausalLM"),
        { QueryKeyValueBias: true } => ("qwen2", "Qwen2ForCausalLM"),
        { Window: > 0, FullLayers: > 0 } => throw Nothing("a window in the last layers only, without biases or norms", "окно только в последних слоях без смещений и нормировки"),
        { Window: > 0 } => ("mistral", "MistralForCausalLM"),
        _ => ("llama", "LlamaForCausalLM"),
    };

    static DumException Nothing(string english, string russian) => new(Tongue.Say(
        $"no architecture of Hugging Face has {english}: write GGUF", $"ни у одной архитектуры Hugging Face нет такого: {russian}; сохраните в GGUF"));

    static byte[] Config(ModelShape shape, StoredFormat? format, int? bos, int? eos)
    {
        (string type, string architecture) = Architecture(shape);
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("architectures");
            json.WriteStringValue(architecture);
            json.WriteEndArray();
            json.WriteString("model_type", type);
            json.WriteNumber("vocab_size", shape.Vocabulary);
            json.WriteNumber("hidden_size", shape.Width);
            json.WriteNumber("intermediate_size", shape.FeedForward);
            json.WriteNumber("num_hidden_layers", shape.Layers);
            json.WriteNumber("num_attention_heads", shape.Heads);
            json.WriteNumber("num_key_value_heads", shape.KeyValueHeads);
            json.WriteNumber("head_dim", shape.HeadSize);
            json.WriteNumber("max_position_embeddings", shape.Context);
            json.WriteNumber("rms_norm_eps", shape.NormEpsilon);
            json.WriteNumber("rope_theta", shape.RotaryBase);
            Scaling(json, shape.RotaryScaling);
            json.WriteString("hidden_act", "silu");
            json.WriteBoolean("tie_word_embeddings", shape.TiedHead);
            // Qwen 2 always has its biases; for the others this would be one more on the output of attention.
            json.WriteBoolean("attention_bias", false);
            Window(json, shape, type);
            Id(json, "bos_token_id", bos);
            Id(json, "eos_token_id", eos);
            json.WriteString("torch_dtype", format switch { StoredFormat.F16 => "float16", StoredFormat.BF16 => "bfloat16", _ => "float32" });
            json.WriteEndObject();
        }
        return text.ToArray();
    }

    static void Window(Utf8JsonWriter json, ModelShape shape, string type)
    {
        if (type is "qwen2" or "qwen3")
        {
            json.WriteBoolean("use_sliding_window", shape.Window > 0);
            json.WriteNumber("max_window_layers", shape.Window > 0 ? shape.FullLayers : shape.Layers);
        }
        if (shape.Window > 0)
            json.WriteNumber("sliding_window", shape.Window);
        else if (type != "llama")
            json.WriteNull("sliding_window");
    }

    static void Scaling(Utf8JsonWriter json, RotaryScaling scaling)
    {
        if (scaling.Rule == RotaryRule.None)
            return;
        json.WriteStartObject("rope_scaling");
        json.WriteString("rope_type", scaling.Rule switch { RotaryRule.Linear => "linear", RotaryRule.Llama3 => "llama3", _ => "yarn" });
        json.WriteNumber("factor", scaling.Factor);
        if (scaling.Rule != RotaryRule.Linear)
            json.WriteNumber("original_max_position_embeddings", scaling.OriginalContext);
        if (scaling.Rule == RotaryRule.Llama3)
        {
            json.WriteNumber("low_freq_factor", scaling.Low);
            json.WriteNumber("high_freq_factor", scaling.High);
        }
        else if (scaling.Rule == RotaryRule.Yarn)
        {
            json.WriteNumber("beta_slow", scaling.Low);
            json.WriteNumber("beta_fast", scaling.High);
            if (scaling.Attention > 0)
                json.WriteNumber("attention_factor", scaling.Attention);
        }
        json.WriteEndObject();
    }

    static void Id(Utf8JsonWriter json, string key, int? id)
    {
        if (id is { } number)
            json.WriteNumber(key, number);
        else
            json.WriteNull(key);
    }
}

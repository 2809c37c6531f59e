using System.Text.Json;
using Dum.Checkpoints;
using Dum.Files;
using Dum.Numerics.Kernels;
using Dum.Scenes;

namespace Dum.Models;

/// <summary>
/// A scene model in a folder: <c>config.json</c> (model_type dum_scene; the three stacks under the names that Hugging Face
/// gives the sizes of a Llama) and <c>model.safetensors</c>. The lexicon lies beside them.
/// </summary>
public static class SceneFile
{
    const string Type = "dum_scene";
    const int Version = 1;

    /// <summary>Whether a folder holds a scene model.</summary>
    public static bool Is(string path) =>
        File.Exists(Path.Combine(path, HuggingFaceFolder.Config)) && ConfigJson.Read(Path.Combine(path, HuggingFaceFolder.Config), c => c.Text("model_type") == Type);

    /// <summary>Writes both files.</summary>
    /// <param name="folder">Where to; made if it is missing.</param>
    /// <param name="shape">The model.</param>
    /// <param name="lexicon">Id of the lexicon whose hyperwords it reads.</param>
    /// <param name="weights">Every tensor of the model.</param>
    /// <param name="format">F32 or BF16; null leaves each tensor in its own.</param>
    /// <exception cref="DumException">They cannot be written.</exception>
    internal static void Write(string folder, SceneShape shape, string lexicon, IEnumerable<WeightSource> weights, StoredFormat? format)
    {
        Directory.CreateDirectory(folder);
        SafetensorsWriter.Write(Path.Combine(folder, HuggingFaceFolder.Single), [.. weights], format);
        SafeFile.Write(Path.Combine(folder, HuggingFaceFolder.Config), stream =>
        {
            using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
            json.WriteStartObject();
            json.WriteString("model_type", Type);
            json.WriteNumber("version", Version);
            json.WriteString("lexicon", lexicon);
            json.WriteNumber("vocab_size", shape.Vocabulary);
            json.WriteNumber("max_position_embeddings", shape.Context);
            json.WriteNumber("eos_token_id", shape.Vocabulary - 1);
            json.WriteNumber("pairs", shape.Pairs);
            json.WriteStartObject("scene_rule");
            json.WriteNumber("least", shape.Rule.Least);
            json.WriteNumber("clause_least", shape.Rule.ClauseLeast);
            json.WriteNumber("most", shape.Rule.Most);
            json.WriteEndObject();
            Stack(json, "encoder", shape.Encoder);
            Stack(json, "global", shape.Global);
            Stack(json, "decoder", shape.Decoder);
            json.WriteEndObject();
        });
    }

    /// <summary>Sizes of the model in a folder and the id of its lexicon.</summary>
    /// <exception cref="DumException">Damaged, or of a newer version.</exception>
    internal static (SceneShape Shape, string Lexicon) Shape(string folder)
    {
        string file = Path.Combine(folder, HuggingFaceFolder.Config);
        return ConfigJson.Read(file, config =>
        {
            if (config.Must("version") != Version)
                throw Checkpoint.Unsupported(file, $"version {config.Must("version")} of the format is not known here: use a newer dum", $"версия формата {config.Must("version")} здесь неизвестна: нужен более новый dum");
            ConfigJson rule = Inner(config, "scene_rule");
            int vocabulary = config.Must("vocab_size"), context = config.Must("max_position_embeddings");
            var shape = new SceneShape
            {
                Encoder = Stack(Inner(config, "encoder"), vocabulary, context),
                Global = Stack(Inner(config, "global"), vocabulary, context),
                Decoder = Stack(Inner(config, "decoder"), vocabulary, context),
                Pairs = config.Whole("pairs") ?? 0,
                Rule = new SceneRule { Least = rule.Must("least"), ClauseLeast = rule.Must("clause_least"), Most = rule.Must("most") },
            };
            return (shape.Checked(file), config.Text("lexicon") ?? "");
        });

        ConfigJson Inner(ConfigJson config, string key) => config.Inner(key) ?? throw Checkpoint.Broken(file, $"it has no '{key}'", $"в нём нет '{key}'");
    }

    /// <summary>Writes a scene model with its lexicon into another folder, in another format of numbers.</summary>
    /// <param name="from">Its folder.</param>
    /// <param name="to">Made if it is missing.</param>
    /// <param name="format">F32, F16 or BF16.</param>
    /// <param name="adapter">Added to the weights that it adapts; null for none.</param>
    /// <exception cref="DumException">The model is damaged, the adapter of another base, or the folder cannot be written.</exception>
    public static void Copy(string from, string to, StoredFormat format, AdapterFile? adapter = null)
    {
        (SceneShape shape, string id) = Shape(from);
        using MappedFile file = MappedFile.Open(Path.Combine(from, HuggingFaceFolder.Single));
        Dictionary<string, StoredTensor> tensors = Tensors(shape, file);
        IEnumerable<WeightSource> weights = adapter?.MergeInto([.. tensors.Values]) ?? tensors.Values.Select(WeightSource.From);
        LanguageModel.LexiconOf(from)?.Save(Path.Combine(Directory.CreateDirectory(to).FullName, LanguageModel.LexiconName));
        Write(to, shape, id, weights, format);
    }

    /// <summary>Packs the weights in a folder and tells the model's id.</summary>
    /// <param name="folder">With both files.</param>
    /// <param name="format">How to keep matrices; null keeps what the file has.</param>
    /// <exception cref="DumException">Missing, damaged, or there is not enough memory.</exception>
    internal static (SceneWeights Weights, string Id) Load(string folder, WeightFormat? format)
    {
        (SceneShape shape, _) = Shape(folder);
        using MappedFile file = MappedFile.Open(Path.Combine(folder, HuggingFaceFolder.Single));
        Dictionary<string, StoredTensor> tensors = Tensors(shape, file);
        return (SceneWeights.Load(shape, new WeightLoader(tensors, format)), ModelId.Of(tensors.Values));
    }

    /// <summary>The tensors of an open model by name.</summary>
    internal static Dictionary<string, StoredTensor> Tensors(SceneShape shape, MappedFile file)
    {
        Dictionary<string, RawTensor> raw = SafetensorsFile.Tensors(file).ToDictionary(t => t.Name);
        // Weights left over mean that the configuration is another model's, which would run and speak nonsense.
        if (raw.Keys.Except(SceneShape.Specs(shape).Select(s => s.Name)).FirstOrDefault() is { } foreign)
            throw Checkpoint.Broken(file.Path, $"config.json knows no '{RawTensor.Shown(foreign)}', so the two do not belong together", $"config.json не знает '{RawTensor.Shown(foreign)}': они не от одной модели");
        return SceneShape.Specs(shape).ToDictionary(spec => spec.Name, spec =>
        {
            RawTensor tensor = Checkpoint.Fits(spec, raw.GetValueOrDefault(spec.Name), file.Path);
            return new StoredTensor(spec, tensor.Format, tensor.File, tensor.Offset, 0);
        });
    }

    static void Stack(Utf8JsonWriter json, string name, ModelShape s)
    {
        json.WriteStartObject(name);
        json.WriteNumber("num_hidden_layers", s.Layers);
        json.WriteNumber("hidden_size", s.Width);
        json.WriteNumber("num_attention_heads", s.Heads);
        json.WriteNumber("num_key_value_heads", s.KeyValueHeads);
        json.WriteNumber("head_dim", s.HeadSize);
        json.WriteNumber("intermediate_size", s.FeedForward);
        json.WriteNumber("sliding_window", s.Window);
        json.WriteEndObject();
    }

    static ModelShape Stack(ConfigJson json, int vocabulary, int context) => new()
    {
        Layers = json.Must("num_hidden_layers"),
        Width = json.Must("hidden_size"),
        Heads = json.Must("num_attention_heads"),
        KeyValueHeads = json.Must("num_key_value_heads"),
        HeadSize = json.Must("head_dim"),
        FeedForward = json.Must("intermediate_size"),
        Window = json.Must("sliding_window"),
        Vocabulary = vocabulary,
        Context = context,
        TiedHead = true,
    };
}

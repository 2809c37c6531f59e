using System.Text.Json;
using Dum.Lexicon.Foreign;

namespace Dum.Checkpoints;

/// <summary>Finds which tokens begin and end a text: each format says it in a place of its own.</summary>
static class TokenizerSettings
{
    const string TokenizerJson = "tokenizer.json", SentencePiece = "tokenizer.model";

    public static ModelTokenizer Load(string path)
    {
        if (Directory.Exists(path))
            return Alone(path) is { } alone ? Load(alone) : FromFolder(path);
        ForeignTokenizer tokenizer = TokenizerFile.Load(path, rule: null, textAsIs: true);
        if (IsGguf(path))
            return FromGguf(tokenizer, path);
        string name = Path.GetFileName(path);
        if (name is TokenizerJson or SentencePiece && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            return FromFolder(folder, tokenizer);
        int? bos = Control(tokenizer, "<s>");
        int[] stops = [.. new[] { Control(tokenizer, "</s>") }.OfType<int>()];
        // llama2.c delimits its texts by the token that begins them.
        return new ModelTokenizer(tokenizer, bos, addsBos: true, name.EndsWith(".bin", StringComparison.Ordinal) && bos is { } id ? [.. stops, id] : stops);
    }

    /// <summary>A tokenizer in one file that says all by itself, where the folder has no other.</summary>
    static string? Alone(string folder) => File.Exists(Path.Combine(folder, TokenizerJson)) || File.Exists(Path.Combine(folder, SentencePiece)) ? null
        : new[] { TokenizerCopy.Gguf, TokenizerCopy.Bin }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    static ModelTokenizer FromGguf(ForeignTokenizer tokenizer, string path)
    {
        using MappedFile mapped = MappedFile.Open(path);
        var file = new GgufFile(mapped);
        const string Ggml = "tokenizer.ggml.";
        string model = file.Text(Ggml + "model") ?? "", pre = file.Text(Ggml + "pre") ?? "";
        // The defaults of llama.cpp for files that do not say it.
        int? bos = Id(file.Whole(Ggml + "bos_token_id") ?? (model == "llama" ? 1 : null));
        int? eos = Id(file.Whole(Ggml + "eos_token_id") ?? (model == "llama" ? 2 : null));
        bool adds = file.Flag(Ggml + "add_bos_token") ?? (model == "llama" || pre is "llama-bpe" or "llama3" or "llama-v3");
        return new ModelTokenizer(tokenizer, bos, adds,
            new[] { eos, Id(file.Whole(Ggml + "eot_token_id")), Id(file.Whole(Ggml + "eom_token_id")) }.OfType<int>());

        static int? Id(int? id) => id is >= 0 ? id : null;
    }

    static ModelTokenizer FromFolder(string folder)
    {
        try
        {
            return FromFolder(folder, TokenizerFile.Load(folder, rule: null, textAsIs: true));
        }
        // A tokenizer.json may be of a kind that is not read where the SentencePiece model that it was made of is.
        catch (DumException) when (File.Exists(Path.Combine(folder, TokenizerJson)) && File.Exists(Path.Combine(folder, SentencePiece)))
        {
            return FromFolder(folder, TokenizerFile.Load(Path.Combine(folder, SentencePiece), rule: null));
        }
    }

    static ModelTokenizer FromFolder(string folder, ForeignTokenizer tokenizer)
    {
        int? bos = null;
        bool? adds = null;
        var stops = new List<int>();
        foreach (string name in (ReadOnlySpan<string>)["generation_config.json", HuggingFaceFolder.Config])
            ReadIfThere(folder, name, config =>
            {
                bos ??= Ids(config, "bos_token_id").Select(id => (int?)id).FirstOrDefault();
                stops.AddRange(Ids(config, "eos_token_id"));
            });
        ReadIfThere(folder, "tokenizer_config.json", config =>
        {
            adds = config.Flag("add_bos_token");
            bos ??= Named(config, "bos_token", tokenizer);
            if (Named(config, "eos_token", tokenizer) is { } id)
                stops.Add(id);
        });
        if (adds is null && File.Exists(Path.Combine(folder, TokenizerJson)))
            adds = PutsTokenInFront(Path.Combine(folder, TokenizerJson));
        if (bos is null && stops.Count == 0)
        {
            bos = Control(tokenizer, "<s>");
            stops.AddRange(new[] { Control(tokenizer, "</s>") }.OfType<int>());
        }
        return new ModelTokenizer(tokenizer, bos, adds ?? tokenizer.Pieces is not null, stops);
    }

    static void ReadIfThere(string folder, string name, Action<ConfigJson> use)
    {
        string file = Path.Combine(folder, name);
        if (File.Exists(file))
            ConfigJson.Read(file, config =>
            {
                use(config);
                return true;
            });
    }

    /// <summary>One id or a list of them.</summary>
    static int[] Ids(ConfigJson config, string key)
    {
        if (!config.Has(key))
            return [];
        JsonElement value = config.Root.GetProperty(key);
        if (value.ValueKind != JsonValueKind.Array)
            return config.Whole(key) is >= 0 and var id ? [id] : [];
        return [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int id) && id >= 0 ? id : throw config.Bad(key))];
    }

    /// <summary>A token by its text, given as a string or as an object with its content.</summary>
    static int? Named(ConfigJson config, string key, ForeignTokenizer tokenizer)
    {
        if (!config.Has(key))
            return null;
        string? name = config.Root.GetProperty(key).ValueKind == JsonValueKind.Object ? config.Inner(key)!.Value.Text("content") : config.Text(key);
        return name is null ? null : Control(tokenizer, name);
    }

    static int? Control(ForeignTokenizer tokenizer, string name) => tokenizer.Controls.TryGetValue(name, out int id) ? id : null;

    /// <summary>Whether tokenizer.json's post-processor begins every text with a special token.</summary>
    static bool PutsTokenInFront(string file) => ConfigJson.Read(file, json =>
    {
        if (!json.Root.TryGetProperty("post_processor", out JsonElement processor) || processor.ValueKind != JsonValueKind.Object)
            return false;
        JsonElement[] steps = processor.TryGetProperty("processors", out JsonElement several) && several.ValueKind == JsonValueKind.Array
            ? [.. several.EnumerateArray()] : [processor];
        return steps.Any(step => step.ValueKind == JsonValueKind.Object && step.TryGetProperty("single", out JsonElement single) &&
            single.ValueKind == JsonValueKind.Array && single.GetArrayLength() > 0 &&
            single[0].ValueKind == JsonValueKind.Object && single[0].TryGetProperty("SpecialToken", out _));
    }, TokenizerFile.MaxFileBytes);

    internal static bool IsGguf(string path)
    {
        using MappedFile file = MappedFile.Open(path);
        return file.Length >= 4 && file.Slice(0, 4).SequenceEqual("GGUF"u8);
    }
}

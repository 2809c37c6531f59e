namespace Dum.Checkpoints;

/// <summary>
/// An open checkpoint of a Llama-like language model, of any supported format, behind one set of names: a Hugging Face
/// folder (safetensors), a GGUF file, or a llama2.c <c>.bin</c>. Files are mapped, not read; nothing in them is trusted
/// before it is checked. Thread-safe; nothing of it may be used after <see cref="Dispose"/>, and nobody may shorten the
/// files while they are open (replacing them, as <see cref="Files.SafeFile"/> does, is fine).
/// </summary>
/// <example><code>
/// using ModelFile model = ModelFile.Open("Qwen2.5-0.5B");
/// StoredTensor query = model.Tensors["model.layers.0.self_attn.q_proj.weight"];
/// var row = new float[query.Columns];
/// query.ReadRows(0, 1, row);
/// </code></example>
public sealed class ModelFile : IDisposable
{
    readonly List<MappedFile> _files = [];
    readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    ModelFile(string path, IEnumerable<string> files)
    {
        Path = path;
        try
        {
            foreach (string file in files)
                _files.Add(MappedFile.Open(file));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The file or folder.</summary>
    public string Path { get; }

    /// <summary>What it is stored as: <c>GGUF</c>, <c>safetensors</c> or <c>llama2.c</c>.</summary>
    public string Kind { get; private set; } = "";

    /// <summary><c>llama</c>, <c>mistral</c>, <c>qwen2</c> or <c>qwen3</c>.</summary>
    public string Architecture { get; private set; } = "llama";

    /// <summary>Sizes and rules of the model; checked.</summary>
    public ModelShape Shape { get; private set; } = null!;

    /// <summary>Every tensor of <see cref="TensorSpec.Of"/> for the shape, by its canonical name: all are there, with exactly their sizes.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    /// <summary>Names in the file of tensors that the model has no use for.</summary>
    public IReadOnlyList<string> Unexpected { get; private set; } = [];

    /// <summary>Where the tokenizer that comes with the model is: the folder or the GGUF file; null for llama2.c, whose tokenizer is a file of its own.</summary>
    public string? TokenizerPath { get; private set; }

    /// <summary>Opens a checkpoint.</summary>
    /// <param name="path">A folder with config.json and safetensors, one of these files, a GGUF file, or a llama2.c file.</param>
    /// <exception cref="DumException">Missing (exit code 3), damaged, incomplete, or of a kind that is not supported.</exception>
    public static ModelFile Open(string path)
    {
        if (Directory.Exists(path))
            return OpenFolder(path, HuggingFaceFolder.Shards(path), path);
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) ?? path, name = System.IO.Path.GetFileName(path);
        if (name.EndsWith(".safetensors.index.json", StringComparison.OrdinalIgnoreCase))
            return OpenFolder(path, HuggingFaceFolder.IndexedShards(path), folder);
        if (name == HuggingFaceFolder.Config)
            return OpenFolder(path, HuggingFaceFolder.Shards(folder), folder);
        if (name.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
            return OpenFolder(path, HuggingFaceFolder.Around(path), folder);
        var model = new ModelFile(path, [path]);
        return model.Fill(() =>
        {
            MappedFile file = model._files[0];
            if (file.Length >= 4 && file.Slice(0, 4).SequenceEqual("GGUF"u8))
                model.FillGguf(file);
            else if (Llama2CFile.Looks(file))
                model.FillLlama2C(file);
            else
                throw Checkpoint.Broken(path, "it is none of: GGUF, safetensors, llama2.c", "это не GGUF, не safetensors и не llama2.c");
        });
    }

    /// <summary>Reads the tokenizer that comes with the model. It outlives the model.</summary>
    /// <exception cref="DumException">There is none (exit code 3), it is not supported, or it is of a larger vocabulary than the model.</exception>
    public ModelTokenizer LoadTokenizer()
    {
        if (TokenizerPath is null)
            throw new DumException(Tongue.Say($"{Path} comes without a tokenizer: name its file (llama2.c's tok….bin)", $"{Path} без токенизатора: укажите его файл (tok….bin из llama2.c)")) { ExitCode = 3 };
        ModelTokenizer tokenizer = ModelTokenizer.Load(TokenizerPath);
        return tokenizer.Count <= Shape.Vocabulary ? tokenizer : throw new DumException(Tongue.Say(
            $"{TokenizerPath}: the tokenizer has {tokenizer.Count} tokens, the model {Shape.Vocabulary}: they do not belong together",
            $"{TokenizerPath}: в токенизаторе {tokenizer.Count} токенов, в модели {Shape.Vocabulary}: они от разных моделей"));
    }

    /// <summary>Unmaps the files.</summary>
    public void Dispose() => _files.ForEach(file => file.Dispose());

    static ModelFile OpenFolder(string path, IEnumerable<string> files, string folder)
    {
        string config = System.IO.Path.Combine(folder, HuggingFaceFolder.Config);
        (string architecture, ModelShape shape) = HuggingFaceConfig.Read(config);
        var model = new ModelFile(path, files);
        return model.Fill(() =>
        {
            (model.Kind, model.Architecture, model.Shape, model.TokenizerPath) = ("safetensors", architecture, shape, folder);
            model.Take(model._files.SelectMany(SafetensorsFile.Tensors), t => t.Name, pairsNeighbours: false);
        });
    }

    void FillGguf(MappedFile file)
    {
        var gguf = new GgufFile(file);
        (Architecture, Shape) = GgufShape.Read(gguf, Path);
        (Kind, TokenizerPath) = ("GGUF", Path);
        Take(gguf.Tensors, t => GgufNames.ToCanonical(t.Name), pairsNeighbours: Architecture is "llama" or "mistral");
    }

    void FillLlama2C(MappedFile file)
    {
        (Shape, List<RawTensor> tensors) = Llama2CFile.Read(file);
        Kind = "llama2.c";
        Take(tensors, t => t.Name, pairsNeighbours: true);
    }

    /// <summary>Finds all that the shape asks for.</summary>
    void Take(IEnumerable<RawTensor> raw, Func<RawTensor, string> canonical, bool pairsNeighbours)
    {
        var left = new Dictionary<string, RawTensor>(StringComparer.Ordinal);
        foreach (RawTensor tensor in raw)
            if (!left.TryAdd(canonical(tensor), tensor))
                throw Checkpoint.Broken(Path, $"tensor '{RawTensor.Shown(tensor.Name)}' is there twice", $"тензор '{RawTensor.Shown(tensor.Name)}' встречается дважды");
        foreach (TensorSpec spec in TensorSpec.Of(Shape))
        {
            left.Remove(spec.Name, out RawTensor? found);
            RawTensor tensor = Checkpoint.Fits(spec, found, Path);
            int headSize = pairsNeighbours && spec.IsRotated ? Shape.HeadSize : 0;
            _tensors.Add(spec.Name, new StoredTensor(spec, tensor.Format, tensor.File, tensor.Offset, headSize));
        }
        // A bias that is not applied would make another model of it; frequencies are computed.
        foreach ((string name, RawTensor tensor) in left)
            if (name.StartsWith("model.layers.", StringComparison.Ordinal) && name.EndsWith(".bias", StringComparison.Ordinal) && !StoredTensor.IsZero(tensor))
                throw Checkpoint.Unsupported(Path, $"it has the bias '{RawTensor.Shown(tensor.Name)}'; biases are supported on query, key and value together",
                    $"в нём есть смещение '{RawTensor.Shown(tensor.Name)}'; поддерживаются только смещения запроса, ключа и значения вместе");
        Unexpected = [.. left.Values.Select(t => t.Name)
            .Where(name => name != GgufShape.RotaryDivisors && !name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    ModelFile Fill(Action fill)
    {
        try
        {
            fill();
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }
}

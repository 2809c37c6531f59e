namespace Dum.Checkpoints;

/// <summary>The adapter of one matrix, as an <see cref="AdapterFile"/> holds it.</summary>
/// <param name="Name">Canonical name of the matrix without <c>.weight</c>, such as <c>model.layers.0.self_attn.q_proj</c>.</param>
/// <param name="Rank">Inner channels.</param>
/// <param name="Scale">What B·A is multiplied by.</param>
/// <param name="A">[rank × inputs], row by row.</param>
/// <param name="B">[outputs × rank], row by row.</param>
public sealed record AdapterModule(string Name, int Rank, float Scale, float[] A, float[] B)
{
    /// <summary>Columns of A.</summary>
    public int Inputs => A.Length / Rank;

    /// <summary>Rows of B.</summary>
    public int Outputs => B.Length / Rank;

    /// <summary>row += scale·B[n]·A.</summary>
    /// <param name="n">Output of the matrix.</param>
    /// <param name="row">[inputs].</param>
    public void AddTo(int n, Span<float> row)
    {
        for (int k = 0; k < Rank; k++)
        {
            float factor = Scale * B[(n * Rank) + k];
            ReadOnlySpan<float> a = A.AsSpan(k * Inputs, Inputs);
            for (int i = 0; i < a.Length; i++)
                row[i] = MathF.FusedMultiplyAdd(factor, a[i], row[i]);
        }
    }
}

/// <summary>
/// A LoRA adapter as Hugging Face's PEFT stores it (huggingface/peft: <c>adapter_config.json</c> beside
/// <c>adapter_model.safetensors</c>) or as MLX does (<c>adapters.safetensors</c>), read as a whole; nothing in it is trusted
/// before it is checked.
/// </summary>
/// <param name="Path">As it was given.</param>
/// <param name="Modules">What it adapts, by name.</param>
/// <param name="Base">Id of the model it was made for, where dum has written it; null for any other.</param>
public sealed record AdapterFile(string Path, IReadOnlyList<AdapterModule> Modules, string? Base)
{
    internal const string Config = "adapter_config.json", Weights = "adapter_model.safetensors", MlxWeights = "adapters.safetensors";
    const int MostRank = 4096;
    internal const string Prefix = "base_model.model.", BaseKey = "dum_base";

    /// <summary>Reads an adapter.</summary>
    /// <param name="path">Its folder, or the safetensors file in it.</param>
    /// <exception cref="DumException">Missing (exit code 3), damaged, or of a kind that is not supported.</exception>
    public static AdapterFile Read(string path)
    {
        string folder = Directory.Exists(path) ? path : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        string weights = !Directory.Exists(path) ? path : System.IO.Path.Combine(folder, File.Exists(System.IO.Path.Combine(folder, Weights)) ? Weights : MlxWeights);
        if (!File.Exists(weights))
            throw new DumException(Tongue.Say(
                $"{path} is no adapter: expected a folder with {Config} and {Weights}", $"{path} — не адаптер: нужна папка с {Config} и {Weights}"))
            { ExitCode = 3 };
        AdapterScale scale = AdapterScale.Read(System.IO.Path.Combine(folder, Config));
        using MappedFile file = MappedFile.Open(weights);
        var halves = new SortedDictionary<string, (RawTensor? A, RawTensor? B)>(StringComparer.Ordinal);
        foreach (RawTensor tensor in SafetensorsFile.Tensors(file))
        {
            (string name, bool isB) = Parse(tensor.Name) ?? throw Checkpoint.Unsupported(weights,
                $"'{RawTensor.Shown(tensor.Name)}' is no part of a plain LoRA adapter: only lora_A and lora_B of matrices are supported",
                $"'{RawTensor.Shown(tensor.Name)}' не часть обычного адаптера LoRA: поддерживаются только lora_A и lora_B матриц");
            halves.TryGetValue(name, out (RawTensor? A, RawTensor? B) pair);
            if ((isB ? pair.B : pair.A) is not null)
                throw Checkpoint.Broken(weights, $"the adapter of '{RawTensor.Shown(name)}' is there twice", $"адаптер для '{RawTensor.Shown(name)}' встречается дважды");
            halves[name] = isB ? (pair.A, tensor) : (tensor, pair.B);
        }
        if (halves.Count == 0)
            throw Checkpoint.Broken(weights, "it holds no adapter", "в нём нет адаптера");
        return new AdapterFile(path, [.. halves.Select(h => Module(weights, h.Key, h.Value.A, h.Value.B, scale))], SafetensorsFile.Metadata(file, BaseKey));
    }

    /// <summary>The weights with the adapter added to those that it adapts; formats that are copied as they are become numbers.</summary>
    /// <param name="model">The base, open as long as the weights are read.</param>
    /// <exception cref="DumException">The adapter is of another base.</exception>
    public IReadOnlyList<WeightSource> MergeInto(ModelFile model) => MergeInto([.. model.Tensors.Values]);

    /// <inheritdoc cref="MergeInto(ModelFile)"/>
    /// <param name="tensors">All of the base's, readable as long as the result is read.</param>
    internal IReadOnlyList<WeightSource> MergeInto(IReadOnlyCollection<StoredTensor> tensors)
    {
        CheckBase(ModelId.Of(tensors));
        Dictionary<string, AdapterModule> left = Modules.ToDictionary(m => m.Name + ".weight", StringComparer.Ordinal);
        var merged = new List<WeightSource>();
        foreach (WeightSource source in tensors.Select(WeightSource.From))
            merged.Add(left.Remove(source.Spec.Name, out AdapterModule? module) ? Merged(source, module) : source);
        return left.Count == 0 ? merged : throw Other(Tongue.Say($"the model has no {left.Keys.First()}", $"в модели нет {left.Keys.First()}"));
    }

    /// <summary>Refuses another base than the adapter was trained beside, where it says which that was.</summary>
    internal void CheckBase(string id)
    {
        if (Base is not null && Base != id)
            throw Other(Tongue.Say("the weights of the model differ", "веса модели другие"));
    }

    /// <summary>The one complaint of an adapter that does not fit.</summary>
    internal DumException Other(string why) => new(Tongue.Say(
        $"{Path} is an adapter for another base: {why}; give the model that it was made for", $"{Path} — адаптер для другой модели: {why}; укажите ту, для которой он сделан"));

    WeightSource Merged(WeightSource source, AdapterModule module)
    {
        if (module.Inputs != source.Spec.Columns || module.Outputs != source.Spec.Rows)
            throw Other(Tongue.Say(
                $"{module.Name} is [{source.Spec.Rows}, {source.Spec.Columns}] in the model and [{module.Outputs}, {module.Inputs}] in the adapter",
                $"{module.Name} в модели [{source.Spec.Rows}, {source.Spec.Columns}], в адаптере [{module.Outputs}, {module.Inputs}]"));
        return new WeightSource(source.Spec, (first, rows, to) =>
        {
            source.Read(first, rows, to);
            for (int r = 0; r < rows; r++)
                module.AddTo(first + r, to.Slice(r * module.Inputs, module.Inputs));
        });
    }

    /// <summary>The matrix that a tensor adapts, and which half it is; null for what is no half of an adapter.</summary>
    static (string Name, bool IsB)? Parse(string tensor)
    {
        string name = tensor.StartsWith(Prefix, StringComparison.Ordinal) ? tensor[Prefix.Length..] : tensor;
        foreach ((string ending, bool isB) in (ReadOnlySpan<(string, bool)>)[(".lora_A.weight", false), (".lora_B.weight", true), (".lora_A.default.weight", false), (".lora_B.default.weight", true), (".lora_a", false), (".lora_b", true)])
            if (name.EndsWith(ending, StringComparison.Ordinal))
                return (name[..^ending.Length], isB);
        return null;
    }

    static AdapterModule Module(string file, string name, RawTensor? a, RawTensor? b, AdapterScale scale)
    {
        if (a is null || b is null)
            throw Checkpoint.Broken(file, $"the adapter of '{RawTensor.Shown(name)}' has one half only", $"у адаптера для '{RawTensor.Shown(name)}' только одна половина");
        // MLX multiplies from the other side: a is [inputs × rank], b is [rank × outputs].
        bool turned = a.Name.EndsWith(".lora_a", StringComparison.Ordinal);
        if (a.Shape.Length != 2 || b.Shape.Length != 2 || a.Shape[turned ? 1 : 0] != b.Shape[turned ? 0 : 1] || a.Shape[turned ? 1 : 0] > MostRank || Math.Min(a.Bytes, b.Bytes) == 0 || Math.Max(a.Bytes, b.Bytes) > 1 << 30)
            throw Checkpoint.Broken(file, $"the halves of the adapter of '{RawTensor.Shown(name)}' do not fit together", $"половины адаптера для '{RawTensor.Shown(name)}' не подходят друг к другу");
        int rank = (int)a.Shape[turned ? 1 : 0];
        return new AdapterModule(name, rank, scale.Of(rank), Numbers(a, turned), Numbers(b, turned));
    }

    static float[] Numbers(RawTensor tensor, bool turned)
    {
        if (tensor.Format is not (StoredFormat.F32 or StoredFormat.F16 or StoredFormat.BF16))
            throw Checkpoint.Unsupported(tensor.File.Path, $"'{RawTensor.Shown(tensor.Name)}' is stored as {tensor.Type}; F32, F16 and BF16 are read", $"'{RawTensor.Shown(tensor.Name)}' хранится как {tensor.Type}; читаются F32, F16 и BF16");
        int rows = (int)tensor.Shape[0], columns = (int)tensor.Shape[1];
        var all = new float[rows * columns];
        BlockDecoder.Decode(tensor.Format, tensor.File.Slice(tensor.Offset, (int)tensor.Bytes), all);
        foreach (float value in all)
            if (!float.IsFinite(value))
                throw Checkpoint.Broken(tensor.File.Path, $"'{RawTensor.Shown(tensor.Name)}' holds a value that is no finite number", $"в '{RawTensor.Shown(tensor.Name)}' не число");
        if (!turned)
            return all;
        var other = new float[all.Length];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                other[(c * rows) + r] = all[(r * columns) + c];
        return other;
    }
}

namespace Dum.Checkpoints;

/// <summary>The settings of a GGUF file as a <see cref="ModelShape"/>.</summary>
static class GgufShape
{
    /// <summary>The tensor of divisors of the rotary frequencies (Llama 3.1 and later).</summary>
    public const string RotaryDivisors = "rope_freqs.weight";

    public static (string Architecture, ModelShape Shape) Read(GgufFile file, string path)
    {
        string name = file.Text("general.architecture") ?? throw file.Bad("it names no architecture", "в нём не названа архитектура");
        if (name is not ("llama" or "mistral" or "qwen2" or "qwen3"))
            throw Checkpoint.Architecture(path, RawTensor.Shown(name));
        string prefix = name + ".";
        if (file.Whole(prefix + "expert_count") is > 0)
            throw Checkpoint.Architecture(path, name + " with experts");
        if (file.Whole("split.count") is > 1)
            throw Checkpoint.Unsupported(path, "it is one part of a split file: join the parts with llama-gguf-split --merge",
                "это часть разрезанного файла: соедините части программой llama-gguf-split --merge");
        int width = file.Must(prefix + "embedding_length"), heads = file.Must(prefix + "attention.head_count");
        int headSize = file.Whole(prefix + "attention.key_length") ?? (heads > 0 ? width / heads : 0);
        if ((file.Whole(prefix + "attention.value_length") ?? headSize) != headSize || (file.Whole(prefix + "rope.dimension_count") ?? headSize) != headSize)
            throw Checkpoint.Unsupported(path, "keys, values and the rotated part of a head differ in size; that is not supported",
                "размеры ключа, значения и вращаемой части головы различны; это не поддерживается");
        RawTensor embedding = file.Tensors.Find(t => t.Name == "token_embd.weight" && t.Shape.Length == 2)
            ?? throw file.Bad("it has no tensor 'token_embd.weight'", "в нём нет тензора 'token_embd.weight'");
        int context = file.Must(prefix + "context_length");
        return (name, Checkpoint.Checked(new ModelShape
        {
            Layers = file.Must(prefix + "block_count"),
            Width = width,
            Heads = heads,
            KeyValueHeads = file.Whole(prefix + "attention.head_count_kv") ?? heads,
            HeadSize = headSize,
            FeedForward = file.Must(prefix + "feed_forward_length"),
            Vocabulary = (int)Math.Min(embedding.Shape[0], int.MaxValue),
            Context = context,
            NormEpsilon = (float)(file.Number(prefix + "attention.layer_norm_rms_epsilon") ?? 1e-5),
            RotaryBase = (float)(file.Number(prefix + "rope.freq_base") ?? 10_000),
            RotaryScaling = Scaling(file, path, prefix, headSize, context),
            Window = file.Whole(prefix + "attention.sliding_window") ?? 0,
            FullLayers = file.Whole(prefix + "dum.full_layers") ?? 0,
            TiedHead = file.Tensors.TrueForAll(t => t.Name != "output.weight"),
            QueryKeyValueBias = file.Tensors.Exists(t => t.Name == "blk.0.attn_q.bias"),
            QueryKeyNorm = name == "qwen3",
        }, path));
    }

    static RotaryScaling Scaling(GgufFile file, string path, string prefix, int headSize, int context)
    {
        string rope = prefix + "rope.scaling.";
        float factor = (float)(file.Number(rope + "factor") ?? file.Number(prefix + "rope.scale_linear") ?? 0);
        int original = file.Whole(rope + "original_context_length") ?? 0;
        if (file.Tensors.Find(t => t.Name == RotaryDivisors) is { } divisors)
            return Llama3(file, path, divisors, headSize, (float)(file.Number(prefix + "rope.freq_base") ?? 10_000), original);
        // A factor without a type is linear, and a factor of 0 is none.
        string type = file.Text(rope + "type") ?? "linear";
        if (type == "none" || (type == "linear" && factor is 0 or 1))
            return RotaryScaling.None;
        if (type == "linear")
            return new(RotaryRule.Linear, factor);
        if (type != "yarn")
            throw Checkpoint.Unsupported(path, $"the rotary scaling '{RawTensor.Shown(type)}' is not supported; linear, yarn and that of Llama 3 are",
                $"растяжение вращения «{RawTensor.Shown(type)}» не поддерживается; поддерживаются linear, yarn и правило Llama 3");
        // llama.cpp multiplies the paper's temperature by this; 0 is our word for the paper's own.
        double attention = file.Number(rope + "attn_factor") ?? 1;
        return new(RotaryRule.Yarn, factor, original > 0 ? original : context, (float)(file.Number(rope + "yarn_beta_slow") ?? 1),
            (float)(file.Number(rope + "yarn_beta_fast") ?? 32), attention == 1 ? 0 : (float)(attention * (1 + 0.1 * Math.Log(Math.Max(1, factor)))));
    }

    /// <summary>GGUF keeps the outcome of Llama 3's rule, one divisor a frequency, and not the rule: it is found again and must give the same.</summary>
    static RotaryScaling Llama3(GgufFile file, string path, RawTensor tensor, int headSize, float rotaryBase, int original)
    {
        if (tensor.Format != StoredFormat.F32 || tensor.Shape is not [var count] || headSize is < 2 or > 4096 || count != headSize / 2)
            throw file.Bad($"its '{RotaryDivisors}' is of another type or size than expected", $"'{RotaryDivisors}' не того типа или размера");
        var divisors = new float[headSize / 2];
        BlockDecoder.Decode(StoredFormat.F32, tensor.File.Slice(tensor.Offset, (int)tensor.Bytes), divisors);
        float factor = divisors.Max();
        if (Array.TrueForAll(divisors, d => d == 1))
            return RotaryScaling.None;
        foreach (int context in (ReadOnlySpan<int>)[original, 8192])
        {
            var rule = new RotaryScaling(RotaryRule.Llama3, factor, context);
            if (context > 0 && divisors.Zip(Divisors(rule, headSize, rotaryBase)).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-3f * pair.Second))
                return rule;
        }
        throw Checkpoint.Unsupported(path, "its rotary frequencies are scaled by a rule that is not known (Llama 3's is)",
            "частоты вращения растянуты по неизвестному правилу (известно правило Llama 3)");
    }

    /// <summary>What Llama 3's rule divides each frequency by (meta-llama/llama-models, <c>apply_scaling</c>).</summary>
    public static float[] Divisors(RotaryScaling rule, int headSize, float rotaryBase)
    {
        var divisors = new float[headSize / 2];
        for (int i = 0; i < divisors.Length; i++)
        {
            double turns = rule.OriginalContext / (2 * Math.PI * Math.Pow(rotaryBase, 2.0 * i / headSize));
            double smooth = Math.Clamp((turns - rule.Low) / (rule.High - rule.Low), 0, 1);
            divisors[i] = (float)(1 / ((1 - smooth) / rule.Factor + smooth));
        }
        return divisors;
    }
}

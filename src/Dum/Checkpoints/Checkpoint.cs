namespace Dum.Checkpoints;

/// <summary>What the readers of all formats say in the same words.</summary>
static class Checkpoint
{
    /// <summary>The file is damaged or says what cannot be true.</summary>
    public static DumException Broken(string file, string english, string russian) => new(Tongue.Say(
        $"{file}: cannot read this model: {english}; download it again or convert it anew",
        $"{file}: модель не читается: {russian}; скачайте её заново или преобразуйте ещё раз"));

    /// <summary>The file is sound and of a kind that is not supported; the reason says what works instead.</summary>
    public static DumException Unsupported(string file, string english, string russian) =>
        new(Tongue.Say($"{file}: {english}", $"{file}: {russian}"));

    /// <summary>An architecture outside of the family.</summary>
    public static DumException Architecture(string file, string name) => Unsupported(file,
        $"the architecture '{name}' is not supported; these are: llama, mistral, qwen2, qwen3 (without experts)",
        $"архитектура «{name}» не поддерживается; работают llama, mistral, qwen2, qwen3 (без экспертов)");

    /// <summary>Returns the shape, or says which of its numbers no model has.</summary>
    public static ModelShape Checked(ModelShape shape, string file)
    {
        void Check(bool holds, string what, double value)
        {
            if (!holds)
                throw Broken(file, $"'{what}' is {value}, which no model has", $"'{what}' равно {value}, таких моделей не бывает");
        }

        Check(shape.Layers is > 0 and <= 1000, "layers", shape.Layers);
        Check(shape.Width is > 0 and <= 1 << 17, "width", shape.Width);
        Check(shape.Heads is > 0 and <= 4096, "heads", shape.Heads);
        Check(shape.KeyValueHeads > 0 && shape.Heads % shape.KeyValueHeads == 0, "key-value heads", shape.KeyValueHeads);
        Check(shape.HeadSize is > 0 and <= 4096 && shape.HeadSize % 2 == 0, "head size", shape.HeadSize);
        Check(shape.FeedForward is > 0 and <= 1 << 20, "feed-forward", shape.FeedForward);
        Check(shape.Vocabulary is > 0 and <= 1 << 22, "vocabulary", shape.Vocabulary);
        Check(shape.Context is > 0 and <= 1 << 28, "context", shape.Context);
        Check(shape.NormEpsilon is >= 0 and < 1, "norm epsilon", shape.NormEpsilon);
        Check(shape.RotaryBase is > 0 and < 1e12f, "rotary base", shape.RotaryBase);
        Check(shape.Window is >= 0 and <= 1 << 28, "window", shape.Window);
        Check(shape.FullLayers >= 0 && shape.FullLayers <= shape.Layers, "layers without a window", shape.FullLayers);
        RotaryScaling scaling = shape.RotaryScaling;
        Check(scaling.Factor is >= 1 and <= 1e6f, "rotary factor", scaling.Factor);
        Check(scaling.OriginalContext is >= 0 and <= 1 << 28, "original context", scaling.OriginalContext);
        Check(float.IsFinite(scaling.Low) && float.IsFinite(scaling.High) && scaling.Low > 0 && scaling.High > scaling.Low, "rotary ramp", scaling.High);
        Check(scaling.Attention is >= 0 and <= 1e3f, "attention factor", scaling.Attention);
        return shape;
    }

    /// <summary>The tensor that a file has for a specification, when it has its size and a format that is read.</summary>
    /// <exception cref="DumException">There is none, or it is another.</exception>
    public static RawTensor Fits(TensorSpec spec, RawTensor? tensor, string path)
    {
        if (tensor is null)
            throw Broken(path, $"tensor '{spec.Name}' is missing", $"нет тензора '{spec.Name}'");
        ReadOnlySpan<long> expected = spec.IsVector ? [spec.Columns] : [spec.Rows, spec.Columns];
        if (!expected.SequenceEqual(tensor.Shape))
            throw Broken(path,
                $"tensor '{spec.Name}' is [{string.Join(", ", tensor.Shape)}], its configuration asks for [{string.Join(", ", expected.ToArray())}]",
                $"тензор '{spec.Name}' — [{string.Join(", ", tensor.Shape)}], а по настройкам [{string.Join(", ", expected.ToArray())}]");
        if (tensor.Format == StoredFormat.Other || (spec.IsVector && tensor.Format.Block().Weights > 1))
            throw Unsupported(path,
                $"tensor '{spec.Name}' is stored as {RawTensor.Shown(tensor.Type)}, which is not read; F32, F16, BF16, F64, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K and Q6_K are",
                $"тензор '{spec.Name}' хранится как {RawTensor.Shown(tensor.Type)}, это не читается; читаются F32, F16, BF16, F64, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K и Q6_K");
        return tensor;
    }
}

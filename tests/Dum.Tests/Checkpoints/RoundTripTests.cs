using Dum.Checkpoints;
using Xunit;

namespace Dum.Tests.Checkpoints;

/// <summary>What is written is read back: shapes whole, weights to the last bit where the format holds them.</summary>
public class RoundTripTests
{
    public static TheoryData<string> Shapes => [.. s_shapes.Keys];

    static readonly Dictionary<string, ModelShape> s_shapes = new()
    {
        ["llama"] = SmallModels.Llama,
        ["llama, tied"] = SmallModels.Llama with { TiedHead = true, NormEpsilon = 1e-6f, RotaryBase = 500_000 },
        ["llama 3"] = SmallModels.Llama with { RotaryBase = 500_000, RotaryScaling = new(RotaryRule.Llama3, 32, 8192) },
        ["linear"] = SmallModels.Llama with { RotaryScaling = new(RotaryRule.Linear, 4) },
        ["yarn"] = SmallModels.Llama with { RotaryScaling = new(RotaryRule.Yarn, 4, 64, 1, 32) },
        ["mistral"] = SmallModels.Llama with { Window = 32, HeadSize = 32 },
        ["qwen2"] = SmallModels.Llama with { QueryKeyValueBias = true, TiedHead = true, Window = 32, FullLayers = 1 },
        ["qwen3"] = SmallModels.Llama with { QueryKeyNorm = true, HeadSize = 32 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_Hugging_Face_folder(string name) => SmallModels.InFolder(folder =>
    {
        ModelShape shape = s_shapes[name];
        List<WeightSource> weights = SmallModels.Weights(shape);
        HuggingFaceWriter.Write(folder, shape, weights, StoredFormat.F32);
        using ModelFile model = ModelFile.Open(folder);
        Assert.Equal(shape, model.Shape);
        Same(weights, model);
        using ModelFile byFile = ModelFile.Open(Path.Combine(folder, "model.safetensors"));
        Assert.Equal(shape, byFile.Shape);
    });

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_GGUF_file(string name) => SmallModels.InFolder(folder =>
    {
        ModelShape shape = s_shapes[name];
        List<WeightSource> weights = SmallModels.Weights(shape);
        string path = Path.Combine(folder, "model.gguf");
        GgufWriter.Write(path, name, shape, weights, StoredFormat.F32, GgufVocabulary.None);
        using ModelFile model = ModelFile.Open(path);
        Assert.Equal(shape, model.Shape);
        Assert.Equal(shape.QueryKeyNorm || shape.QueryKeyValueBias, model.Tensors["model.layers.0.self_attn.q_proj.weight"].IsInOrder);
        Same(weights, model);
    });

    [Theory]
    [InlineData(StoredFormat.F16)]
    [InlineData(StoredFormat.BF16)]
    [InlineData(StoredFormat.Q80)]
    [InlineData(StoredFormat.Q40)]
    public void Narrow_formats_survive_a_second_writing_bit_for_bit(StoredFormat format) => SmallModels.InFolder(folder =>
    {
        string first = Path.Combine(folder, "first.gguf"), second = Path.Combine(folder, "second.gguf");
        GgufWriter.Write(first, "small", SmallModels.Llama, SmallModels.Weights(SmallModels.Llama), format, GgufVocabulary.None);
        using ModelFile model = ModelFile.Open(first);
        Assert.Equal(format, model.Tensors["model.layers.1.mlp.down_proj.weight"].Format);
        GgufWriter.Write(second, "small", model.Shape, model.Tensors.Values.Select(WeightSource.From), format, GgufVocabulary.CopyOf(first));
        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
        float worst = SmallModels.Weights(SmallModels.Llama).Max(w => SmallModels.Read(w).Zip(SmallModels.Read(model.Tensors[w.Spec.Name]), (a, b) => Math.Abs(a - b)).Max());
        Assert.InRange(worst, 1e-6f, format == StoredFormat.Q40 ? 0.08f : 0.003f);
    });

    [Fact]
    public void Rows_are_reordered_in_any_range() => SmallModels.InFolder(folder =>
    {
        ModelShape shape = SmallModels.Llama;
        string path = Path.Combine(folder, "model.gguf");
        List<WeightSource> weights = SmallModels.Weights(shape);
        GgufWriter.Write(path, "small", shape, weights, StoredFormat.F32, GgufVocabulary.None);
        using ModelFile model = ModelFile.Open(path);
        StoredTensor query = model.Tensors["model.layers.1.self_attn.q_proj.weight"];
        float[] expected = SmallModels.Read(weights.Single(w => w.Spec.Name == query.Name));
        for (int first = 0; first < query.Rows; first += 7)
        {
            int rows = Math.Min(11, query.Rows - first);
            var some = new float[rows * query.Columns];
            query.ReadRows(first, rows, some);
            Assert.Equal(expected.AsSpan(first * query.Columns, some.Length).ToArray(), some);
        }
        float[] together = new float[query.Rows * query.Columns];
        Parallel.For(0, query.Rows, r => query.ReadRows(r, 1, together.AsSpan(r * query.Columns, query.Columns)));
        Assert.Equal(expected, together);
        // llama.cpp's order: row 1 of the file is channel HeadSize / 2 of the first head.
        var row = new float[query.Columns];
        BlockDecoder.Decode(query.Format, query.RowBytes(shape.HeadSize / 2), row);
        Assert.Equal(expected.AsSpan(shape.HeadSize / 2 * query.Columns, query.Columns).ToArray(), row);
        Assert.Throws<InvalidOperationException>(() => query.Bytes.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => query.ReadRows(query.Rows - 1, 2, new float[1000]));
    });

    [Fact]
    public void Shards_are_found_by_their_index() => SmallModels.InFolder(folder =>
    {
        ModelShape shape = SmallModels.Llama;
        List<WeightSource> weights = SmallModels.Weights(shape);
        HuggingFaceWriter.Write(folder, shape, weights, StoredFormat.F32);
        File.Delete(Path.Combine(folder, "model.safetensors"));
        SafetensorsWriter.Write(Path.Combine(folder, "a.safetensors"), weights[..9], StoredFormat.F32);
        SafetensorsWriter.Write(Path.Combine(folder, "b.safetensors"), weights[9..], StoredFormat.F32, new Dictionary<string, string> { ["note"] = "second" });
        string index = Path.Combine(folder, "model.safetensors.index.json");
        File.WriteAllText(index, """{"weight_map":{"x":"a.safetensors","y":"b.safetensors"}}""");
        using (ModelFile model = ModelFile.Open(folder))
            Same(weights, model);
        using (ModelFile model = ModelFile.Open(Path.Combine(folder, "b.safetensors")))
            Same(weights, model);
        File.WriteAllText(index, """{"weight_map":{"x":"a.safetensors"}}""");
        Assert.Contains("is missing", Assert.Throws<DumException>(() => ModelFile.Open(index)).Message);
        File.WriteAllText(index, """{"weight_map":{"x":"../a.safetensors"}}""");
        Assert.Contains("not the name of a file", Assert.Throws<DumException>(() => ModelFile.Open(index)).Message);
    });

    [Fact]
    public void A_folder_of_links_is_read() => SmallModels.InFolder(folder =>
    {
        if (OperatingSystem.IsWindows())
            return; // making links asks for a privilege there
        List<WeightSource> weights = SmallModels.Weights(SmallModels.Llama);
        string blobs = Path.Combine(folder, "blobs"), links = Path.Combine(folder, "links");
        HuggingFaceWriter.Write(blobs, SmallModels.Llama, weights, StoredFormat.F32);
        Directory.CreateDirectory(links);
        foreach (string file in Directory.EnumerateFiles(blobs))
            File.CreateSymbolicLink(Path.Combine(links, Path.GetFileName(file)), file);
        using ModelFile model = ModelFile.Open(links);
        Same(weights, model);
    });

    static void Same(List<WeightSource> weights, ModelFile model)
    {
        Assert.Equal(weights.Count, model.Tensors.Count);
        Assert.Empty(model.Unexpected);
        foreach (WeightSource source in weights)
            Assert.Equal(SmallModels.Read(source), SmallModels.Read(model.Tensors[source.Spec.Name]));
    }
}

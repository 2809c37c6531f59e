using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Dum.Checkpoints;
using Xunit;

namespace Dum.Tests.Checkpoints;

/// <summary>Whatever a file holds, opening it ends in a checked model or in one line that says what is wrong, soon and in little memory.</summary>
public class HostileFileTests
{
    static readonly ModelShape s_shape = SmallModels.Llama with { Layers = 1, Width = 32, Heads = 2, KeyValueHeads = 1, FeedForward = 32, Vocabulary = 40 };

    [Theory]
    [InlineData("model.gguf")]
    [InlineData("model.safetensors")]
    [InlineData("config.json")]
    [InlineData("model.bin")]
    [InlineData("version1.bin")]
    public void A_damaged_file_gives_a_model_or_one_line(string name) => SmallModels.InFolder(folder =>
    {
        HuggingFaceWriter.Write(folder, s_shape with { RotaryScaling = new(RotaryRule.Llama3, 8, 8192) }, SmallModels.Weights(s_shape), StoredFormat.F32);
        GgufWriter.Write(Path.Combine(folder, "model.gguf"), "small", s_shape, SmallModels.Weights(s_shape), StoredFormat.Q80, GgufVocabulary.None);
        File.WriteAllBytes(Path.Combine(folder, "model.bin"), Llama2C(version: 0));
        File.WriteAllBytes(Path.Combine(folder, "version1.bin"), Llama2C(version: 1));
        string path = Path.Combine(folder, name);
        byte[] good = File.ReadAllBytes(path);
        using (ModelFile model = ModelFile.Open(path))
            Assert.Equal(s_shape.Width, model.Shape.Width);
        var random = new Random(41);
        // The header is where a flipped bit is seen; weights may be anything.
        int header = Math.Min(good.Length, name.EndsWith(".bin", StringComparison.Ordinal) ? 64 : name.EndsWith(".json", StringComparison.Ordinal) ? good.Length : 2400);
        int refused = 0;
        long before = GC.GetTotalAllocatedBytes();
        var clock = Stopwatch.StartNew();
        const int Tries = 2000;
        for (int i = 0; i < Tries; i++)
        {
            byte[] bytes = [.. good];
            if (i % 4 == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            else if (i % 4 == 1)
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(random.Next(header - 4)), random.Next(2) == 0 ? -1 : int.MaxValue);
            else
                for (int n = random.Next(1, 4); n > 0; n--)
                    bytes[random.Next(header)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, bytes);
            try
            {
                using ModelFile model = ModelFile.Open(path);
                foreach (StoredTensor tensor in model.Tensors.Values)
                    SmallModels.Read(tensor);
            }
            catch (DumException e)
            {
                Assert.DoesNotContain('\n', e.Message);
                refused++;
            }
        }
        Assert.InRange(refused, Tries / 4, Tries);
        Assert.True((GC.GetTotalAllocatedBytes() - before) / Tries < 4 << 20, "a header made the reader allocate much");
        Assert.True(clock.Elapsed.TotalSeconds < 120, $"{clock.Elapsed}");
    });

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", "twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "another size")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,16]}}""", "another size")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-4],"data_offsets":[0,16]}}""", "outside")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "outside")]
    [InlineData("""{"a":{"dtype":"F32","shape":[25],"data_offsets":[0,100]}}""", "outside")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,1e999]}}""", "outside")]
    [InlineData("""{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""", "unknown type")]
    [InlineData("""{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""", "lacks")]
    [InlineData("""{"a":7}""", "lacks")]
    [InlineData("""[1]""", "not an object")]
    [InlineData("""{"a":""", "JSON")]
    [InlineData("""{"a":{"dtype":"I8","shape":[16],"data_offsets":[0,16]}}""", "is missing")]
    public void A_safetensors_header_is_not_trusted(string header, string expected) => SmallModels.InFolder(folder =>
    {
        HuggingFaceWriter.Write(folder, s_shape, SmallModels.Weights(s_shape), StoredFormat.BF16);
        var bytes = new byte[8 + header.Length + 16];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        Encoding.UTF8.GetBytes(header, bytes.AsSpan(8));
        File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), bytes);
        string message = Assert.Throws<DumException>(() => ModelFile.Open(folder)).Message;
        Assert.Contains(expected, message);
    });

    [Theory]
    [InlineData("\"model_type\": \"llama\"", "\"model_type\": \"llama\", \"mlp_bias\": true", "mlp_bias")]
    [InlineData("LlamaForCausalLM", "Gemma2ForCausalLM", "qwen3")]
    [InlineData("LlamaForCausalLM", "MixtralForCausalLM", "qwen3")]
    [InlineData("\"silu\"", "\"gelu\"", "silu")]
    [InlineData("\"num_hidden_layers\": 1", "\"num_hidden_layers\": 2000000000", "layers")]
    [InlineData("\"num_hidden_layers\": 1", "\"num_hidden_layers\": \"1\"", "another type")]
    [InlineData("\"num_hidden_layers\": 1", "\"layers\": 1", "no 'num_hidden_layers'")]
    [InlineData("\"vocab_size\": 40", "\"vocab_size\": 41", "asks for [41, 32]")]
    [InlineData("\"num_key_value_heads\": 1", "\"num_key_value_heads\": 3", "key-value heads")]
    [InlineData("\"rope_theta\": 10000", "\"rope_scaling\": {\"type\":\"longrope\"}", "longrope")]
    [InlineData("\"rope_theta\": 10000", "\"rope_scaling\": {\"type\":\"linear\"}", "factor")]
    public void A_configuration_is_not_trusted(string part, string instead, string expected) => SmallModels.InFolder(folder =>
    {
        HuggingFaceWriter.Write(folder, s_shape, SmallModels.Weights(s_shape), StoredFormat.BF16);
        string path = Path.Combine(folder, "config.json"), text = File.ReadAllText(path);
        Assert.Contains(part, text);
        File.WriteAllText(path, text.Replace(part, instead));
        Assert.Contains(expected, Assert.Throws<DumException>(() => ModelFile.Open(folder)).Message);
    });

    [Fact]
    public void Newer_configurations_are_understood() => SmallModels.InFolder(folder =>
    {
        ModelShape shape = s_shape with { Layers = 2, QueryKeyValueBias = true };
        HuggingFaceWriter.Write(folder, shape, SmallModels.Weights(shape), StoredFormat.BF16);
        string path = Path.Combine(folder, "config.json"), text = File.ReadAllText(path).Replace("\"use_sliding_window\": false", "\"use_sliding_window\": true").Replace("\"sliding_window\": null",
            "\"sliding_window\": 16, \"layer_types\": [\"full_attention\", \"sliding_attention\"]").Replace("\"rope_theta\": 10000", "\"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 1000000.0}");
        File.WriteAllText(path, text);
        using ModelFile model = ModelFile.Open(folder);
        Assert.Equal(1e6f, model.Shape.RotaryBase);
        Assert.Equal((0, 16), (model.Shape.WindowOf(0), model.Shape.WindowOf(1)));
        File.WriteAllText(path, text.Replace("[\"full_attention\", \"sliding_attention\"]", "[\"sliding_attention\", \"full_attention\"]"));
        Assert.Contains("layer_types", Assert.Throws<DumException>(() => ModelFile.Open(folder)).Message);
    });

    [Fact]
    public void What_is_missing_is_said() => SmallModels.InFolder(folder =>
    {
        Assert.Equal(3, Assert.Throws<DumException>(() => ModelFile.Open(folder)).ExitCode);
        Assert.Equal(3, Assert.Throws<DumException>(() => ModelFile.Open(Path.Combine(folder, "no.gguf"))).ExitCode);
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), SmallModels.Weights(s_shape), StoredFormat.F32);
        DumException error = Assert.Throws<DumException>(() => ModelFile.Open(folder));
        Assert.Contains("config.json", error.Message);
        Assert.Equal(3, error.ExitCode);
        string empty = Path.Combine(folder, "empty.gguf");
        File.WriteAllBytes(empty, []);
        Assert.Contains("empty", Assert.Throws<DumException>(() => ModelFile.Open(empty)).Message);
        File.WriteAllText(empty, "just some text that is none of these");
        Assert.Contains("none of", Assert.Throws<DumException>(() => ModelFile.Open(empty)).Message);
    });

    [Fact]
    public void A_bias_that_would_be_lost_is_refused() => SmallModels.InFolder(folder =>
    {
        List<WeightSource> weights = SmallModels.Weights(s_shape);
        var spec = new TensorSpec("model.layers.0.self_attn.o_proj.bias", 1, 32, IsVector: true);
        HuggingFaceWriter.Write(folder, s_shape, weights, StoredFormat.F32);
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), [.. weights, WeightSource.From(spec, new float[32])], StoredFormat.F32);
        using (ModelFile model = ModelFile.Open(folder))
            Assert.Equal([spec.Name], model.Unexpected);
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), [.. weights, WeightSource.From(spec, Enumerable.Repeat(1f, 32).ToArray())], StoredFormat.F32);
        Assert.Contains("bias", Assert.Throws<DumException>(() => ModelFile.Open(folder)).Message);
    });

    /// <summary>A llama2.c file of ones.</summary>
    static byte[] Llama2C(int version)
    {
        ModelShape s = s_shape with { TiedHead = true };
        long weights = s.Parameters + (version == 0 ? s.Context * s.HeadSize : 0);
        int start = version == 0 ? 28 : 256, at = version == 0 ? 0 : 8;
        var bytes = new byte[start + 4 * weights];
        if (version == 1)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, 0x616B3432);
            bytes[4] = 1;
            bytes[36] = 1;
        }
        foreach (int n in (ReadOnlySpan<int>)[s.Width, s.FeedForward, s.Layers, s.Heads, s.KeyValueHeads, s.Vocabulary, s.Context])
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), n);
            at += 4;
        }
        return bytes;
    }
}

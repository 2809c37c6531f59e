using System.Text.Json;
using Dum.Checkpoints;
using Dum.Models;
using Xunit;

namespace Dum.Tests.Checkpoints;

/// <summary>Adapters as PEFT and MLX store them, and what is none.</summary>
public sealed class AdapterFileTests
{
    const string Config = """{"peft_type": "LORA", "r": 2, "lora_alpha": 8, "target_modules": ["q_proj"], "bias": "none", "lora_dropout": 0.05, "alpha_pattern": {}, "modules_to_save": null}""";
    const string Name = "model.layers.0.self_attn.q_proj";

    [Fact]
    public void Names_and_numbers_are_those_of_peft() => SmallModels.InFolder(folder =>
    {
        AdapterWriter.Write(folder, 2, 8, Halves(), "base", "an id");
        using (JsonDocument config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "adapter_config.json"))))
        {
            Assert.Equal("LORA", config.RootElement.GetProperty("peft_type").GetString());
            Assert.Equal(2, config.RootElement.GetProperty("r").GetInt32());
            Assert.Equal("q_proj", Assert.Single(config.RootElement.GetProperty("target_modules").EnumerateArray()).GetString());
        }
        byte[] file = File.ReadAllBytes(Path.Combine(folder, "adapter_model.safetensors"));
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, BitConverter.ToInt32(file)));
        Assert.Equal([2, 3], Shape(header, $"base_model.model.{Name}.lora_A.weight"));
        Assert.Equal([4, 2], Shape(header, $"base_model.model.{Name}.lora_B.weight"));

        AdapterFile read = AdapterFile.Read(folder);
        AdapterModule module = Assert.Single(read.Modules);
        Assert.Equal(("an id", Name, 2, 4f, 3, 4), (read.Base, module.Name, module.Rank, module.Scale, module.Inputs, module.Outputs));
        Assert.Equal([1f, 2, 3, 4, 5, 6], module.A);
        // Row 1 of B is (3, 4): 4·(3·A₀ + 4·A₁).
        float[] row = [100, 0, 0];
        module.AddTo(1, row);
        Assert.Equal([100 + (4 * (3 + 16)), 4 * (6 + 20), 4 * (9 + 24)], row);
        Assert.Equal(read.Modules[0].B, AdapterFile.Read(Path.Combine(folder, "adapter_model.safetensors")).Modules[0].B);
    });

    [Fact]
    public void Mlx_multiplies_from_the_other_side() => SmallModels.InFolder(folder =>
    {
        Write(folder, "adapters.safetensors", $"{Name}.lora_a", new TensorSpec("", 3, 2), [1, 4, 2, 5, 3, 6], $"{Name}.lora_b", new TensorSpec("", 2, 4), [1, 3, 5, 7, 2, 4, 6, 8]);
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), """{"lora_layers": 2, "lora_parameters": {"rank": 2, "alpha": 16, "scale": 10.0}}""");
        AdapterModule module = Assert.Single(AdapterFile.Read(folder).Modules);
        Assert.Equal((2, 10f), (module.Rank, module.Scale));
        Assert.Equal([1f, 2, 3, 4, 5, 6], module.A);
        Assert.Equal([1f, 2, 3, 4, 5, 6, 7, 8], module.B);
    });

    [SharedDataFact]
    public void An_adapter_that_others_trained_is_read() => SmallModels.InFolder(folder =>
    {
        File.Copy(Path.Combine(SharedData.Folder!, "models", "discollama_lora_adapters.safetensors"), Path.Combine(folder, "adapters.safetensors"));
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), """{"lora_parameters": {"rank": 8, "scale": 20.0}}""");
        AdapterFile file = AdapterFile.Read(folder);
        Assert.Equal(["model.layers.30.self_attn.q_proj", "model.layers.30.self_attn.v_proj", "model.layers.31.self_attn.q_proj", "model.layers.31.self_attn.v_proj"], file.Modules.Select(m => m.Name));
        Assert.All(file.Modules, m => Assert.Equal((8, 4096), (m.Rank, m.Inputs)));
        // It fits the shape of its base, Llama 3 of 8 B, and no other.
        ModelShape base8 = new() { Layers = 32, Width = 4096, Heads = 32, KeyValueHeads = 8, HeadSize = 128, FeedForward = 14336, Vocabulary = 128256, Context = 8192 };
        using LoraAdapter adapter = LoraAdapter.Load(file, [new LoraStack(TokenModel.Prefix, base8)]);
        Assert.Equal((4, 8), (adapter.Modules, adapter.Rank));
        Assert.Throws<DumException>(() => LoraAdapter.Load(file, [new LoraStack(TokenModel.Prefix, base8 with { KeyValueHeads = 32 })]));
        Assert.Throws<DumException>(() => LoraAdapter.Load(file, [new LoraStack(TokenModel.Prefix, base8 with { Layers = 31 })]));
    });

    [Theory]
    [InlineData("{", null)]
    [InlineData("[]", null)]
    [InlineData("{}", null)]
    [InlineData("""{"lora_alpha": "8"}""", null)]
    [InlineData("""{"lora_alpha": 1e300}""", null)]
    [InlineData("""{"peft_type": "IA3", "lora_alpha": 8}""", "IA3")]
    [InlineData("""{"lora_alpha": 8, "use_dora": true}""", "use_dora")]
    [InlineData("""{"lora_alpha": 8, "bias": "all"}""", "bias")]
    [InlineData("""{"lora_alpha": 8, "modules_to_save": ["lm_head"]}""", "modules_to_save")]
    [InlineData("""{"lora_alpha": 8, "fan_in_fan_out": true}""", "fan_in_fan_out")]
    public void A_configuration_that_asks_for_more_is_one_clear_line(string config, string? names) => SmallModels.InFolder(folder =>
    {
        AdapterWriter.Write(folder, 2, 8, Halves(), "base", "an id");
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), config);
        DumException e = Assert.Throws<DumException>(() => AdapterFile.Read(folder));
        Assert.DoesNotContain('\n', e.Message);
        Assert.Contains(names ?? "", e.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Halves_that_do_not_belong_together_are_refused() => SmallModels.InFolder(folder =>
    {
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), Config);
        TensorSpec a = new("", 2, 3), b = new("", 4, 2);
        float[] six = [1, 2, 3, 4, 5, 6], eight = [1, 2, 3, 4, 5, 6, 7, 8];
        Refused($"{Name}.lora_A.weight", a, six, $"{Name}.lora_A.default.weight", a, six);
        Refused($"{Name}.lora_A.weight", a, six, "model.layers.1.self_attn.q_proj.lora_B.weight", b, eight);
        Refused($"{Name}.lora_A.weight", a, six, $"{Name}.lora_B.weight", new TensorSpec("", 2, 4), eight);
        Refused($"{Name}.lora_A.weight", a, six, $"{Name}.lora_magnitude_vector", b, eight);
        Refused($"{Name}.lora_A.weight", a, [1, 2, float.NaN, 4, 5, 6], $"{Name}.lora_B.weight", b, eight);

        void Refused(string first, TensorSpec firstSize, float[] firstNumbers, string second, TensorSpec secondSize, float[] secondNumbers)
        {
            Write(folder, "adapter_model.safetensors", first, firstSize, firstNumbers, second, secondSize, secondNumbers);
            Assert.DoesNotContain('\n', Assert.Throws<DumException>(() => AdapterFile.Read(folder)).Message);
        }
    });

    [Fact]
    public void What_is_missing_or_cut_is_one_clear_line() => SmallModels.InFolder(folder =>
    {
        Assert.Equal(3, Assert.Throws<DumException>(() => AdapterFile.Read(folder)).ExitCode);
        AdapterWriter.Write(folder, 2, 8, Halves(), "base", "an id");
        string weights = Path.Combine(folder, "adapter_model.safetensors");
        byte[] good = File.ReadAllBytes(weights);
        for (int length = 1; length < good.Length; length += 5)
        {
            File.WriteAllBytes(weights, good[..length]);
            Assert.DoesNotContain('\n', Assert.Throws<DumException>(() => AdapterFile.Read(folder)).Message);
        }
        File.WriteAllBytes(weights, good);
        File.Delete(Path.Combine(folder, "adapter_config.json"));
        Assert.Equal(3, Assert.Throws<DumException>(() => AdapterFile.Read(folder)).ExitCode);
    });

    static WeightSource[] Halves() =>
    [
        WeightSource.From(new TensorSpec($"{Name}.lora_A.weight", 2, 3), new float[] { 1, 2, 3, 4, 5, 6 }),
        WeightSource.From(new TensorSpec($"{Name}.lora_B.weight", 4, 2), new float[] { 1, 2, 3, 4, 5, 6, 7, 8 }),
    ];

    static void Write(string folder, string file, string first, TensorSpec firstSize, float[] firstNumbers, string second, TensorSpec secondSize, float[] secondNumbers) =>
        SafetensorsWriter.Write(Path.Combine(folder, file), [WeightSource.From(firstSize with { Name = first }, firstNumbers), WeightSource.From(secondSize with { Name = second }, secondNumbers)], StoredFormat.F32);

    static int[] Shape(JsonDocument header, string tensor) => [.. header.RootElement.GetProperty(tensor).GetProperty("shape").EnumerateArray().Select(n => n.GetInt32())];
}

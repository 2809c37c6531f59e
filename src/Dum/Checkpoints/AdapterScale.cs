namespace Dum.Checkpoints;

/// <summary>How strongly an adapter acts, as its configuration says: PEFT's α over the rank (or its root), or MLX's number.</summary>
readonly record struct AdapterScale(double Alpha, bool OverRoot, double? Fixed)
{
    public float Of(int rank) => (float)(Fixed ?? (Alpha / (OverRoot ? Math.Sqrt(rank) : rank)));

    /// <exception cref="DumException">Missing (exit code 3), damaged, or it asks for more than plain LoRA.</exception>
    public static AdapterScale Read(string file) => ConfigJson.Read(file, config =>
    {
        if (config.Inner("lora_parameters") is { } mlx)
            return new AdapterScale(0, false, Sound(mlx.Number("scale") ?? throw Missing("scale")));
        if (config.Text("peft_type") is { } type && !type.Equals("LORA", StringComparison.OrdinalIgnoreCase))
            throw Kind($"peft_type {RawTensor.Shown(type)}");
        if (config.Flag("use_dora") == true)
            throw Kind("use_dora");
        if (config.Flag("fan_in_fan_out") == true)
            throw Kind("fan_in_fan_out");
        if (config.Text("bias") is { } bias && bias != "none")
            throw Kind("bias");
        foreach (string key in (ReadOnlySpan<string>)["alpha_pattern", "modules_to_save"])
            if (config.Root.TryGetProperty(key, out System.Text.Json.JsonElement value) && value.ValueKind switch
            {
                System.Text.Json.JsonValueKind.Object => value.EnumerateObject().Any(),
                System.Text.Json.JsonValueKind.Array => value.GetArrayLength() > 0,
                _ => false,
            })
                throw Kind(key);
        return new AdapterScale(Sound(config.Number("lora_alpha") ?? throw Missing("lora_alpha")), config.Flag("use_rslora") ?? false, null);

        DumException Missing(string key) => Checkpoint.Broken(file, $"it has no '{key}'", $"в нём нет '{key}'");
        DumException Kind(string what) => Checkpoint.Unsupported(file, $"{what} is not supported: only plain LoRA is", $"{what} не поддерживается: только обычная LoRA");
        double Sound(double value) => Math.Abs(value) <= 1e6 ? value : throw Checkpoint.Broken(file, $"its scale is {value}", $"масштаб {value}");
    });
}

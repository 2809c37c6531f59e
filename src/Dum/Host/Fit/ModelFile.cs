using System.Text.Json;

namespace Dum.Host.Fit;

/// <summary>A local model: its shape, and its exact weights where the file tells them.</summary>
/// <param name="Shape">The checked shape.</param>
/// <param name="Bytes">Bytes of all tensors, or null when only a configuration was given.</param>
/// <param name="EmbeddingBytes">Of these, what the input embedding takes when the output layer is separate.</param>
/// <param name="Format">What the weights are stored in, for a reader.</param>
public sealed record ModelFile(ModelShape Shape, long? Bytes, long EmbeddingBytes, string Format)
{
    internal const long LargestText = 256 << 20;

    /// <summary>Reads a <c>.gguf</c>, a <c>.safetensors</c>, a <c>model.safetensors.index.json</c>, a <c>config.json</c>, or a folder of these.</summary>
    public static ModelFile Read(string path)
    {
        if (Directory.Exists(path))
        {
            string[] inside = ["model.safetensors.index.json", "model.safetensors", "config.json"];
            string? first = inside.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists)
                ?? Directory.EnumerateFiles(path, "*.gguf").Order(StringComparer.Ordinal).FirstOrDefault();
            return first is not null ? Read(first) : throw new DumException(Tongue.Say(
                $"{path}: no model in this folder; looked for *.gguf, model.safetensors, config.json",
                $"{path}: в папке нет модели; искали *.gguf, model.safetensors, config.json"))
            { ExitCode = 3 };
        }
        if (!File.Exists(path))
            throw new DumException(Tongue.Say(
                $"{path}: neither a file nor one of the known models; 'dum check --models' lists them",
                $"{path}: нет ни такого файла, ни такой известной модели; список: 'dum check --models'"))
            { ExitCode = 3 };
        // A pipe, a socket or a device has no length, and opening one may never return.
        if (new FileInfo(path).Length == 0)
            throw Broken(path, Tongue.Say("it is empty or no regular file", "он пуст или это не обычный файл"));
        try
        {
            return Path.GetExtension(path).ToLowerInvariant() switch
            {
                ".gguf" => GgufHeader.Read(path),
                ".safetensors" => SafetensorsHeader.Read(path),
                _ when path.EndsWith(".safetensors.index.json", StringComparison.OrdinalIgnoreCase) => SafetensorsHeader.ReadIndex(path),
                ".json" => new ModelFile(ModelConfig.Read(path), null, 0, ""),
                _ => throw Broken(path, Tongue.Say("expected .gguf, .safetensors or config.json", "ожидается .gguf, .safetensors или config.json")),
            };
        }
        catch (Exception e) when (e is JsonException or EndOfStreamException or OverflowException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw Broken(path, Tongue.Say("it is torn or not what its name says", "он оборван или не то, чем назван"), e);
        }
    }

    internal static DumException Broken(string path, string why, Exception? inner = null) => new(Tongue.Say(
        $"{path}: cannot read this model: {why}; download it again",
        $"{path}: модель не читается: {why}; скачайте её заново"), inner);
}

using System.Buffers.Binary;
using System.Text.Json;

namespace Dum.Host.Fit;

/// <summary>Reads the header of a safetensors file, or the index of a split one. No tensor is touched.</summary>
static class SafetensorsHeader
{
    // The format's own limit for a header.
    const long LargestHeader = 100_000_000;

    public static ModelFile Read(string path) => Combine(path, [path]);

    /// <summary>An index names the shards; their headers give the sizes, and where shards are missing the index's own total does.</summary>
    public static ModelFile ReadIndex(string path)
    {
        if (new FileInfo(path).Length > ModelFile.LargestText)
            throw ModelFile.Broken(path, Tongue.Say("an index of more than 256 MiB", "указатель больше 256 МиБ"));
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!document.RootElement.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
            throw ModelFile.Broken(path, Tongue.Say("it has no weight_map", "в нём нет weight_map"));
        // A name with a folder in it would lead out of the model.
        string[] shards = [.. map.EnumerateObject().Select(e => Path.GetFileName(e.Value.GetString() ?? "")).Where(n => n.Length > 0).Distinct().Order(StringComparer.Ordinal).Select(n => Path.Combine(folder, n))];
        if (shards.Length > 0 && shards.All(File.Exists))
            return Combine(path, shards);
        if (document.RootElement.TryGetProperty("metadata", out JsonElement meta) && meta.TryGetProperty("total_size", out JsonElement size) && size.TryGetInt64(out long total) && total > 0)
            return new ModelFile(ShapeBeside(path), total, 0, Tongue.Say("safetensors, by the index", "safetensors, по указателю"));
        throw ModelFile.Broken(path, Tongue.Say("shards are missing, and the index gives no total_size", "нет частей, а total_size в указателе не указан"));
    }

    static ModelFile Combine(string path, string[] files)
    {
        long bytes = 0, embedding = 0;
        bool output = false;
        var types = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string file in files)
        {
            foreach ((string name, string type, long size) in Tensors(file))
            {
                bytes = checked(bytes + size);
                types.Add(type);
                if (name.EndsWith("embed_tokens.weight", StringComparison.Ordinal) || name.EndsWith("wte.weight", StringComparison.Ordinal))
                    embedding = size;
                output |= name.EndsWith("lm_head.weight", StringComparison.Ordinal);
            }
        }
        return new ModelFile(ShapeBeside(path), bytes, output ? embedding : 0, "safetensors " + string.Join(' ', types));
    }

    static ModelShape ShapeBeside(string path)
    {
        string config = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "config.json");
        return File.Exists(config) ? ModelConfig.Read(config) : throw new DumException(Tongue.Say(
            $"{path}: config.json must lie beside it: a safetensors file does not tell its heads and layers",
            $"{path}: рядом нужен config.json: сам safetensors не знает своих голов и слоёв"))
        { ExitCode = 3 };
    }

    public static List<(string Name, string Type, long Size)> Tensors(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> length = stackalloc byte[8];
        file.ReadExactly(length);
        ulong header = BinaryPrimitives.ReadUInt64LittleEndian(length);
        // Nothing is allocated from a number that the file cannot hold.
        if (header is 0 or > LargestHeader || (long)header > file.Length - 8)
            throw ModelFile.Broken(path, Tongue.Say($"its header claims {header} bytes", $"заголовок заявляет {header} байт"));
        var json = new byte[(int)header];
        file.ReadExactly(json);
        long room = file.Length - 8 - (long)header;
        using JsonDocument document = JsonDocument.Parse(json);
        var tensors = new List<(string, string, long)>();
        foreach (JsonProperty tensor in document.RootElement.EnumerateObject())
        {
            if (tensor.Name == "__metadata__")
                continue;
            JsonElement offsets = tensor.Value.GetProperty("data_offsets");
            long from = offsets[0].GetInt64(), to = offsets[1].GetInt64();
            if (from < 0 || to < from || to > room)
                throw ModelFile.Broken(path, Tongue.Say($"tensor '{tensor.Name}' lies outside of the file", $"тензор '{tensor.Name}' выходит за пределы файла"));
            tensors.Add((tensor.Name, tensor.Value.GetProperty("dtype").GetString() ?? "?", to - from));
        }
        return tensors.Count > 0 ? tensors : throw ModelFile.Broken(path, Tongue.Say("its header names no tensor", "в заголовке нет ни одного тензора"));
    }
}

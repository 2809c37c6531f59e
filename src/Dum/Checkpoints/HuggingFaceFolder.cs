using System.Text.Json;

namespace Dum.Checkpoints;

/// <summary>A Hugging Face folder: <c>config.json</c> beside <c>model.safetensors</c> or <c>model.safetensors.index.json</c> with its shards.</summary>
static class HuggingFaceFolder
{
    public const string Config = "config.json", Single = "model.safetensors", Index = "model.safetensors.index.json";

    /// <summary>The files that hold the weights of a folder.</summary>
    public static IReadOnlyList<string> Shards(string folder)
    {
        string single = Path.Combine(folder, Single), index = Path.Combine(folder, Index);
        if (File.Exists(single))
            return [single];
        return File.Exists(index) ? IndexedShards(index) : throw new DumException(Tongue.Say(
            $"{folder}: no model in this folder: expected {Config} with {Single} or {Index}",
            $"{folder}: в папке нет модели: нужен {Config} и {Single} или {Index}"))
        { ExitCode = 3 };
    }

    /// <summary>The files that belong to one given by name: all shards of the index beside it that lists it, else itself.</summary>
    public static IReadOnlyList<string> Around(string file)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!, index = Path.Combine(folder, Index);
        if (Path.GetFileName(file) == Single || !File.Exists(index))
            return [file];
        IReadOnlyList<string> shards = IndexedShards(index);
        return shards.Contains(Path.GetFullPath(file)) ? shards : [file];
    }

    /// <summary>The files that an index names.</summary>
    public static IReadOnlyList<string> IndexedShards(string index)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(index))!;
        var names = new SortedSet<string>(StringComparer.Ordinal);
        ConfigJson.Read(index, json =>
        {
            if (json.Inner("weight_map") is not { } map)
                throw Checkpoint.Broken(index, "it has no weight_map", "в нём нет weight_map");
            foreach (JsonProperty entry in map.Root.EnumerateObject())
            {
                string name = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";
                // A name with a folder in it would lead out of the model.
                if (name.Length == 0 || name != Path.GetFileName(name) || name is "." or ".." || name.Contains('\0'))
                    throw Checkpoint.Broken(index, $"'{RawTensor.Shown(name)}' is not the name of a file beside it", $"'{RawTensor.Shown(name)}' — не имя файла рядом с ним");
                names.Add(name);
            }
            return true;
        });
        if (names.Count is 0 or > 10_000)
            throw Checkpoint.Broken(index, $"it names {names.Count} files", $"в нём названо файлов: {names.Count}");
        return [.. names.Select(name => Path.Combine(folder, name))];
    }
}

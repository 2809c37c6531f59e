using System.Text.Json;
using Dum.Files;

namespace Dum.Checkpoints;

/// <summary>Typed access to a configuration in JSON: a setting that is missing or null has no value, one of another type is a complaint.</summary>
/// <param name="file">Named in complaints.</param>
/// <param name="json">The object.</param>
readonly struct ConfigJson(string file, JsonElement json)
{
    // A configuration is a page of text; generation and tokenizer settings with chat templates stay below a megabyte.
    const int LargestFile = 16 << 20;

    /// <summary>Reads a file that holds one object; <paramref name="use"/> takes what it needs of it.</summary>
    /// <exception cref="DumException">Missing (exit code 3), larger than <paramref name="most"/> bytes, not JSON, or <paramref name="use"/> refuses it.</exception>
    public static T Read<T>(string file, Func<ConfigJson, T> use, int most = LargestFile)
    {
        try
        {
            if (!File.Exists(file))
                throw new DumException(Tongue.Say($"{file} is missing: it comes with the model", $"нет {file}: он прилагается к модели")) { ExitCode = 3 };
            using FileStream stream = File.OpenRead(file);
            if (stream.Length > most)
                throw Checkpoint.Broken(file, "it is too large for what its name says", "он слишком велик для такого имени");
            using JsonDocument document = JsonDocument.Parse(stream, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? use(new ConfigJson(file, document.RootElement))
                : throw Checkpoint.Broken(file, "it is not a JSON object", "это не объект JSON");
        }
        // The middle two: text with half of a surrogate pair.
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw Checkpoint.Broken(file, "it is not valid JSON", "в нём негодный JSON");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Reading(file, e);
        }
    }

    public JsonElement Root => json;

    public DumException Bad(string key) =>
        Checkpoint.Broken(file, $"its '{key}' is of another type than expected", $"'{key}' не того типа");

    public bool Has(string key) => Value(key) is not null;

    public string? Text(string key) => Value(key) is not { } value ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Bad(key);

    public bool? Flag(string key) => Value(key) is not { } value ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Bad(key),
    };

    public double? Number(string key) => Value(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double n) && double.IsFinite(n) ? n : throw Bad(key);

    /// <summary>A whole number; 8192.0 is one.</summary>
    public int? Whole(string key) => Number(key) is not { } n ? null
        : n == Math.Floor(n) && n is >= int.MinValue and <= int.MaxValue ? (int)n : throw Bad(key);

    public int Must(string key) => Whole(key) ?? throw Checkpoint.Broken(file, $"it has no '{key}'", $"в нём нет '{key}'");

    public ConfigJson? Inner(string key) => Value(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new ConfigJson(file, value) : throw Bad(key);

    JsonElement? Value(string key) => json.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
}

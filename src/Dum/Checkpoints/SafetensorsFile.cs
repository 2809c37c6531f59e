using System.Buffers.Binary;
using System.Text.Json;

namespace Dum.Checkpoints;

/// <summary>
/// The header of a safetensors file (huggingface/safetensors, <c>README.md</c>): eight bytes of length, then JSON of
/// name to dtype, shape and data_offsets, then the data.
/// </summary>
static class SafetensorsFile
{
    // The format's own limit.
    const long LargestHeader = 100_000_000;

    /// <summary>Lists the tensors of a file: all inside of it, of the size that their shapes say, none over another.</summary>
    /// <exception cref="DumException">The file is torn, damaged or of another kind.</exception>
    public static List<RawTensor> Tensors(MappedFile file) => Read(file, (header, start) => Tensors(file, header, start));

    /// <summary>A text of the header's metadata; null where there is none under that name.</summary>
    /// <exception cref="DumException">The file is torn, damaged or of another kind.</exception>
    public static string? Metadata(MappedFile file, string key) => Read(file, (header, _) =>
        header.TryGetProperty("__metadata__", out JsonElement texts) && texts.ValueKind == JsonValueKind.Object && texts.TryGetProperty(key, out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null);

    static T Read<T>(MappedFile file, Func<JsonElement, long, T> use)
    {
        if (file.Length < 8)
            throw Checkpoint.Broken(file.Path, "it is cut short", "файл оборван");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Slice(0, 8));
        if (length is 0 or > LargestHeader || (long)length > file.Length - 8)
            throw Checkpoint.Broken(file.Path, $"its header claims {length} bytes", $"заголовок заявляет {length} байт");
        try
        {
            using JsonDocument header = JsonDocument.Parse(file.Slice(8, (int)length).ToArray());
            if (header.RootElement.ValueKind != JsonValueKind.Object)
                throw Checkpoint.Broken(file.Path, "its header is not an object", "заголовок — не объект");
            return use(header.RootElement, 8 + (long)length);
        }
        // The last two: a name with half of a surrogate pair, a number too large for any type.
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw Checkpoint.Broken(file.Path, "its header is not valid JSON", "в заголовке негодный JSON");
        }
    }

    static List<RawTensor> Tensors(MappedFile file, JsonElement header, long start)
    {
        var tensors = new List<RawTensor>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty entry in header.EnumerateObject())
        {
            if (!names.Add(entry.Name))
                throw Bad(entry.Name, "is listed twice", "указан дважды");
            if (entry.Name == "__metadata__")
                continue;
            if (entry.Value.ValueKind != JsonValueKind.Object ||
                !entry.Value.TryGetProperty("dtype", out JsonElement type) || type.ValueKind != JsonValueKind.String ||
                !entry.Value.TryGetProperty("shape", out JsonElement shape) || shape.ValueKind != JsonValueKind.Array || shape.GetArrayLength() > 8 ||
                !entry.Value.TryGetProperty("data_offsets", out JsonElement offsets) || offsets.ValueKind != JsonValueKind.Array || offsets.GetArrayLength() != 2)
                throw Bad(entry.Name, "lacks its type, shape or place", "не имеет типа, формы или места");
            long[] dimensions = [.. shape.EnumerateArray().Select(Whole)];
            long from = Whole(offsets[0]), to = Whole(offsets[1]);
            string dtype = type.GetString()!;
            (StoredFormat format, int size) = TensorType.Safetensors(dtype);
            if (size == 0)
                throw Bad(entry.Name, $"has the unknown type '{RawTensor.Shown(dtype)}'", $"имеет неизвестный тип '{RawTensor.Shown(dtype)}'");
            if (dimensions.Any(d => d < 0) || from < 0 || to < from || to > file.Length - start)
                throw Bad(entry.Name, "lies outside of the file", "выходит за пределы файла");
            int block = format.Block().Weights;
            if (block > 1 && (dimensions.Length != 2 || dimensions[1] % block != 0))
                throw Bad(entry.Name, $"does not fill blocks of {dtype}", $"не заполняет блоки {dtype}");
            if (Bytes(block > 1 ? [dimensions[0], dimensions[1] / block] : dimensions, size) != to - from)
                throw Bad(entry.Name, $"has another size than its shape [{string.Join(", ", dimensions)}] of {dtype}", $"иного размера, чем его форма [{string.Join(", ", dimensions)}] типа {dtype}");
            tensors.Add(new RawTensor(entry.Name, dtype, format, dimensions, file, start + from, to - from));
        }
        RawTensor.CheckOverlaps(tensors, file.Path);
        return tensors;

        DumException Bad(string name, string english, string russian) =>
            Checkpoint.Broken(file.Path, $"tensor '{RawTensor.Shown(name)}' {english}", $"тензор '{RawTensor.Shown(name)}' {russian}");
    }

    /// <summary>A number that counts something, or -1.</summary>
    static long Whole(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long n) ? n : -1;

    /// <summary>Bytes of a tensor, or -1 when no file can hold so many.</summary>
    static long Bytes(long[] dimensions, long size)
    {
        if (dimensions.Contains(0))
            return 0;
        foreach (long d in dimensions)
        {
            if (d > (1L << 62) / size)
                return -1;
            size *= d;
        }
        return size;
    }
}

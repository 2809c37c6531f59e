using Dum.Files;
using Dum.Lexicon.Foreign;

namespace Dum.Checkpoints;

/// <summary>The header of a GGUF file, versions 2 and 3 (ggml-org/ggml, <c>docs/gguf.md</c>): settings, and tensors that lie inside of the file.</summary>
sealed class GgufFile
{
    readonly Dictionary<string, object> _settings = new(StringComparer.Ordinal);
    readonly string _path;

    /// <exception cref="DumException">Torn, damaged, or of another version.</exception>
    public GgufFile(MappedFile file)
    {
        _path = file.Path;
        try
        {
            using var reader = new GgufReader(file.Path, Bad);
            for (int i = 0; i < reader.Pairs; i++)
            {
                string key = reader.Key();
                if (reader.Value(reader.Type()) is { } value && !_settings.TryAdd(key, value))
                    throw Bad($"'{RawTensor.Shown(key)}' is set twice", $"'{RawTensor.Shown(key)}' указан дважды");
            }
            Tensors = ReadTensors(reader, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Reading(file.Path, e);
        }
    }

    public List<RawTensor> Tensors { get; }

    public string? Text(string key) => _settings.GetValueOrDefault(key) switch
    {
        null => null,
        string text => text,
        _ => throw Wrong(key),
    };

    public int? Whole(string key) => _settings.GetValueOrDefault(key) switch
    {
        null => null,
        long n when n is >= int.MinValue and <= int.MaxValue => (int)n,
        _ => throw Wrong(key),
    };

    public double? Number(string key) => _settings.GetValueOrDefault(key) switch
    {
        null => null,
        long n => n,
        double n when double.IsFinite(n) => n,
        _ => throw Wrong(key),
    };

    public bool? Flag(string key) => _settings.GetValueOrDefault(key) switch
    {
        null => null,
        bool b => b,
        _ => throw Wrong(key),
    };

    public int Must(string key) => Whole(key) ?? throw Bad($"it has no '{key}', or one for each layer", $"в нём нет '{key}' или он свой у каждого слоя");

    public DumException Bad(string english, string russian) => Checkpoint.Broken(_path, english, russian);

    DumException Wrong(string key) => Bad($"its '{key}' is of another type than expected", $"'{key}' не того типа");

    List<RawTensor> ReadTensors(GgufReader reader, MappedFile file)
    {
        var listed = new List<(string Name, uint Type, long[] Shape, ulong Offset)>(Math.Min(reader.Tensors, 4096));
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < reader.Tensors; i++)
        {
            string name = reader.Key();
            if (!names.Add(name))
                throw Tensor(name, "is listed twice", "указан дважды");
            uint dimensions = reader.Type();
            if (dimensions is 0 or > 4)
                throw Tensor(name, $"has {dimensions} dimensions", $"имеет {dimensions} измерений");
            var shape = new long[dimensions];
            for (int d = shape.Length - 1; d >= 0; d--) // the contiguous one is written first
            {
                ulong size = reader.UInt64();
                if (size is 0 or > 1UL << 40)
                    throw Tensor(name, $"has a dimension of {size}", $"имеет измерение {size}");
                shape[d] = (long)size;
            }
            listed.Add((name, reader.Type(), shape, reader.UInt64()));
        }
        long alignment = Whole("general.alignment") ?? 32;
        if (alignment is < 8 or > 1 << 20 || (alignment & (alignment - 1)) != 0)
            throw Bad($"its alignment is {alignment}", $"выравнивание равно {alignment}");
        long start = (reader.Position + alignment - 1) / alignment * alignment;
        List<RawTensor> tensors = [.. listed.Select(t => Place(t.Name, t.Type, t.Shape, t.Offset, alignment, start, file))];
        RawTensor.CheckOverlaps(tensors, file.Path);
        return tensors;
    }

    RawTensor Place(string name, uint number, long[] shape, ulong offset, long alignment, long start, MappedFile file)
    {
        if (!TensorType.TryGguf(number, out var type))
            throw Tensor(name, $"has the unknown type {number}", $"имеет неизвестный тип {number}");
        if (shape[^1] % type.Weights != 0)
            throw Tensor(name, $"has rows of {shape[^1]}, which do not fill blocks of {type.Name}", $"имеет строки по {shape[^1]}, они не заполняют блоки {type.Name}");
        long bytes = shape[^1] / type.Weights * type.Bytes;
        for (int d = 0; d < shape.Length - 1; d++)
            bytes = shape[d] <= long.MaxValue / bytes ? bytes * shape[d] : throw Outside(name);
        long room = file.Length - start;
        if (offset % (ulong)alignment != 0 || room < 0 || offset > (ulong)room || bytes > room - (long)offset)
            throw Outside(name);
        return new RawTensor(name, type.Name, type.Format, shape, file, start + (long)offset, bytes);
    }

    DumException Outside(string name) => Tensor(name, "lies outside of the file or off its alignment: the file is incomplete", "выходит за пределы файла или не выровнен: файл неполон");

    DumException Tensor(string name, string english, string russian) =>
        Bad($"tensor '{RawTensor.Shown(name)}' {english}", $"тензор '{RawTensor.Shown(name)}' {russian}");
}

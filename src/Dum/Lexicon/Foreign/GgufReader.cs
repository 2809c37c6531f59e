using System.Buffers.Binary;
using System.Text;

namespace Dum.Lexicon.Foreign;

/// <summary>
/// Reads the metadata of a GGUF file (ggml-org/ggml, <c>docs/gguf.md</c>) value by value, without the tensors. Every
/// count and length is checked against what is left of the file.
/// </summary>
sealed class GgufReader : IDisposable
{
    const int U8 = 0, I8 = 1, U16 = 2, I16 = 3, U32 = 4, I32 = 5, F32 = 6, Bool = 7, Text = 8, Array = 9, U64 = 10, I64 = 11, F64 = 12;

    readonly TokenizerSource _source;
    readonly BufferedStream _stream;
    readonly long _length;
    readonly byte[] _eight = new byte[8];
    byte[] _room = new byte[256];

    public GgufReader(TokenizerSource source)
    {
        _source = source;
        FileStream file = File.OpenRead(source.File);
        _length = file.Length;
        _stream = new BufferedStream(file, 1 << 16);
        Fixed(4); // the magic, seen already
        uint version = (uint)Fixed(4);
        if (version is not (2 or 3))
            throw source.Bad($"GGUF version {version} is not supported (2 and 3 are)", $"GGUF версии {version} не поддерживается (только 2 и 3)");
        Fixed(8); // tensors
        Pairs = Count(Fixed(8), 12);
    }

    /// <summary>Key and value pairs in the file.</summary>
    public int Pairs { get; }

    public void Dispose() => _stream.Dispose();

    public string Key() => Encoding.UTF8.GetString(String());

    public uint Type() => (uint)Fixed(4);

    /// <summary>A string value; throws when the value is of another type.</summary>
    public string StringValue(uint type) => type == Text ? Key() : throw _source.Bad("a setting that should be text is not", "настройка, которой положено быть текстом, — не текст");

    public bool BoolValue(uint type) => type == Bool ? Fixed(1) != 0 : throw _source.Bad("a setting that should be yes or no is not", "настройка, которой положено быть «да» или «нет», — другое");

    public List<byte[]> Strings(uint type)
    {
        int count = ArrayOf(type, Text);
        var all = new List<byte[]>(Math.Min(count, 1 << 18));
        for (int i = 0; i < count; i++)
            all.Add(String().ToArray());
        return all;
    }

    public List<float> Floats(uint type) => Numbers(type, F32, bits => BitConverter.UInt32BitsToSingle((uint)bits));

    public List<int> Integers(uint type) => Numbers(type, I32, bits => (int)bits);

    /// <summary>Steps over a value.</summary>
    public void Skip(uint type)
    {
        if (type == Text)
        {
            String();
            return;
        }
        if (type != Array)
        {
            Fixed(SizeOf(type));
            return;
        }
        uint element = Type();
        if (element == Array)
            throw _source.Bad("an array of arrays is not supported", "массив массивов не поддерживается");
        int count = Count(Fixed(8), element == Text ? 8 : SizeOf(element));
        for (int i = 0; i < count; i++)
            Skip(element);
    }

    List<T> Numbers<T>(uint type, uint element, Func<ulong, T> convert)
    {
        int count = ArrayOf(type, element);
        var all = new List<T>(Math.Min(count, 1 << 18));
        for (int i = 0; i < count; i++)
            all.Add(convert(Fixed(4)));
        return all;
    }

    int ArrayOf(uint type, uint element)
    {
        if (type != Array || Type() != element)
            throw _source.Bad("a list of the vocabulary is of another type than expected", "список словаря не того типа");
        return Count(Fixed(8), element == Text ? 8 : SizeOf(element));
    }

    int SizeOf(uint type) => type switch
    {
        U8 or I8 or Bool => 1,
        U16 or I16 => 2,
        U32 or I32 or F32 => 4,
        U64 or I64 or F64 => 8,
        _ => throw _source.Bad($"a value has the unknown type {type}", $"значение неизвестного типа {type}"),
    };

    /// <summary>A count whose items of at least <paramref name="size"/> bytes can still be in the file.</summary>
    int Count(ulong count, int size) => count <= (ulong)(_length - _stream.Position) / (ulong)size && count <= int.MaxValue
        ? (int)count
        : throw _source.Bad("it is cut short or damaged: a count is larger than the file", "файл оборван или повреждён: счётчик больше файла");

    ReadOnlySpan<byte> String()
    {
        int length = Count(Fixed(8), 1);
        if (length > _room.Length)
            _room = new byte[length];
        Fill(_room.AsSpan(0, length));
        return _room.AsSpan(0, length);
    }

    ulong Fixed(int size)
    {
        _eight.AsSpan().Clear();
        Fill(_eight.AsSpan(0, size));
        return BinaryPrimitives.ReadUInt64LittleEndian(_eight);
    }

    void Fill(Span<byte> bytes)
    {
        if (_stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) != bytes.Length)
            throw _source.Bad("it is cut short", "файл оборван");
    }
}

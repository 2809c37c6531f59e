using System.Buffers.Binary;
using System.Text;

namespace Dum.Lexicon.Foreign;

/// <summary>
/// Reads the header of a GGUF file (ggml-org/ggml, <c>docs/gguf.md</c>) value by value: first the pairs of key and
/// value, then the list of tensors. Every count and length is checked against what is left of the file.
/// </summary>
sealed class GgufReader : IDisposable
{
    const int U8 = 0, I8 = 1, U16 = 2, I16 = 3, U32 = 4, I32 = 5, F32 = 6, Bool = 7, Text = 8, Array = 9, U64 = 10, I64 = 11, F64 = 12;

    readonly Func<string, string, DumException> _bad;
    readonly BufferedStream _stream;
    readonly long _length;
    readonly byte[] _eight = new byte[8];
    byte[] _room = new byte[256];

    /// <param name="file">The file; that it begins with the magic has been seen already.</param>
    /// <param name="bad">Makes the complaint about this file of what is wrong, in English and in Russian.</param>
    public GgufReader(string file, Func<string, string, DumException> bad)
    {
        _bad = bad;
        FileStream stream = File.OpenRead(file);
        _length = stream.Length;
        _stream = new BufferedStream(stream, 1 << 16);
        try
        {
            Fixed(4); // the magic
            uint version = (uint)Fixed(4);
            if (version is not (2 or 3))
                throw bad($"GGUF version {version} is not supported (2 and 3 are)", $"GGUF версии {version} не поддерживается (только 2 и 3)");
            ulong tensors = Fixed(8);
            Pairs = Count(Fixed(8), 12);
            // A tensor takes the lengths of its name and shape, one dimension, type and offset.
            Tensors = Count(tensors, 8 + 4 + 8 + 4 + 8);
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>Tensors in the file.</summary>
    public int Tensors { get; }

    /// <summary>Bytes read so far.</summary>
    public long Position => _stream.Position;

    /// <summary>Key and value pairs in the file.</summary>
    public int Pairs { get; }

    public void Dispose() => _stream.Dispose();

    public string Key() => Encoding.UTF8.GetString(String());

    public uint Type() => (uint)Fixed(4);

    /// <summary>A string value; throws when the value is of another type.</summary>
    public string StringValue(uint type) => type == Text ? Key() : throw _bad("a setting that should be text is not", "настройка, которой положено быть текстом, — не текст");

    public bool BoolValue(uint type) => type == Bool ? Fixed(1) != 0 : throw _bad("a setting that should be yes or no is not", "настройка, которой положено быть «да» или «нет», — другое");

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

    public ulong UInt64() => Fixed(8);

    /// <summary>A value that is one number (a long or a double), a bool or a string; null for an array, which is stepped over.</summary>
    public object? Value(uint type)
    {
        switch (type)
        {
            case U8 or U16 or U32: return (long)Fixed(SizeOf(type));
            case I8: return (long)(sbyte)Fixed(1);
            case I16: return (long)(short)Fixed(2);
            case I32: return (long)(int)Fixed(4);
            case I64: return (long)Fixed(8);
            case U64: return (long)Math.Min(Fixed(8), long.MaxValue);
            case F32: return (double)BitConverter.UInt32BitsToSingle((uint)Fixed(4));
            case F64: return BitConverter.UInt64BitsToDouble(Fixed(8));
            case Bool: return Fixed(1) != 0;
            case Text: return Key();
            default: Skip(type); return null;
        }
    }

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
            throw _bad("an array of arrays is not supported", "массив массивов не поддерживается");
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
            throw _bad("a list of the vocabulary is of another type than expected", "список словаря не того типа");
        return Count(Fixed(8), element == Text ? 8 : SizeOf(element));
    }

    int SizeOf(uint type) => type switch
    {
        U8 or I8 or Bool => 1,
        U16 or I16 => 2,
        U32 or I32 or F32 => 4,
        U64 or I64 or F64 => 8,
        _ => throw _bad($"a value has the unknown type {type}", $"значение неизвестного типа {type}"),
    };

    /// <summary>A count whose items of at least <paramref name="size"/> bytes can still be in the file.</summary>
    int Count(ulong count, int size) => count <= (ulong)(_length - _stream.Position) / (ulong)size && count <= int.MaxValue
        ? (int)count
        : throw _bad("it is cut short or damaged: a count is larger than the file", "файл оборван или повреждён: счётчик больше файла");

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
            throw _bad("it is cut short", "файл оборван");
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Dum.Checkpoints;

/// <summary>Pairs of key and value as GGUF writes them (ggml-org/ggml, <c>docs/gguf.md</c>).</summary>
sealed class GgufValues
{
    const uint U32 = 4, I32 = 5, F32 = 6, Bool = 7, String = 8, Array = 9;

    readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);

    /// <summary>Pairs so far.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Add(string key, string value) { Key(key, String); Text(Encoding.UTF8.GetBytes(value)); }

    public void Add(string key, int value) { Key(key, U32); Word((uint)value); }

    public void Add(string key, float value) { Key(key, F32); Word(BitConverter.SingleToUInt32Bits(value)); }

    public void Add(string key, bool value) { Key(key, Bool); _bytes.Write([value ? (byte)1 : (byte)0]); }

    public void Add(string key, IReadOnlyList<string> values)
    {
        Key(key, Array);
        Word(String);
        Long((ulong)values.Count);
        foreach (string value in values)
            Text(Encoding.UTF8.GetBytes(value));
    }

    public void Add(string key, IReadOnlyList<float> values)
    {
        Key(key, Array);
        Word(F32);
        Long((ulong)values.Count);
        foreach (float value in values)
            Word(BitConverter.SingleToUInt32Bits(value));
    }

    public void Add(string key, IReadOnlyList<int> values)
    {
        Key(key, Array);
        Word(I32);
        Long((ulong)values.Count);
        foreach (int value in values)
            Word((uint)value);
    }

    /// <summary>A pair whose type and value are copied from another file.</summary>
    public void AddRaw(string key, ReadOnlySpan<byte> typeAndValue)
    {
        Text(Encoding.UTF8.GetBytes(key));
        _bytes.Write(typeAndValue);
        Count++;
    }

    /// <summary>An entry in the list of tensors, which follows the pairs.</summary>
    public void AddTensor(string name, TensorSpec spec, StoredFormat format, long offset)
    {
        Text(Encoding.UTF8.GetBytes(name));
        Word(spec.IsVector ? 1u : 2u);
        Long((ulong)spec.Columns);
        if (!spec.IsVector)
            Long((ulong)spec.Rows);
        Word(TensorType.GgufNumber(format));
        Long((ulong)offset);
    }

    void Key(string key, uint type)
    {
        Text(Encoding.UTF8.GetBytes(key));
        Word(type);
        Count++;
    }

    void Text(ReadOnlySpan<byte> text)
    {
        Long((ulong)text.Length);
        _bytes.Write(text);
    }

    void Word(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
    }

    void Long(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
    }
}

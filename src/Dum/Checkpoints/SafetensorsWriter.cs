using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Dum.Files;

namespace Dum.Checkpoints;

/// <summary>Writes safetensors files (huggingface/safetensors): the header padded to eight bytes, the tensors one behind the other.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes one file, or leaves what stood there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">What to write, in this order.</param>
    /// <param name="format">F32, F16 or BF16, for all of them; null leaves each in its own, blocks of codes among them, which only this product reads here.</param>
    /// <param name="metadata">Texts for the header; <c>format</c> is <c>pt</c> unless it is among them, as Hugging Face's loader demands.</param>
    /// <exception cref="DumException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<WeightSource> tensors, StoredFormat? format, IReadOnlyDictionary<string, string>? metadata = null)
    {
        byte[] header = Header(tensors, format, metadata);
        SafeFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (WeightSource tensor in tensors)
                tensor.WriteTo(stream, format ?? tensor.Format, row => row);
        });
    }

    static byte[] Header(IReadOnlyList<WeightSource> tensors, StoredFormat? format, IReadOnlyDictionary<string, string>? metadata)
    {
        var text = new ArrayBufferWriter<byte>(1 << 16);
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            if (metadata?.ContainsKey("format") != true)
                json.WriteString("format", "pt");
            foreach ((string key, string value) in metadata ?? new Dictionary<string, string>())
                json.WriteString(key, value);
            json.WriteEndObject();
            long at = 0;
            foreach (WeightSource tensor in tensors)
            {
                TensorSpec spec = tensor.Spec;
                StoredFormat stored = format ?? tensor.Format;
                json.WriteStartObject(spec.Name);
                json.WriteString("dtype", Type(stored));
                json.WriteStartArray("shape");
                if (!spec.IsVector)
                    json.WriteNumberValue(spec.Rows);
                json.WriteNumberValue(spec.Columns);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += spec.Rows * stored.RowBytes(spec.Columns));
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        text.GetSpan(8)[..8].Fill((byte)' ');
        text.Advance((8 - text.WrittenCount % 8) % 8);
        return text.WrittenSpan.ToArray();
    }

    static string Type(StoredFormat format) => format switch
    {
        StoredFormat.F32 or StoredFormat.F16 or StoredFormat.BF16 or (>= StoredFormat.Codes2 and <= StoredFormat.Codes7) => format.ToString(),
        StoredFormat.Q80 => "Q8_0",
        StoredFormat.Q40 => "Q4_0",
        _ => throw new ArgumentException($"safetensors are not written as {format}"),
    };
}

using System.Buffers.Binary;
using Dum.Files;

namespace Dum.Checkpoints;

/// <summary>
/// Writes a model as GGUF version 3 for llama.cpp: architecture llama, or qwen2 and qwen3 where there are biases or norms
/// on query and key. llama.cpp knows no window in these: beyond it, a model with one behaves differently there.
/// </summary>
public static class GgufWriter
{
    const int Alignment = 32;

    /// <summary>Writes one file, or leaves what stood there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="shape">The model.</param>
    /// <param name="weights">Every tensor of <see cref="TensorSpec.Of"/>, in any order.</param>
    /// <param name="format">F32, F16, BF16, Q8_0 or Q4_0 for the matrices; vectors are F32, and rows that fill no blocks F16.</param>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <exception cref="DumException">The file cannot be written.</exception>
    public static void Write(string path, string name, ModelShape shape, IEnumerable<WeightSource> weights, StoredFormat format, GgufVocabulary vocabulary)
    {
        if (!BlockEncoder.Writes(format))
            throw new ArgumentException($"GGUF is not written as {format}");
        string architecture = shape.QueryKeyNorm ? "qwen3" : shape.QueryKeyValueBias ? "qwen2" : "llama";
        var tensors = new List<(string Name, WeightSource Source, StoredFormat Format)>();
        if (shape.RotaryScaling.Rule == RotaryRule.Llama3)
        {
            float[] divisors = GgufShape.Divisors(shape.RotaryScaling, shape.HeadSize, shape.RotaryBase);
            var spec = new TensorSpec(GgufShape.RotaryDivisors, 1, divisors.Length, IsVector: true);
            tensors.Add((GgufShape.RotaryDivisors, WeightSource.From(spec, divisors), StoredFormat.F32));
        }
        foreach (WeightSource source in WeightSource.Ordered(shape, weights))
            tensors.Add((GgufNames.ToGguf(source.Spec.Name), source, FormatOf(source.Spec, format)));

        var values = new GgufValues();
        values.Add("general.architecture", architecture);
        values.Add("general.name", name);
        values.Add("general.file_type", FileType(format));
        values.Add("general.quantization_version", 2);
        AddShape(values, shape, architecture + ".");
        vocabulary.AddTo(values, shape.Vocabulary);
        WriteFile(path, values, architecture, shape, tensors);
    }

    /// <summary>Writes a vocabulary alone: a GGUF file without tensors.</summary>
    /// <exception cref="DumException">The file cannot be written.</exception>
    internal static void WriteVocabulary(string path, GgufVocabulary vocabulary)
    {
        var values = new GgufValues();
        vocabulary.AddTo(values, 0);
        WriteFile(path, values, "", null, []);
    }

    static void WriteFile(string path, GgufValues values, string architecture, ModelShape? shape, List<(string Name, WeightSource Source, StoredFormat Format)> tensors)
    {
        int pairs = values.Count;
        long offset = 0;
        foreach ((string tensor, WeightSource source, StoredFormat stored) in tensors)
        {
            values.AddTensor(tensor, source.Spec, stored, offset);
            offset = Aligned(offset + source.Spec.Rows * stored.RowBytes(source.Spec.Columns));
        }
        SafeFile.Write(path, stream =>
        {
            Span<byte> head = stackalloc byte[24];
            "GGUF"u8.CopyTo(head);
            BinaryPrimitives.WriteInt32LittleEndian(head[4..], 3);
            BinaryPrimitives.WriteInt64LittleEndian(head[8..], tensors.Count);
            BinaryPrimitives.WriteInt64LittleEndian(head[16..], pairs);
            stream.Write(head);
            stream.Write(values.Written);
            foreach ((_, WeightSource source, StoredFormat stored) in tensors)
            {
                Pad(stream);
                bool reorder = architecture == "llama" && source.Spec is { IsRotated: true, IsVector: false };
                source.WriteTo(stream, stored, row => reorder ? RotaryOrder.ToHalves(row, shape!.HeadSize) : row);
            }
            Pad(stream);
        });
    }

    /// <summary>llama.cpp wants vectors in singles; a row must fill its blocks.</summary>
    static StoredFormat FormatOf(TensorSpec spec, StoredFormat format) =>
        spec.IsVector ? StoredFormat.F32 : spec.Columns % format.Block().Weights == 0 ? format : StoredFormat.F16;

    static void AddShape(GgufValues values, ModelShape shape, string prefix)
    {
        values.Add(prefix + "context_length", shape.Context);
        values.Add(prefix + "embedding_length", shape.Width);
        values.Add(prefix + "block_count", shape.Layers);
        values.Add(prefix + "feed_forward_length", shape.FeedForward);
        values.Add(prefix + "attention.head_count", shape.Heads);
        values.Add(prefix + "attention.head_count_kv", shape.KeyValueHeads);
        values.Add(prefix + "attention.key_length", shape.HeadSize);
        values.Add(prefix + "attention.value_length", shape.HeadSize);
        values.Add(prefix + "attention.layer_norm_rms_epsilon", shape.NormEpsilon);
        values.Add(prefix + "rope.dimension_count", shape.HeadSize);
        values.Add(prefix + "rope.freq_base", shape.RotaryBase);
        values.Add(prefix + "vocab_size", shape.Vocabulary);
        if (shape.Window > 0)
        {
            values.Add(prefix + "attention.sliding_window", shape.Window);
            values.Add(prefix + "dum.full_layers", shape.FullLayers);
        }
        RotaryScaling scaling = shape.RotaryScaling;
        string rope = prefix + "rope.scaling.";
        if (scaling.Rule is RotaryRule.Llama3 or RotaryRule.Yarn && scaling.OriginalContext > 0)
            values.Add(rope + "original_context_length", scaling.OriginalContext);
        if (scaling.Rule is RotaryRule.Linear or RotaryRule.Yarn)
        {
            values.Add(rope + "type", scaling.Rule == RotaryRule.Linear ? "linear" : "yarn");
            values.Add(rope + "factor", scaling.Factor);
        }
        if (scaling.Rule == RotaryRule.Yarn)
        {
            values.Add(rope + "yarn_beta_slow", scaling.Low);
            values.Add(rope + "yarn_beta_fast", scaling.High);
            // llama.cpp multiplies the paper's temperature by this.
            if (scaling.Attention > 0)
                values.Add(rope + "attn_factor", (float)(scaling.Attention / (1 + 0.1 * Math.Log(scaling.Factor))));
        }
    }

    // llama.h, enum llama_ftype.
    static int FileType(StoredFormat format) => format switch
    {
        StoredFormat.F32 => 0,
        StoredFormat.F16 => 1,
        StoredFormat.Q40 => 2,
        StoredFormat.Q80 => 7,
        _ => 32,
    };

    static long Aligned(long at) => (at + Alignment - 1) / Alignment * Alignment;

    static void Pad(FileStream stream)
    {
        Span<byte> zeros = stackalloc byte[Alignment];
        zeros.Clear();
        stream.Write(zeros[..(int)(Aligned(stream.Position) - stream.Position)]);
    }
}

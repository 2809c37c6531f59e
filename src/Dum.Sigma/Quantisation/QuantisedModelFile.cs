using System.Buffers.Binary;
using Dum.Checkpoints;
using Dum.Lexicon;
using Dum.Models;
using Dum.Numerics.Kernels;

namespace Dum.Sigma.Quantisation;

/// <summary>
/// Writes a quantised model into a folder that the product opens: every code with its own number of bits and nothing between
/// them. Up to 4 bits become the kernels' int4 weights, more their int8 weights, exactly; what is no such grid goes in bfloat16.
/// </summary>
public static class QuantisedModelFile
{
    /// <summary>Writes.</summary>
    /// <param name="from">The model that was quantised.</param>
    /// <param name="to">A folder; made if it is missing.</param>
    /// <param name="quantiser">After its run.</param>
    /// <param name="onGrid">Whether the weights are those of the codes; false after a rotation or a correction.</param>
    /// <exception cref="DumException">The folder cannot be written.</exception>
    public static void Write(string from, string to, ModelQuantiser quantiser, bool onGrid)
    {
        from = LanguageModel.Resolve(from);
        LexiconFile? lexicon = LanguageModel.LexiconOf(from);
        if (SceneFile.Is(from))
        {
            (SceneShape shape, string id) = SceneFile.Shape(from);
            using MappedFile file = MappedFile.Open(Path.Combine(from, HuggingFaceFolder.Single));
            SceneFile.Write(to, shape, id, Sources(SceneFile.Tensors(shape, file).Values, quantiser, onGrid), null);
        }
        else
        {
            using ModelFile file = ModelFile.Open(from);
            HuggingFaceWriter.Write(to, file.Shape, Sources(TensorSpec.Of(file.Shape).Select(s => file.Tensors[s.Name]), quantiser, onGrid), null, eos: lexicon?.Vocabulary.Count);
            if (lexicon is null && (quantiser.Tokenizer ?? file.TokenizerPath) is { } tokenizer)
                TokenizerCopy.Write(tokenizer, to);
        }
        lexicon?.Save(Path.Combine(to, LanguageModel.LexiconName));
    }

    static List<WeightSource> Sources(IEnumerable<StoredTensor> tensors, ModelQuantiser quantiser, bool onGrid)
    {
        var sources = new List<WeightSource>();
        var rows = new Dictionary<string, int>();
        foreach (StoredTensor tensor in tensors)
        {
            string matrix = MatrixOf(tensor.Name);
            if (tensor.IsVector || !quantiser.Quantised.TryGetValue(matrix, out QuantisedMatrix? codes))
            {
                sources.Add(WeightSource.From(tensor));
                continue;
            }
            // Tensors that share a matrix lie in it one behind the other.
            int first = rows.GetValueOrDefault(matrix);
            rows[matrix] = first + tensor.Rows;
            PackedWeights weights = quantiser.Model.Matrices[matrix];
            var source = new WeightSource(new TensorSpec(tensor.Name, tensor.Rows, tensor.Columns), (row, count, values) =>
            {
                for (int r = 0; r < count; r++)
                    weights.GetRow(first + row + r, values.Slice(r * tensor.Columns, tensor.Columns));
            });
            sources.Add(!onGrid || tensor.Columns % QuantisedMatrix.Group != 0 ? source with { Format = StoredFormat.BF16 }
                : source with { Format = CodeBlock.Format(codes.Bits), RowBytes = row => Blocks(codes, first + row) });
        }
        return sources;
    }

    /// <summary>The packed matrix that a tensor is a part of.</summary>
    static string MatrixOf(string tensor)
    {
        string name = tensor.EndsWith(".weight", StringComparison.Ordinal) ? tensor[..^".weight".Length] : tensor;
        if (name.StartsWith("scene.unfold.", StringComparison.Ordinal))
            return "scene.unfold";
        string last = name[(name.LastIndexOf('.') + 1)..], before = name[..(name.Length - last.Length)];
        return before + last switch { "q_proj" or "k_proj" or "v_proj" => "qkv_proj", "gate_proj" or "up_proj" => "gate_up_proj", _ => last };
    }

    static byte[] Blocks(QuantisedMatrix matrix, int row)
    {
        StoredFormat format = CodeBlock.Format(matrix.Bits);
        int size = format.Block().Bytes;
        var bytes = new byte[matrix.Groups * size];
        for (int g = 0; g < matrix.Groups; g++)
        {
            Span<byte> block = bytes.AsSpan(g * size, size);
            ReadOnlySpan<sbyte> codes = matrix.Codes.AsSpan((row * matrix.Columns) + (g * QuantisedMatrix.Group), QuantisedMatrix.Group);
            BinaryPrimitives.WriteUInt16LittleEndian(block, matrix.Scales[(row * matrix.Groups) + g]);
            if (CodeBlock.Bits(format) > 0)
                CodeBlock.Pack(codes, matrix.Bits, block[2..]);
            else
                for (int i = 0; i < size - 2; i++)
                    block[i + 2] = format == StoredFormat.Q80 ? (byte)codes[i] : (byte)((codes[i] + 8) | ((codes[i + 16] + 8) << 4));
        }
        return bytes;
    }
}

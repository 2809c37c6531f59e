using Dum.Checkpoints;
using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Models;

/// <summary>Packs the tensors of a checkpoint. Q8_0 and Q4_0 blocks stay exact where the packed format is the same.</summary>
sealed unsafe class WeightLoader(IReadOnlyDictionary<string, StoredTensor> tensors, WeightFormat? format)
{
    readonly List<IDisposable> _own = [];

    /// <summary>Everything that was packed so far; the caller owns it.</summary>
    public IReadOnlyList<IDisposable> Own => _own;

    /// <summary>All weights of a checkpoint, ready for inference.</summary>
    /// <exception cref="DumException">There is not enough memory.</exception>
    public static TokenWeights Load(ModelFile file, WeightFormat? format)
    {
        var loader = new WeightLoader(file.Tensors, format);
        return loader.Guard(() =>
        {
            ModelShape s = file.Shape;
            PackedWeights embedding = loader.Pack("model.embed_tokens.weight");
            LayerWeights[] layers = loader.Layers(s, "model.layers.");
            PackedWeights head = s.TiedHead ? embedding : loader.Pack("lm_head.weight");
            return new TokenWeights(s, embedding, head, loader.Vector("model.norm.weight"), layers, loader.Own);
        });
    }

    /// <summary>Frees what was packed when loading fails.</summary>
    public T Guard<T>(Func<T> load)
    {
        try
        {
            return load();
        }
        catch
        {
            _own.ForEach(part => part.Dispose());
            throw;
        }
    }

    /// <summary>The layers of a stack.</summary>
    /// <param name="s">Its sizes.</param>
    /// <param name="prefix">Before the number of a layer.</param>
    public LayerWeights[] Layers(ModelShape s, string prefix)
    {
        var layers = new LayerWeights[s.Layers];
        for (int i = 0; i < s.Layers; i++)
        {
            string at = $"{prefix}{i}.", attend = at + "self_attn.";
            layers[i] = new LayerWeights
            {
                InputGain = Vector(at + "input_layernorm.weight"),
                Qkv = Pack(attend + "q_proj.weight", attend + "k_proj.weight", attend + "v_proj.weight"),
                QkvBias = s.QueryKeyValueBias ? Vector(attend + "q_proj.bias", attend + "k_proj.bias", attend + "v_proj.bias") : null,
                QueryGain = s.QueryKeyNorm ? Vector(attend + "q_norm.weight") : null,
                KeyGain = s.QueryKeyNorm ? Vector(attend + "k_norm.weight") : null,
                Output = Pack(attend + "o_proj.weight"),
                FeedGain = Vector(at + "post_attention_layernorm.weight"),
                GateUp = Pack(at + "mlp.gate_proj.weight", at + "mlp.up_proj.weight"),
                Down = Pack(at + "mlp.down_proj.weight"),
            };
        }
        return layers;
    }

    /// <summary>The packed format that loses nothing, or next to nothing, of a stored one.</summary>
    static WeightFormat Nearest(StoredFormat stored) => stored switch
    {
        StoredFormat.BF16 => WeightFormat.BF16,
        StoredFormat.Q80 or StoredFormat.Q6K or StoredFormat.Q5K or StoredFormat.Q50 or StoredFormat.Q51 or StoredFormat.Q4K or StoredFormat.Q41
            or StoredFormat.Codes5 or StoredFormat.Codes6 or StoredFormat.Codes7 => WeightFormat.I8,
        StoredFormat.Q40 or StoredFormat.Codes2 or StoredFormat.Codes3 => WeightFormat.I4,
        _ => WeightFormat.F32,
    };

    public PackedWeights Pack(params string[] names)
    {
        StoredTensor[] parts = [.. names.Select(n => tensors[n])];
        WeightFormat to = format ?? parts.Select(p => Nearest(p.Format)).Min();
        var packed = PackedWeights.Allocate(to, parts.Sum(p => p.Rows), parts[0].Columns);
        _own.Add(packed);
        // A panel of sixteen rows belongs to one thread.
        try
        {
            Fill(packed, parts, to);
        }
        catch (AggregateException e) when (e.InnerException is DumException first)
        {
            throw first;
        }
        return packed;
    }

    static void Fill(PackedWeights packed, StoredTensor[] parts, WeightFormat to)
    {
        Parallel.For(0, packed.Panels, panel =>
        {
            float[] row = new float[packed.Inputs];
            for (int r = panel * 16; r < Math.Min(packed.Outputs, (panel * 16) + 16); r++)
            {
                int local = r, part = 0;
                while (local >= parts[part].Rows)
                    local -= parts[part++].Rows;
                if (to >= WeightFormat.I8 && Nearest(parts[part].Format) == to && (parts[part].Format is StoredFormat.Q80 or StoredFormat.Q40 || CodeBlock.Bits(parts[part].Format) > 0))
                    Blocks(packed, r, parts[part].RowBytes(local), parts[part].Format);
                else
                {
                    parts[part].ReadRows(local, 1, row);
                    foreach (float value in row)
                        if (!float.IsFinite(value))
                            throw new DumException(Tongue.Say(
                                $"row {local} of {parts[part].Name} holds a value that is no finite number: the file is damaged", $"в строке {local} тензора {parts[part].Name} не число: файл повреждён"));
                    packed.SetRow(r, row);
                }
            }
        });
    }

    /// <summary>Blocks of ggml: a half, then 32 bytes or 16 pairs of nibbles, of which the low ones come first. And our own of other bits.</summary>
    static void Blocks(PackedWeights packed, int row, ReadOnlySpan<byte> bytes, StoredFormat format)
    {
        Span<sbyte> quanta = stackalloc sbyte[PackedWeights.Group];
        int size = format.Block().Bytes;
        for (int group = 0; group < packed.Groups; group++)
        {
            ReadOnlySpan<byte> block = bytes.Slice(group * size, size);
            if (CodeBlock.Bits(format) is > 0 and int bits)
                CodeBlock.Unpack(block[2..], bits, quanta);
            else
                for (int i = 0; i < quanta.Length; i++)
                    quanta[i] = format == StoredFormat.Q80 ? (sbyte)block[2 + i] : (sbyte)((i < 16 ? block[2 + i] & 15 : block[2 + i - 16] >> 4) - 8);
            packed.SetGroup(row, group, (ushort)(block[0] | (block[1] << 8)), quanta);
        }
    }

    public float* Vector(params string[] names)
    {
        StoredTensor[] parts = [.. names.Select(n => tensors[n])];
        var memory = new NativeFloats(parts.Sum(p => p.Columns) + 16, "weights");
        _own.Add(memory);
        int at = 0;
        foreach (StoredTensor part in parts)
        {
            part.ReadRows(0, 1, new Span<float>(memory.Data + at, part.Columns));
            at += part.Columns;
        }
        return memory.Data;
    }
}

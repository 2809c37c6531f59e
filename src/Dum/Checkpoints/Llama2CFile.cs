using System.Buffers.Binary;

namespace Dum.Checkpoints;

/// <summary>
/// llama2.c's checkpoints in singles (karpathy/llama2.c, <c>run.c</c> and <c>export.py</c>): the legacy one, a header of
/// seven integers and the weights, and version 1, which begins with <c>ak42</c> and has a header of 256 bytes. Both pair
/// neighbouring channels for the rotation.
/// </summary>
static class Llama2CFile
{
    const uint Magic = 0x616B3432;
    const int LegacyHeader = 28, Header = 256;

    /// <summary>True when the file may be one: a version's magic, or seven numbers that a model can have.</summary>
    public static bool Looks(MappedFile file)
    {
        if (file.Length < LegacyHeader)
            return false;
        if (Int(file, 0) == Magic)
            return true;
        for (int i = 0; i < 7; i++)
            if (Int(file, 4 * i) is 0 or > 1 << 22 or < -(1 << 22) || (i != 5 && Int(file, 4 * i) < 0))
                return false;
        return true;
    }

    /// <summary>The shape, and the tensors under their canonical names.</summary>
    public static (ModelShape Shape, List<RawTensor> Tensors) Read(MappedFile file)
    {
        bool legacy = Int(file, 0) != Magic;
        if (!legacy && file.Length < Header)
            throw Checkpoint.Broken(file.Path, "it is cut short", "файл оборван");
        if (!legacy && Int(file, 4) is var version and not 1)
            throw Checkpoint.Unsupported(file.Path, $"a llama2.c file of version {version} is not supported; export it as version 0 or 1",
                $"файл llama2.c версии {version} не поддерживается; сохраните его в версии 0 или 1");
        int at = legacy ? 0 : 8, width = Int(file, at), heads = Int(file, at + 12), vocabulary = Int(file, at + 20);
        if (!legacy && vocabulary <= 0)
            throw Checkpoint.Broken(file.Path, $"its vocabulary is {vocabulary}", $"размер словаря {vocabulary}");
        ModelShape shape = Checkpoint.Checked(new ModelShape
        {
            Width = width,
            FeedForward = Int(file, at + 4),
            Layers = Int(file, at + 8),
            Heads = heads,
            KeyValueHeads = Int(file, at + 16),
            HeadSize = heads > 0 && width % heads == 0 ? width / heads : 0,
            Vocabulary = vocabulary == int.MinValue ? 0 : Math.Abs(vocabulary),
            Context = Int(file, at + 24),
            // The legacy header says by a negative vocabulary that the head is not the embedding.
            TiedHead = legacy ? vocabulary > 0 : file.Slice(36, 1)[0] != 0,
        }, file.Path);
        return (shape, legacy ? Legacy(file, shape) : VersionOne(file, shape));
    }

    static List<RawTensor> Legacy(MappedFile file, ModelShape shape)
    {
        var run = new Run(file, shape, LegacyHeader);
        run.Add("model.embed_tokens.weight");
        run.AddLayers("input_layernorm.weight", "self_attn.q_proj.weight", "self_attn.k_proj.weight", "self_attn.v_proj.weight", "self_attn.o_proj.weight",
            "post_attention_layernorm.weight", "mlp.gate_proj.weight", "mlp.down_proj.weight", "mlp.up_proj.weight");
        run.Add("model.norm.weight");
        run.Skip(2L * shape.Context * (shape.HeadSize / 2)); // cosines and sines
        return run.Finish();
    }

    static List<RawTensor> VersionOne(MappedFile file, ModelShape shape)
    {
        var run = new Run(file, shape, Header);
        run.AddLayers("input_layernorm.weight", "post_attention_layernorm.weight");
        run.Add("model.norm.weight");
        run.Add("model.embed_tokens.weight");
        run.AddLayers("self_attn.q_proj.weight", "self_attn.k_proj.weight", "self_attn.v_proj.weight", "self_attn.o_proj.weight",
            "mlp.gate_proj.weight", "mlp.down_proj.weight", "mlp.up_proj.weight");
        return run.Finish();
    }

    static int Int(MappedFile file, int at) => BinaryPrimitives.ReadInt32LittleEndian(file.Slice(at, 4));

    /// <summary>Tensors one behind the other.</summary>
    sealed class Run(MappedFile file, ModelShape shape, long start)
    {
        readonly Dictionary<string, TensorSpec> _specs = TensorSpec.Of(shape).ToDictionary(spec => spec.Name);
        readonly List<RawTensor> _tensors = [];
        long _at = start;

        public void Add(string name)
        {
            TensorSpec spec = _specs[name];
            long[] dimensions = spec.IsVector ? [spec.Columns] : [spec.Rows, spec.Columns];
            _tensors.Add(new RawTensor(name, "F32", StoredFormat.F32, dimensions, file, _at, spec.Count * sizeof(float)));
            _at += spec.Count * sizeof(float);
        }

        /// <summary>One kind of tensor for all layers, then the next.</summary>
        public void AddLayers(params ReadOnlySpan<string> names)
        {
            foreach (string name in names)
                for (int layer = 0; layer < shape.Layers; layer++)
                    Add($"model.layers.{layer}.{name}");
        }

        public void Skip(long numbers) => _at += numbers * sizeof(float);

        /// <summary>Adds the head, and checks that this is where the file ends.</summary>
        public List<RawTensor> Finish()
        {
            if (!shape.TiedHead)
                Add("lm_head.weight");
            return _at == file.Length ? _tensors : throw Checkpoint.Broken(file.Path,
                $"a llama2.c file of its sizes has {_at} bytes, this one {file.Length}", $"файл llama2.c таких размеров занимает {_at} байт, а этот — {file.Length}");
        }
    }
}

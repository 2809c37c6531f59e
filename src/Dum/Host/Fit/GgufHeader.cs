using System.Text;

namespace Dum.Host.Fit;

/// <summary>
/// Reads the metadata and the tensor list of a GGUF file (versions 2 and 3, little-endian); no tensor is touched.
/// Every count is compared with the bytes that are left before anything is allocated from it.
/// </summary>
static class GgufHeader
{
    const int LongestString = 16 << 20, MostKeys = 1 << 20, MostTensors = 1 << 20;

    // Bytes and weights of a block, by the type's number in ggml.h.
    static readonly Dictionary<uint, (string Name, int Bytes, int Weights)> s_types = (((uint Type, string Name, int Bytes, int Weights)[])
    [
        (0, "F32", 4, 1), (1, "F16", 2, 1), (2, "Q4_0", 18, 32), (3, "Q4_1", 20, 32),
        (6, "Q5_0", 22, 32), (7, "Q5_1", 24, 32), (8, "Q8_0", 34, 32), (9, "Q8_1", 36, 32),
        (10, "Q2_K", 84, 256), (11, "Q3_K", 110, 256), (12, "Q4_K", 144, 256), (13, "Q5_K", 176, 256),
        (14, "Q6_K", 210, 256), (15, "Q8_K", 292, 256), (16, "IQ2_XXS", 66, 256), (17, "IQ2_XS", 74, 256),
        (18, "IQ3_XXS", 98, 256), (19, "IQ1_S", 50, 256), (20, "IQ4_NL", 18, 32), (21, "IQ3_S", 110, 256),
        (22, "IQ2_S", 82, 256), (23, "IQ4_XS", 136, 256), (24, "I8", 1, 1), (25, "I16", 2, 1),
        (26, "I32", 4, 1), (27, "I64", 8, 1), (28, "F64", 8, 1), (29, "IQ1_M", 56, 256),
        (30, "BF16", 2, 1), (34, "TQ1_0", 54, 256), (35, "TQ2_0", 66, 256), (39, "MXFP4", 17, 32),
    ]).ToDictionary(t => t.Type, t => (t.Name, t.Bytes, t.Weights));

    public static ModelFile Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var reader = new BinaryReader(new BufferedStream(file, 1 << 16), Encoding.UTF8);
        var cursor = new Cursor(reader, file.Length, path);
        if (cursor.UInt32() != 0x46554747)
            throw ModelFile.Broken(path, Tongue.Say("it does not begin with GGUF", "он не начинается с GGUF"));
        uint version = cursor.UInt32();
        if (version is not (2 or 3))
            throw ModelFile.Broken(path, Tongue.Say($"GGUF version {version}; known are 2 and 3", $"версия GGUF {version}; известны 2 и 3"));
        ulong tensors = cursor.UInt64(), keys = cursor.UInt64();
        if (tensors > MostTensors || keys > MostKeys)
            throw ModelFile.Broken(path, Tongue.Say($"it claims {tensors} tensors and {keys} keys", $"он заявляет {tensors} тензоров и {keys} ключей"));
        var meta = new Dictionary<string, object>(StringComparer.Ordinal);
        for (ulong i = 0; i < keys; i++)
        {
            string key = cursor.Text();
            object? value = cursor.Value(cursor.UInt32());
            if (value is Flags flags)
                meta[key + "#count"] = flags.Count;
            else if (value is not null)
                meta[key] = value;
        }
        long total = 0, embedding = 0, vocabulary = 0, end = 0;
        bool output = false;
        var counts = new Dictionary<string, long>();
        for (ulong i = 0; i < tensors; i++)
        {
            string name = cursor.Text();
            (string type, long bytes, long rows, long last) = cursor.Tensor();
            end = Math.Max(end, last);
            total = checked(total + bytes);
            counts[type] = counts.GetValueOrDefault(type) + bytes;
            if (name == "token_embd.weight")
                (embedding, vocabulary) = (bytes, rows);
            output |= name == "output.weight";
        }
        long alignment = meta.GetValueOrDefault("general.alignment") is long told and > 0 and <= 1 << 20 ? told : 32;
        long body = (cursor.At + alignment - 1) / alignment * alignment;
        if (end > file.Length - body)
            throw ModelFile.Broken(path, Tongue.Say(
                $"incomplete download: its tensors end at byte {checked(body + end)}, the file at {file.Length}",
                $"скачан не до конца: тензоры кончаются на байте {checked(body + end)}, файл — на {file.Length}"));
        // Split files hold a part each; what is here is counted, and the name says so.
        string main = counts.Count == 0 ? "" : counts.MaxBy(c => c.Value).Key;
        return new ModelFile(Shape(meta, path, output, vocabulary), tensors > 0 ? total : null, output ? embedding : 0, "GGUF " + main);
    }

    static ModelShape Shape(Dictionary<string, object> meta, string path, bool output, long vocabulary)
    {
        string arch = meta.GetValueOrDefault("general.architecture") as string
            ?? throw ModelFile.Broken(path, Tongue.Say("it names no architecture", "в нём не названа архитектура"));
        int? Int(string key) => meta.GetValueOrDefault(arch + "." + key) switch
        {
            long n when n is >= int.MinValue and <= int.MaxValue => (int)n,
            long n => throw ModelFile.Broken(path, $"{key} = {n}"),
            _ => null,
        };
        int Must(string key) => Int(key) ?? throw ModelFile.Broken(path, Tongue.Say($"it has no '{arch}.{key}'", $"в нём нет '{arch}.{key}'"));
        int layers = Must("block_count"), hidden = Must("embedding_length"), heads = Must("attention.head_count");
        int rank = Int("attention.kv_lora_rank") ?? 0;
        int experts = Int("expert_count") ?? 0;
        int window = Int("attention.sliding_window") ?? 0;
        int period = Int("attention.sliding_window_pattern") ?? arch switch { "gemma2" => 2, "gemma3" => 6, "gpt-oss" => 2, "llama4" => 4, _ => 0 };
        int windowed = window == 0 ? 0
            : meta.GetValueOrDefault(arch + ".attention.sliding_window_pattern#count") is long flagged ? (int)Math.Min(flagged, layers)
            : period > 0 ? layers - layers / period : 0;
        return new ModelShape
        {
            Name = meta.GetValueOrDefault("general.name") as string is { Length: > 0 } name ? Scrub.Clean(name).Split('\n')[0] : Path.GetFileNameWithoutExtension(path),
            Layers = layers,
            Hidden = hidden,
            FeedForward = Int("feed_forward_length") ?? 0,
            Heads = heads,
            KvHeads = Int("attention.head_count_kv") ?? heads,
            Head = rank > 0 && Int("attention.key_length_mla") is { } mla ? mla : Int("attention.key_length") ?? hidden / Math.Max(1, heads),
            ValueHead = rank > 0 && Int("attention.value_length_mla") is { } vmla ? vmla : Int("attention.value_length") ?? 0,
            Vocabulary = (int)Math.Min(vocabulary > 0 ? vocabulary : meta.GetValueOrDefault("tokenizer.ggml.tokens#count") is long n ? n : Int("vocab_size") ?? 0, int.MaxValue),
            Context = Int("context_length") ?? 0,
            Tied = !output,
            Window = windowed > 0 ? window : 0,
            WindowedLayers = windowed,
            // Hybrids keep a cache in every n-th layer only.
            CachelessLayers = Int("full_attention_interval") is > 1 and var interval ? layers - layers / interval : 0,
            Experts = experts,
            ExpertsUsed = Int("expert_used_count") ?? 0,
            ExpertFeedForward = experts == 0 ? 0 : Int("expert_feed_forward_length") ?? Int("feed_forward_length") ?? 0,
            SharedExperts = Int("expert_shared_count") ?? 0,
            DenseLayers = Int("leading_dense_block_count") ?? 0,
            LatentRank = rank,
            LatentRope = rank > 0 ? Int("rope.dimension_count") ?? 0 : 0,
        }.Checked(path);
    }

    /// <summary>A position in the file that never reads past its end.</summary>
    sealed class Cursor(BinaryReader reader, long length, string path)
    {
        long _at;

        public long At => _at;

        void Take(long bytes)
        {
            if (bytes < 0 || bytes > length - _at)
                throw ModelFile.Broken(path, Tongue.Say("it ends inside of its header", "он обрывается внутри заголовка"));
            _at += bytes;
        }

        public uint UInt32() { Take(4); return reader.ReadUInt32(); }
        public ulong UInt64() { Take(8); return reader.ReadUInt64(); }

        public string Text()
        {
            ulong size = UInt64();
            if (size > LongestString)
                throw ModelFile.Broken(path, Tongue.Say($"a string of {size} bytes", $"строка в {size} байт"));
            Take((long)size);
            return Encoding.UTF8.GetString(reader.ReadBytes((int)size));
        }

        // Whole numbers and strings are kept; of an array only its largest number, how many flags are true, or how many strings there are.
        public object? Value(uint type)
        {
            switch (type)
            {
                case 0 or 1 or 7: Take(1); return (long)reader.ReadByte();
                case 2: Take(2); return (long)reader.ReadUInt16();
                case 3: Take(2); return (long)reader.ReadInt16();
                case 4: return (long)UInt32();
                case 5: Take(4); return (long)reader.ReadInt32();
                case 6: Take(4); reader.ReadSingle(); return null;
                case 8: return Text();
                case 9: return Array();
                case 10: return (long)Math.Min(UInt64(), long.MaxValue);
                case 11: Take(8); return reader.ReadInt64();
                case 12: Take(8); reader.ReadDouble(); return null;
                default: throw ModelFile.Broken(path, Tongue.Say($"a value of unknown type {type}", $"значение неизвестного типа {type}"));
            }
        }

        object? Array()
        {
            uint type = UInt32();
            ulong count = UInt64();
            // Each element takes at least a byte, so a count beyond the file is a lie.
            if (type == 9 || count > (ulong)(length - _at))
                throw ModelFile.Broken(path, Tongue.Say($"an array of {count} elements", $"массив из {count} элементов"));
            long? largest = null;
            long trues = 0;
            for (ulong i = 0; i < count; i++)
            {
                if (Value(type) is long n)
                {
                    largest = Math.Max(largest ?? n, n);
                    trues += n == 1 ? 1 : 0;
                }
            }
            return type == 7 ? new Flags(trues) : type == 8 ? new Flags((long)count) : largest;
        }

        public (string Type, long Bytes, long Rows, long End) Tensor()
        {
            uint dimensions = UInt32();
            if (dimensions is 0 or > 8)
                throw ModelFile.Broken(path, Tongue.Say($"a tensor of {dimensions} dimensions", $"тензор в {dimensions} измерениях"));
            long elements = 1, last = 1;
            for (uint i = 0; i < dimensions; i++)
            {
                ulong size = UInt64();
                if (size is 0 or > 1L << 40)
                    throw ModelFile.Broken(path, Tongue.Say($"a dimension of {size}", $"измерение в {size}"));
                last = (long)size;
                elements = checked(elements * last);
            }
            uint type = UInt32();
            ulong offset = UInt64();
            if (!s_types.TryGetValue(type, out (string Name, int Bytes, int Weights) block))
                throw ModelFile.Broken(path, Tongue.Say($"a tensor of unknown type {type}", $"тензор неизвестного типа {type}"));
            long bytes = checked((elements + block.Weights - 1) / block.Weights * block.Bytes);
            return (block.Name, bytes, last, checked((long)offset + bytes));
        }
    }

    /// <summary>What an array of flags or of strings comes down to: how many.</summary>
    sealed record Flags(long Count);
}

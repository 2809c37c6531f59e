using System.Buffers.Binary;
using System.Text;
using Dum.Host.Fit;
using Xunit;

namespace Dum.Tests.Host;

/// <summary>Readers of configurations and of headers: right numbers from good files, one clear line from bad ones.</summary>
public sealed class ModelFileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("dum-model-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    const string Llama = """
        { "model_type": "llama", "num_hidden_layers": 32, "hidden_size": 4096, "intermediate_size": 14336, "num_attention_heads": 32,
          "num_key_value_heads": 8, "vocab_size": 128256, "max_position_embeddings": 131072, "tie_word_embeddings": false }
        """;

    [Fact]
    public void A_configuration_gives_the_shape_of_the_table()
    {
        ModelShape read = ModelFile.Read(Write("config.json", Llama)).Shape;
        Assert.Equal(ModelTable.Find("Llama 3.1 8B")! with { Name = read.Name }, read);
    }

    [Fact]
    public void A_configuration_of_a_model_that_sees_and_slides_is_understood()
    {
        ModelShape read = ModelFile.Read(Write("config.json", """
            { "model_type": "gemma3", "text_config": { "model_type": "gemma3_text", "num_hidden_layers": 48, "hidden_size": 3840, "intermediate_size": 15360,
              "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 256, "vocab_size": 262208, "sliding_window": 1024, "sliding_window_pattern": 6, "max_position_embeddings": 131072 } }
            """)).Shape;
        Assert.Equal((1024, 40, true), (read.Window, read.WindowedLayers, read.Tied));
    }

    [Fact]
    public void Latent_attention_and_experts_are_counted()
    {
        ModelShape read = ModelFile.Read(Write("config.json", """
            { "model_type": "deepseek_v2", "num_hidden_layers": 27, "hidden_size": 2048, "intermediate_size": 10944, "moe_intermediate_size": 1408, "n_routed_experts": 64,
              "n_shared_experts": 2, "num_experts_per_tok": 6, "first_k_dense_replace": 1, "num_attention_heads": 16, "num_key_value_heads": 16, "kv_lora_rank": 512,
              "qk_rope_head_dim": 64, "qk_nope_head_dim": 128, "v_head_dim": 128, "vocab_size": 102400, "tie_word_embeddings": false }
            """)).Shape;
        Assert.Equal(576, read.ValuesPerToken);
        Assert.InRange(read.Parameters / 1e9, 15.4, 16.0);
    }

    [Theory]
    [InlineData("config.json", "")]
    [InlineData("config.json", "[1]")]
    [InlineData("config.json", "{ \"num_hidden_layers\": 32 }")]
    [InlineData("config.json", "{ \"num_hidden_layers\": \"many\", \"hidden_size\": 1 }")]
    [InlineData("config.json", "{ \"num_hidden_layers\": 2000000000, \"hidden_size\": 4096, \"num_attention_heads\": 32, \"vocab_size\": 32000 }")]
    [InlineData("config.json", "{ \"num_hidden_layers\": 4, \"hidden_size\": -4096, \"num_attention_heads\": 32, \"vocab_size\": 32000 }")]
    [InlineData("config.json", "{ \"num_hidden_layers\": 4, \"hidden_size\": 4096, \"num_attention_heads\": 0, \"vocab_size\": 32000 }")]
    [InlineData("model.gguf", "GGUF")]
    [InlineData("model.gguf", "<html>not found</html>")]
    [InlineData("model.safetensors", "x")]
    [InlineData("model.txt", "hello")]
    [InlineData("model.safetensors.index.json", "{}")]
    public void A_bad_file_gets_one_clear_line(string name, string content)
    {
        DumException e = Assert.Throws<DumException>(() => ModelFile.Read(Write(name, content)));
        Assert.DoesNotContain('\n', e.Message);
        Assert.Contains(name, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_safetensors_header_gives_exact_bytes_and_lies_are_refused()
    {
        Write("config.json", Llama);
        string path = Path.Combine(_folder, "model.safetensors");
        Safetensors(path, """{"model.embed_tokens.weight":{"dtype":"BF16","shape":[4,2],"data_offsets":[0,16]},"lm_head.weight":{"dtype":"BF16","shape":[4,2],"data_offsets":[16,32]},"__metadata__":{"format":"pt"}}""", 32);
        ModelFile read = ModelFile.Read(path);
        Assert.Equal((32L, 16L, "safetensors BF16"), (read.Bytes!.Value, read.EmbeddingBytes, read.Format));
        Safetensors(path, """{"a":{"dtype":"BF16","shape":[4,2],"data_offsets":[0,4000000000]}}""", 32);
        Assert.Throws<DumException>(() => ModelFile.Read(path));
        byte[] huge = File.ReadAllBytes(path);
        BinaryPrimitives.WriteUInt64LittleEndian(huge, ulong.MaxValue);
        File.WriteAllBytes(path, huge);
        Assert.Throws<DumException>(() => ModelFile.Read(path));
    }

    static void Safetensors(string path, string header, int data)
    {
        var bytes = new byte[8 + header.Length + data];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        Encoding.ASCII.GetBytes(header, bytes.AsSpan(8));
        File.WriteAllBytes(path, bytes);
    }

    [Fact]
    public void An_index_without_its_shards_gives_its_total()
    {
        Write("config.json", Llama);
        ModelFile read = ModelFile.Read(Write("model.safetensors.index.json", """{"metadata":{"total_size":16060522496},"weight_map":{"a":"model-00001-of-00004.safetensors","b":"../../etc/passwd"}}"""));
        Assert.Equal(16060522496, read.Bytes);
    }

    static byte[] Gguf()
    {
        using var stream = new MemoryStream();
        using var w = new BinaryWriter(stream);
        void Text(string s) { w.Write((ulong)s.Length); w.Write(Encoding.ASCII.GetBytes(s)); }
        void Number(string key, uint value) { Text(key); w.Write(4u); w.Write(value); }
        w.Write(0x46554747u);
        w.Write(3u);
        w.Write(3UL);
        w.Write(10UL);
        Text("general.architecture"); w.Write(8u); Text("qwen2");
        Number("qwen2.block_count", 28);
        Number("qwen2.embedding_length", 3584);
        Number("qwen2.feed_forward_length", 18944);
        Number("qwen2.attention.head_count", 28);
        Number("qwen2.attention.head_count_kv", 4);
        Number("qwen2.context_length", 32768);
        Text("qwen2.rope.freq_base"); w.Write(6u); w.Write(1e6f);
        Text("tokenizer.ggml.tokens"); w.Write(9u); w.Write(8u); w.Write(3UL); Text("a"); Text("b"); Text("c");
        Text("tokenizer.ggml.scores"); w.Write(9u); w.Write(6u); w.Write(3UL); w.Write(0f); w.Write(0f); w.Write(0f);
        void Tensor(string name, uint type, ulong columns, ulong rows) { Text(name); w.Write(2u); w.Write(columns); w.Write(rows); w.Write(type); w.Write(0UL); }
        Tensor("token_embd.weight", 12, 3584, 152064);
        Tensor("blk.0.ffn_down.weight", 14, 18944, 3584);
        Tensor("output.weight", 14, 3584, 152064);
        return stream.ToArray();
    }

    [Fact]
    public void A_gguf_header_gives_the_shape_and_exact_bytes()
    {
        string path = Path.Combine(_folder, "model.gguf");
        Sparse(path, Gguf(), 1L << 30);
        ModelFile read = ModelFile.Read(path);
        Assert.Equal((28, 4, 128, 152064, false), (read.Shape.Layers, read.Shape.KvHeads, read.Shape.Head, read.Shape.Vocabulary, read.Shape.Tied));
        long embedding = 3584L * 152064 / 256 * 144, down = 18944L * 3584 / 256 * 210, output = 3584L * 152064 / 256 * 210;
        Assert.Equal((embedding + down + output, embedding), (read.Bytes!.Value, read.EmbeddingBytes));
    }

    // A body of zeros that takes no room on the disk.
    static void Sparse(string path, byte[] header, long length)
    {
        File.WriteAllBytes(path, header);
        using FileStream file = File.OpenWrite(path);
        file.SetLength(length);
    }

    [Fact]
    public void A_gguf_without_the_body_of_its_tensors_is_an_incomplete_download()
    {
        string path = Path.Combine(_folder, "model.gguf");
        Sparse(path, Gguf(), 300L << 20);
        DumException e = Assert.Throws<DumException>(() => ModelFile.Read(path));
        Assert.Equal(2, e.ExitCode);
        Assert.Matches("incomplete download|скачан не до конца", e.Message);
    }

    [Fact]
    public void A_gguf_tensor_with_an_empty_dimension_is_refused()
    {
        byte[] bytes = Gguf();
        int at = bytes.AsSpan().LastIndexOf("output.weight"u8) + "output.weight".Length + 4;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), 0);
        string path = Path.Combine(_folder, "model.gguf");
        Sparse(path, bytes, 1L << 30);
        Assert.Equal(2, Assert.Throws<DumException>(() => ModelFile.Read(path)).ExitCode);
    }

    [Fact]
    public void A_safetensors_without_tensors_is_refused()
    {
        Write("config.json", Llama);
        string path = Path.Combine(_folder, "model.safetensors");
        Safetensors(path, "{}", 0);
        Assert.Equal(2, Assert.Throws<DumException>(() => ModelFile.Read(path)).ExitCode);
    }

    [Fact]
    public void A_pipe_is_refused_at_once()
    {
        string path = Path.Combine(_folder, "model.gguf");
        using (System.Diagnostics.Process made = System.Diagnostics.Process.Start("mkfifo", [path]))
            made.WaitForExit();
        var thrown = new ManualResetEventSlim();
        var reader = new Thread(() =>
        {
            Assert.Equal(2, Assert.Throws<DumException>(() => ModelFile.Read(path)).ExitCode);
            thrown.Set();
        })
        { IsBackground = true };
        reader.Start();
        Assert.True(thrown.Wait(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void The_table_lists_only_what_fits_at_the_asked_context()
    {
        var device = new Device("card", 8192, 10240, null, null, false, true);
        var request = new FitRequest { Context = 131072 };
        string table = FitReport.Table(device, request, int.MaxValue);
        foreach (FitReport.Row row in FitReport.Rows(device, request).Where(r => r.Mebibytes > device.Budget))
            Assert.DoesNotContain("  " + row.Name + "  ", table, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_that_no_engine_keeps_saves_no_memory()
    {
        ModelShape read = ModelFile.Read(Write("config.json", """
            { "model_type": "mistral", "num_hidden_layers": 32, "hidden_size": 4096, "intermediate_size": 14336, "num_attention_heads": 32,
              "num_key_value_heads": 8, "vocab_size": 32000, "max_position_embeddings": 32768, "sliding_window": 4096 }
            """)).Shape;
        Assert.Equal((0, 0), (read.Window, read.WindowedLayers));
    }

    [Fact]
    public void A_page_about_a_named_model_shows_that_model()
    {
        var check = new Dum.Host.HostCheck(Dum.Host.HostRecording.Parse(RecordedHosts.All.First(h => h.Name == "ok-3080-ubuntu2404-580").Text));
        ModelShape model = ModelTable.Find("Llama 3.1 8B")!;
        string page = Dum.Host.HostReportHtml.Render(check, Device.Choose(check, null), new FitRequest(), model with { Name = "My own model" });
        Assert.Matches("(with|с) My own model (at|на)", page);
    }

    [Fact]
    public void Torn_and_garbled_gguf_files_never_crash_and_never_allocate_what_they_claim()
    {
        byte[] good = Gguf();
        var random = new Random(7);
        string path = Path.Combine(_folder, "model.gguf");
        long before = GC.GetTotalAllocatedBytes();
        for (int round = 0; round < 1500; round++)
        {
            byte[] bad = good[..(round < good.Length ? round : good.Length)];
            if (round >= good.Length || round % 2 == 1)
            {
                for (int n = random.Next(1, 5); n > 0 && bad.Length > 0; n--)
                    bad[random.Next(bad.Length)] = (byte)(random.Next(3) == 0 ? 0xff : random.Next(256));
            }
            File.WriteAllBytes(path, bad);
            try
            {
                ModelFile read = ModelFile.Read(path);
                Assert.True(double.IsFinite(FitCalculator.Estimate(read.Shape, new FitRequest()).Total));
            }
            catch (DumException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
        }
        Assert.True(GC.GetTotalAllocatedBytes() - before < 2L << 30);
    }

    [Fact]
    public void A_real_small_model_can_be_read_when_it_is_at_hand()
    {
        string path = Path.Combine(RecordedHosts.Root, "..", "..", "shared", "data", "models", "llama-2-tiny-random.gguf");
        if (!File.Exists(path))
            return;
        ModelFile read = ModelFile.Read(path);
        Assert.Equal(32000, read.Shape.Vocabulary);
    }
}

using System.Runtime.InteropServices;
using System.Text;
using Dum.Checkpoints;
using Dum.Lexicon;
using Dum.Lexicon.Foreign;
using Xunit;

namespace Dum.Tests.Checkpoints;

/// <summary>Checkpoints and tokenizers that others have made.</summary>
public class SharedModelTests
{
    static string Model(string name) => Path.Combine(SharedData.Folder!, "models", name);

    [SharedDataFact]
    public void Stories260K_is_read()
    {
        using ModelFile model = ModelFile.Open(Model("stories260K.bin"));
        Assert.Equal(new ModelShape { Layers = 5, Width = 64, Heads = 8, KeyValueHeads = 4, HeadSize = 8, FeedForward = 172, Vocabulary = 512, Context = 512, TiedHead = true }, model.Shape);
        byte[] file = File.ReadAllBytes(Model("stories260K.bin"));
        float[] all = MemoryMarshal.Cast<byte, float>(file.AsSpan(28)).ToArray();
        Assert.Equal(all[..64], SmallModels.Read(model.Tensors["model.embed_tokens.weight"])[..64]);
        // The query of layer 1: after the embedding, five norms and one query. Its channels 0, 1, 2… are 0, 4, 1… of ours.
        int start = 512 * 64 + 5 * 64 + 64 * 64;
        float[] query = SmallModels.Read(model.Tensors["model.layers.1.self_attn.q_proj.weight"]);
        Assert.Equal(all[(start + 64)..(start + 128)], query[(4 * 64)..(5 * 64)]);
        Assert.Equal(all[(start + 128)..(start + 192)], query[64..128]);
        Assert.Equal(3, Assert.Throws<DumException>(model.LoadTokenizer).ExitCode);
    }

    [SharedDataFact]
    public void The_tokenizer_of_llama2c_is_read()
    {
        ModelTokenizer tokenizer = ModelTokenizer.Load(Model("tok512.bin"));
        Assert.Equal(512, tokenizer.Count);
        Assert.Equal(1, tokenizer.Bos);
        Assert.True(tokenizer.AddsBos && tokenizer.StripsFirstSpace);
        Assert.Equal([1, 2], tokenizer.Stops.Order());
        byte[] text = File.ReadAllBytes(Model("stories260K_expected_t0_n200.txt"));
        int[] ids = tokenizer.Encode(text);
        Assert.True(ids.Length < text.Length / 2);
        byte[] back = [.. ids.SelectMany(id => tokenizer.Bytes(id).ToArray())];
        Assert.Equal([(byte)' ', .. text], back);
        Assert.Equal("\n"u8.ToArray(), tokenizer.Bytes(3 + 10).ToArray());
        Assert.True(tokenizer.Bytes(1).IsEmpty);
        Assert.Equal("é❄"u8.ToArray(), tokenizer.Encode("é❄"u8).Skip(1).SelectMany(id => tokenizer.Bytes(id).ToArray()).ToArray());
    }

    [SharedDataFact]
    public void A_small_GGUF_model_is_read_with_its_tokenizer()
    {
        using ModelFile model = ModelFile.Open(Model("llama-2-tiny-random.gguf"));
        Assert.Equal(("GGUF", "llama", 1, 8, 2, 32000), (model.Kind, model.Architecture, model.Shape.Layers, model.Shape.Width, model.Shape.Heads, model.Shape.Vocabulary));
        ModelTokenizer tokenizer = model.LoadTokenizer();
        Assert.Equal([15043, 3186], tokenizer.Encode("Hello world"u8));
        Assert.Equal(1, tokenizer.Bos);
        Assert.True(tokenizer.AddsBos);
        Assert.Contains(2, tokenizer.Stops);
        Assert.All(model.Tensors.Values, tensor => Assert.All(SmallModels.Read(tensor), v => Assert.True(float.IsFinite(v))));
    }

    [SharedDataFact]
    public void An_adapter_is_not_a_model()
    {
        Assert.Contains("config.json", Assert.Throws<DumException>(() => ModelFile.Open(Model("discollama_lora_adapters.safetensors"))).Message);
        using MappedFile file = MappedFile.Open(Model("discollama_lora_adapters.safetensors"));
        Assert.Equal(8, SafetensorsFile.Tensors(file).Count);
    }

    [SharedDataFact]
    public void A_vocabulary_goes_through_GGUF() => SmallModels.InFolder(folder =>
    {
        ModelTokenizer first = ModelTokenizer.Load(Model("tok512.bin"));
        using ModelFile model = ModelFile.Open(Model("stories260K.bin"));
        string path = Path.Combine(folder, "stories.gguf");
        GgufWriter.Write(path, "stories", model.Shape, model.Tensors.Values.Select(WeightSource.From), StoredFormat.F32, GgufVocabulary.From(first));
        using ModelFile written = ModelFile.Open(path);
        Assert.Equal(model.Shape, written.Shape);
        ModelTokenizer second = written.LoadTokenizer();
        byte[] text = "Once upon a time, é\n there"u8.ToArray();
        Assert.Equal(first.Encode(text), second.Encode(text));
        Assert.Equal(first.Stops.Order(), second.Stops.Order());
        foreach ((string name, StoredTensor tensor) in model.Tensors)
            Assert.Equal(SmallModels.Read(tensor), SmallModels.Read(written.Tensors[name]));
    });

    [SharedDataTheory]
    [InlineData("llama2.tokenizer.model", 1, 2, true)]
    [InlineData("ggml-vocab-llama-spm.gguf", 1, 2, true)]
    [InlineData("ggml-vocab-gpt-2.gguf", 50256, 50256, false)]
    public void Who_begins_and_ends_a_text(string file, int bos, int stop, bool adds)
    {
        ModelTokenizer tokenizer = ModelTokenizer.Load(SharedData.Tokenizer(file));
        Assert.Equal(adds, tokenizer.AddsBos);
        Assert.Equal(bos, tokenizer.Bos);
        Assert.Contains(stop, tokenizer.Stops);
        Assert.True(tokenizer.Bytes(stop).IsEmpty);
        Assert.True(tokenizer.Bytes(int.MaxValue).IsEmpty);
        Assert.True(tokenizer.Bytes(-1).IsEmpty);
        byte[] text = Encoding.UTF8.GetBytes("Жили-были 3 медведя.");
        Assert.Equal(text, tokenizer.Encode(text).SelectMany(id => tokenizer.Bytes(id).ToArray()).Skip(tokenizer.StripsFirstSpace ? 1 : 0).ToArray());
    }

    [Fact]
    public void Our_own_vocabulary_goes_through_the_same_door_and_GGUF() => SmallModels.InFolder(folder =>
    {
        Vocabulary words = Vocabulary.FromMerges([('t', 'h'), (256, 'e'), (' ', 257), (0xD0, 0xB6), ('\\', 'n'), ('<', '|')]);
        ModelTokenizer tokenizer = ModelTokenizer.From(words, "own", words.Count);
        Assert.Null(tokenizer.Bos);
        Assert.Equal([words.Count], tokenizer.Stops);
        Assert.True(tokenizer.Bytes(words.Count).IsEmpty);
        ModelShape shape = SmallModels.Llama with { Vocabulary = words.Count + 3 };
        string path = Path.Combine(folder, "own.gguf");
        GgufWriter.Write(path, "own", shape, SmallModels.Weights(shape), StoredFormat.BF16, GgufVocabulary.From(tokenizer));
        using ModelFile model = ModelFile.Open(path);
        ModelTokenizer back = model.LoadTokenizer();
        byte[] text = [.. "then the ж \\n <|x|>"u8, 0, 0xFF];
        Assert.Equal(tokenizer.Encode(text), back.Encode(text));
        Assert.Equal(text, back.Encode(text).SelectMany(id => back.Bytes(id).ToArray()).ToArray());
        Assert.Equal([words.Count], back.Stops);
        Assert.False(back.AddsBos);
    });

    [Fact]
    public void A_folder_says_which_tokens_begin_and_end() => SmallModels.InFolder(folder =>
    {
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), """
            {"added_tokens":[{"id":256,"content":"<|begin|>","special":true},{"id":257,"content":"<|im_end|>","special":true},{"id":258,"content":"<tool>","special":false}],
             "normalizer":{"type":"NFC"},"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"use_regex":true},
             "post_processor":{"type":"Sequence","processors":[{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<|begin|>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}]}]},
             "model":{"type":"BPE","vocab":VOCAB,"merges":[]}}
            """.Replace("VOCAB", Foreign()));
        File.WriteAllText(Path.Combine(folder, "generation_config.json"), """{"bos_token_id":256,"eos_token_id":[5,6]}""");
        ModelTokenizer tokenizer = ModelTokenizer.Load(folder);
        Assert.Equal((256, true, false), (tokenizer.Bos, tokenizer.AddsBos, tokenizer.StripsFirstSpace));
        Assert.Equal([5, 6, 257], tokenizer.Stops.Order());
        Assert.Equal("<tool>"u8.ToArray(), tokenizer.Bytes(258).ToArray());
        Assert.Equal(257, tokenizer.Find("<|im_end|>"));
        Assert.Contains("normalises", Assert.Throws<DumException>(() => ForeignTokenizer.Load(folder)).Message);
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{"add_bos_token":false,"eos_token":{"content":"<|im_end|>"}}""");
        Assert.False(ModelTokenizer.Load(folder).AddsBos);
        var random = new Random(5);
        foreach (string name in (ReadOnlySpan<string>)["tokenizer.json", "tokenizer_config.json", "generation_config.json"])
        {
            string path = Path.Combine(folder, name);
            byte[] good = File.ReadAllBytes(path);
            for (int i = 0; i < 200; i++)
            {
                byte[] bytes = i % 4 == 0 ? good[..random.Next(good.Length)] : [.. good];
                if (bytes.Length > 0)
                    bytes[random.Next(Math.Min(bytes.Length, 600))] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(path, bytes);
                try
                {
                    ModelTokenizer.Load(folder).Encode("the damage"u8);
                }
                catch (DumException e)
                {
                    Assert.DoesNotContain('\n', e.Message);
                }
            }
            File.WriteAllBytes(path, good);
        }

        static string Foreign() => Dum.Tests.Lexicon.Foreign.SmallTokenizers.Vocabulary();
    });
}

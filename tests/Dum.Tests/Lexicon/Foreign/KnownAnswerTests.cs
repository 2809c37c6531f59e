using System.Text;
using Dum.Lexicon.Foreign;
using Xunit;

namespace Dum.Tests.Lexicon.Foreign;

/// <summary>Encodings that others have published: the tokenizers' own documentation, and llama.cpp's test files beside the vocabularies.</summary>
public class KnownAnswerTests
{
    [SharedDataTheory]
    [InlineData("gpt2.vocab.bpe", "hello world", new[] { 31373, 995 })]
    [InlineData("gpt2.encoder.json", "hello world", new[] { 31373, 995 })]
    [InlineData("cl100k_base.tiktoken", "tiktoken is great!", new[] { 83, 1609, 5963, 374, 2294, 0 })]
    [InlineData("cl100k_base.tiktoken", "antidisestablishmentarianism", new[] { 519, 85342, 34500, 479, 8997, 2191 })]
    [InlineData("cl100k_base.tiktoken", "2 + 2 = 4", new[] { 17, 489, 220, 17, 284, 220, 19 })]
    [InlineData("cl100k_base.tiktoken", "お誕生日おめでとう", new[] { 33334, 45918, 243, 21990, 9080, 33334, 62004, 16556, 78699 })]
    [InlineData("o200k_base.tiktoken", "hello world", new[] { 24912, 2375 })]
    [InlineData("llama2.tokenizer.model", "Hello world", new[] { 15043, 3186 })]
    [InlineData("superbpe_200k", "By the way, I am a fan of the Milky Way.", new[] { 189205, 181251, 244, 4332, 180235, 199785, 13 })]
    public void Published_encodings(string file, string text, int[] expected) =>
        Assert.Equal(expected, SharedData.Load(file).Encode(Encoding.UTF8.GetBytes(text)));

    [SharedDataTheory]
    [InlineData("ggml-vocab-gpt-2.gguf", "ggml-vocab-gpt-2.gguf")]
    [InlineData("gpt2.vocab.bpe", "ggml-vocab-gpt-2.gguf")]
    [InlineData("ggml-vocab-llama-spm.gguf", "ggml-vocab-llama-spm.gguf")]
    [InlineData("llama2.tokenizer.model", "ggml-vocab-llama-spm.gguf")]
    public void The_test_files_of_llama_cpp(string file, string answers)
    {
        string[] texts = File.ReadAllText(SharedData.Tokenizer(answers + ".inp")).Split("\n__ggml_vocab_test__\n");
        string[] lines = File.ReadAllText(SharedData.Tokenizer(answers + ".out")).Split('\n');
        ForeignTokenizer tokenizer = SharedData.Load(file);
        Assert.Equal(texts.Length, lines.Length);
        Assert.True(texts.Length > 40);
        for (int i = 0; i < texts.Length - 1; i++)
        {
            byte[] text = Encoding.UTF8.GetBytes(texts[i]);
            int[] ids = tokenizer.Encode(text);
            Assert.Equal(lines[i].Trim(), string.Join(' ', ids));
            Assert.Equal(ids.Length, tokenizer.CountUnits(text));
            Assert.Equal(text, tokenizer.Decode(ids));
        }
    }
}

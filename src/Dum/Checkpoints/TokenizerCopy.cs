using Dum.Files;

namespace Dum.Checkpoints;

/// <summary>The tokenizer of a model put beside a copy of the model, so that the folder is complete.</summary>
public static class TokenizerCopy
{
    /// <summary>A vocabulary taken out of a GGUF file, without its tensors.</summary>
    internal const string Gguf = "tokenizer.gguf";

    /// <summary>llama2.c's tokenizer under a name by which it is found.</summary>
    internal const string Bin = "tokenizer.bin";

    static readonly string[] s_files =
    [
        "tokenizer.json", "tokenizer.model", "vocab.json", "merges.txt", "encoder.json", "vocab.bpe",
        "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "generation_config.json", Gguf, Bin,
    ];

    /// <summary>Copies what there is.</summary>
    /// <param name="from">A Hugging Face folder, a GGUF file, or a tokenizer's file.</param>
    /// <param name="folder">Of the copy of the model; stands.</param>
    /// <exception cref="DumException">Something cannot be read or written.</exception>
    public static void Write(string from, string folder)
    {
        if (Directory.Exists(from))
        {
            foreach (string name in s_files.Where(name => File.Exists(Path.Combine(from, name))))
                Copy(Path.Combine(from, name), Path.Combine(folder, name));
        }
        else if (TokenizerSettings.IsGguf(from))
            GgufWriter.WriteVocabulary(Path.Combine(folder, Gguf), GgufVocabulary.CopyOf(from));
        else
            Copy(from, Path.Combine(folder, Path.GetExtension(from) switch { ".model" => "tokenizer.model", ".json" => "tokenizer.json", _ => Bin }));
    }

    static void Copy(string from, string to)
    {
        try
        {
            using FileStream source = File.OpenRead(from);
            SafeFile.Write(to, source.CopyTo);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Reading(from, e);
        }
    }
}

using Dum.Checkpoints;
using Dum.Lexicon;
using Dum.Numerics.Kernels;

namespace Dum.Models;

/// <summary>
/// A model as a user names it: a folder that <c>dum train</c> made, a Hugging Face folder, a GGUF file. One door for
/// whatever runs inside: it knows its tokenizer and opens sessions.
/// </summary>
/// <example><code>
/// using LanguageModel model = LanguageModel.Open("mymodel");
/// using LanguageSession session = model.NewSession(threads: 2);
/// int sequence = session.Open();
/// ReadOnlySpan&lt;float&gt; logits = session.Append(sequence, model.Tokenizer.Encode("Hello"u8));
/// </code></example>
public sealed class LanguageModel : IDisposable
{
    readonly TokenWeights _weights;

    LanguageModel(string path, TokenWeights weights, ModelTokenizer tokenizer, LexiconFile? lexicon, IReadOnlyList<string> unexpected) =>
        (Path, _weights, Tokenizer, Lexicon, Unexpected) = (path, weights, tokenizer, lexicon, unexpected);

    /// <summary>As it was given, or where the default was found.</summary>
    public string Path { get; }

    /// <summary>Text to ids and back.</summary>
    public ModelTokenizer Tokenizer { get; }

    /// <summary>The vocabulary of a model that this product trained; null for any other.</summary>
    public LexiconFile? Lexicon { get; }

    /// <summary>Tensors of the file that nothing uses.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>Ids that are predicted.</summary>
    public int Vocabulary => _weights.Shape.Vocabulary;

    /// <summary>The longest text in tokens that the model was made for.</summary>
    public int Context => _weights.Shape.Context;

    /// <summary>Bytes that decoding one token reads.</summary>
    public long Bytes => _weights.Bytes;

    /// <summary>Opens a model.</summary>
    /// <param name="path">A folder or file, or <see cref="DefaultName"/>.</param>
    /// <param name="format">How to keep matrices; null keeps what the file has, or the next format that loses next to nothing of it.</param>
    /// <param name="tokenizer">A tokenizer for models that bring none; null for the model's own.</param>
    /// <exception cref="DumException">Missing (exit code 3), damaged, of a kind that is not supported, or tokenizer and model do not belong together.</exception>
    public static LanguageModel Open(string path, WeightFormat? format = null, string? tokenizer = null)
    {
        path = Resolve(path);
        using ModelFile file = ModelFile.Open(path);
        LexiconFile? lexicon = LexiconOf(path);
        ModelTokenizer text = tokenizer is not null ? ModelTokenizer.Load(tokenizer) : TokenizerOf(lexicon, file);
        if (text.Count > file.Shape.Vocabulary + 1)
            throw new DumException(Tongue.Say(
                $"the tokenizer has {text.Count} tokens, the model {file.Shape.Vocabulary}: they do not belong together", $"в токенизаторе {text.Count} токенов, в модели {file.Shape.Vocabulary}: они не от одной модели"));
        return new LanguageModel(path, TokenWeights.Load(file, format), text, lexicon, file.Unexpected);
    }

    /// <summary>A session over this model, which must outlive it.</summary>
    /// <param name="threads">Threads that work; 0 for one per core.</param>
    /// <param name="cache">How keys and values are kept.</param>
    /// <param name="context">The longest sequence in tokens; 0 for the model's own.</param>
    public LanguageSession NewSession(int threads = 0, CacheFormat cache = CacheFormat.F32, int context = 0) => new TokenSession(_weights, threads, cache, context);

    /// <summary>What names the model that ships with the product, where no file or folder is called so.</summary>
    public const string DefaultName = "default";

    /// <summary>Where the model of a name is.</summary>
    /// <exception cref="DumException">The program was built without a default model (exit code 3).</exception>
    static string Resolve(string path)
    {
        if (path != DefaultName || System.IO.Path.Exists(path))
            return path;
        string shipped = System.IO.Path.Combine(AppContext.BaseDirectory, "models", DefaultName);
        return Directory.Exists(shipped) ? shipped : throw new DumException(Tongue.Say(
            "this program comes without a default model: name a model's folder, which 'dum train' makes",
            "в этой программе нет модели по умолчанию: укажите папку модели, её создаёт 'dum train'"))
        { ExitCode = 3 };
    }

    /// <summary>The lexicon's name in a model's folder.</summary>
    public const string LexiconName = "lexicon.dumlex";

    /// <summary>The lexicon of a model that this product trained; null for any other checkpoint.</summary>
    /// <exception cref="DumException">It is damaged.</exception>
    public static LexiconFile? LexiconOf(string model)
    {
        string path = System.IO.Path.Combine(model, LexiconName);
        return File.Exists(path) ? LexiconFile.Load(path) : null;
    }

    /// <summary>The tokenizer of a model: its lexicon, or what its checkpoint brings along.</summary>
    /// <param name="lexicon">From <see cref="LexiconOf"/>.</param>
    /// <param name="file">The open checkpoint.</param>
    /// <exception cref="DumException">There is none, or it is damaged.</exception>
    public static ModelTokenizer TokenizerOf(LexiconFile? lexicon, ModelFile file) =>
        lexicon is null ? file.LoadTokenizer() : ModelTokenizer.From(lexicon.Vocabulary, LexiconName, lexicon.Vocabulary.Count);

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();
}

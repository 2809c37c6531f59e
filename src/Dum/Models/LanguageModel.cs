using Dum.Checkpoints;
using Dum.Lexicon;
using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Plans;
using Dum.Scenes;

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
    readonly TokenWeights? _weights;
    readonly SceneWeights? _scenes;
    readonly Lazy<FrozenWeights> _frozen;

    LanguageModel(string name, string path, string id, TokenWeights weights, ModelTokenizer tokenizer, LexiconFile? lexicon, IReadOnlyList<string> unexpected) =>
        (Name, Path, Id, _weights, Tokenizer, Lexicon, Unexpected, _frozen) = (name, path, id, weights, tokenizer, lexicon, unexpected, new(weights.Frozen));

    LanguageModel(string name, string path, string id, SceneWeights scenes, LexiconFile lexicon) =>
        (Name, Path, Id, _scenes, Tokenizer, Lexicon, Unexpected, _frozen) = (name, path, id, scenes, TokenizerOf(lexicon), lexicon, [], new(scenes.Frozen));

    /// <summary>As it was given.</summary>
    public string Name { get; }

    /// <summary>As it was given, or where the default was found.</summary>
    public string Path { get; }

    /// <summary>Tells it from any other model: adapters carry the id of their base.</summary>
    public string Id { get; }

    /// <summary>Text to ids and back.</summary>
    public ModelTokenizer Tokenizer { get; }

    /// <summary>The vocabulary of a model that this product trained; null for any other.</summary>
    public LexiconFile? Lexicon { get; }

    /// <summary>Tensors of the file that nothing uses.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>Ids that are predicted.</summary>
    public int Vocabulary => _scenes?.Shape.Vocabulary ?? _weights!.Shape.Vocabulary;

    /// <summary>The longest text in tokens that the model was made for.</summary>
    public int Context => _scenes?.Shape.Context ?? _weights!.Shape.Context;

    /// <summary>Whether the model has one position per scene.</summary>
    public bool ThinksInScenes => _scenes is not null;

    /// <summary>Where the model's scenes end; null for models without scenes.</summary>
    public SceneRule? Rule => _scenes?.Shape.Rule;

    internal SceneWeights? Scenes => _scenes;

    /// <summary>Bytes of weights that decoding one token reads; of a scene model, what only the end of a scene reads is not counted.</summary>
    public long Bytes => _scenes?.LocalBytes ?? _weights!.Bytes;

    /// <summary>The weights of a model over units; null for a scene model.</summary>
    internal TokenWeights? Weights => _weights;

    /// <summary>What adapters of this model may adapt.</summary>
    internal LoraStack[] Stacks => _scenes?.Stacks ?? _weights!.Stacks;

    /// <summary>Opens a model.</summary>
    /// <param name="path">A folder or file, or <see cref="DefaultName"/>.</param>
    /// <param name="format">How to keep matrices; null keeps what the file has, or the next format that loses next to nothing of it.</param>
    /// <param name="tokenizer">A tokenizer for models that bring none; null for the model's own.</param>
    /// <exception cref="DumException">Missing (exit code 3), damaged, of a kind that is not supported, or tokenizer and model do not belong together.</exception>
    public static LanguageModel Open(string path, WeightFormat? format = null, string? tokenizer = null)
    {
        string name = path;
        path = Resolve(path);
        LexiconFile? lexicon = LexiconOf(path);
        if (SceneFile.Is(path))
        {
            (SceneShape shape, string id) = SceneFile.Shape(path);
            if (lexicon is not null && lexicon.Id == id && lexicon.Vocabulary.Count + 1 != shape.Vocabulary)
                throw Checkpoint.Broken(path, $"config.json says {shape.Vocabulary} units, its lexicon has {lexicon.Vocabulary.Count} and the one that ends documents", $"в config.json единиц {shape.Vocabulary}, а в его лексиконе {lexicon.Vocabulary.Count} и та, что завершает документы");
            if (lexicon is null || lexicon.Id != id)
                throw new DumException(Tongue.Say(
                    $"{path}: the model was made with the lexicon {id}, {(lexicon is null ? "and there is none" : $"and {lexicon.Id} lies")} beside it: put its own {LexiconName} there",
                    $"{path}: модель сделана с лексиконом {id}, а рядом {(lexicon is null ? "лексикона нет" : $"лежит {lexicon.Id}")}: верните её собственный {LexiconName}"));
            (SceneWeights weights, string model) = SceneFile.Load(path, format);
            return new LanguageModel(name, path, model, weights, lexicon);
        }
        using ModelFile file = ModelFile.Open(path);
        ModelTokenizer text = tokenizer is not null ? ModelTokenizer.Load(tokenizer) : TokenizerOf(lexicon, file);
        if (text.Count > file.Shape.Vocabulary + 1)
            throw new DumException(Tongue.Say(
                $"the tokenizer has {text.Count} tokens, the model {file.Shape.Vocabulary}: they do not belong together", $"в токенизаторе {text.Count} токенов, в модели {file.Shape.Vocabulary}: они не от одной модели"));
        return new LanguageModel(name, path, ModelId.Of(file.Tensors.Values), TokenWeights.Load(file, format), text, lexicon, file.Unexpected);
    }

    /// <summary>A session over this model, which must outlive it.</summary>
    /// <param name="threads">Threads that work; 0 for one per core.</param>
    /// <param name="cache">How keys and values are kept.</param>
    /// <param name="context">The longest sequence in tokens; 0 for the model's own.</param>
    public LanguageSession NewSession(int threads = 0, CacheFormat cache = CacheFormat.F32, int context = 0) =>
        _scenes is null
            ? new TokenSession(_weights!, threads, cache, context)
            : new SceneSession(_scenes, new SceneSplitter(Lexicon!.Vocabulary, _scenes.Shape.Rule), new WorkerPool(threads > 0 ? threads : Environment.ProcessorCount), null, cache, context);

    /// <summary>A session whose every operation goes through a table that observes the fast one.</summary>
    /// <param name="observe">Makes the table around the fast one.</param>
    /// <param name="threads">Threads that work; 0 for one per core.</param>
    internal LanguageSession NewSession(Func<KernelTable, KernelTable> observe, int threads)
    {
        var pool = new WorkerPool(threads > 0 ? threads : Environment.ProcessorCount);
        try
        {
            KernelTable kernels = observe(new CpuKernels(pool));
            return _scenes is null
                ? new TokenSession(_weights!, pool, null, CacheFormat.F32, 0, kernels)
                : new SceneSession(_scenes, new SceneSplitter(Lexicon!.Vocabulary, _scenes.Shape.Rule), pool, null, CacheFormat.F32, 0, kernels);
        }
        catch
        {
            pool.Dispose();
            throw;
        }
    }

    /// <summary>All matrices by the names of their parameters.</summary>
    internal IReadOnlyDictionary<string, PackedWeights> Matrices => Frozen.Matrices;

    /// <summary>The weights by the names of their parameters.</summary>
    internal FrozenWeights Frozen => _frozen.Value;

    /// <summary>Loads an adapter for this model; any number of sequences of any sessions over it may share one.</summary>
    /// <param name="path">A folder of <c>dum adapt</c>, PEFT or MLX.</param>
    /// <exception cref="DumException">Missing (exit code 3), damaged, not supported, or for another base.</exception>
    public LoraAdapter LoadAdapter(string path)
    {
        AdapterFile file = AdapterFile.Read(path);
        file.CheckBase(Id);
        return LoraAdapter.Load(file, Stacks);
    }

    /// <summary>What names the model that ships with the product, where no file or folder is called so.</summary>
    public const string DefaultName = "default";

    static string Shipped => System.IO.Path.Combine(AppContext.BaseDirectory, "models", DefaultName);

    /// <summary>Whether this program comes with a default model.</summary>
    public static bool HasDefault => Directory.Exists(Shipped);

    /// <summary>Where the model of a name is.</summary>
    /// <param name="path">A file or folder, or <see cref="DefaultName"/>.</param>
    /// <exception cref="DumException">The program was built without a default model (exit code 3).</exception>
    public static string Resolve(string path)
    {
        if (path != DefaultName || System.IO.Path.Exists(path))
            return path;
        return HasDefault ? Shipped : throw new DumException(Tongue.Say(
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
        lexicon is null ? file.LoadTokenizer() : TokenizerOf(lexicon);

    static ModelTokenizer TokenizerOf(LexiconFile lexicon) => ModelTokenizer.From(lexicon.Vocabulary, LexiconName, lexicon.Vocabulary.Count);

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights?.Dispose();
        _scenes?.Dispose();
    }
}

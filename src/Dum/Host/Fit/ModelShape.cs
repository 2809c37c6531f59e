using System.Globalization;

namespace Dum.Host.Fit;

/// <summary>The numbers of a model that decide what it costs. Counts are checked before anything is computed from them.</summary>
public sealed record ModelShape
{
    /// <summary>Name for a reader.</summary>
    public required string Name { get; init; }
    /// <summary>Transformer layers, 1 to 1000.</summary>
    public required int Layers { get; init; }
    /// <summary>Width of the residual stream.</summary>
    public required int Hidden { get; init; }
    /// <summary>Width of the (dense) feed-forward.</summary>
    public required int FeedForward { get; init; }
    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }
    /// <summary>Key-value heads: fewer than <see cref="Heads"/> under grouped-query attention.</summary>
    public required int KvHeads { get; init; }
    /// <summary>Width of one key head.</summary>
    public required int Head { get; init; }
    /// <summary>Width of one value head; 0 means the same as <see cref="Head"/>.</summary>
    public int ValueHead { get; init; }
    /// <summary>Entries of the vocabulary.</summary>
    public required int Vocabulary { get; init; }
    /// <summary>Context the model was trained for, in tokens; 0 when not told.</summary>
    public int Context { get; init; }
    /// <summary>The output layer is the embedding.</summary>
    public bool Tied { get; init; }
    /// <summary>Two matrices in the feed-forward instead of three.</summary>
    public bool Ungated { get; init; }
    /// <summary>Sliding window in tokens, 0 for none.</summary>
    public int Window { get; init; }
    /// <summary>How many layers attend through the window.</summary>
    public int WindowedLayers { get; init; }
    /// <summary>Numbers of key and value that a layer without a window keeps for a token, when these layers have other heads; 0 when they do not.</summary>
    public int GlobalValues { get; init; }
    /// <summary>Layers that keep no key-value cache (recurrent or linear attention).</summary>
    public int CachelessLayers { get; init; }
    /// <summary>Experts of a mixture; 0 for a dense model.</summary>
    public int Experts { get; init; }
    /// <summary>Experts that work on one token.</summary>
    public int ExpertsUsed { get; init; }
    /// <summary>Width of one expert.</summary>
    public int ExpertFeedForward { get; init; }
    /// <summary>Experts that always work.</summary>
    public int SharedExperts { get; init; }
    /// <summary>Layers with a dense feed-forward although the model has experts.</summary>
    public int DenseLayers { get; init; }
    /// <summary>Rank of the latent that MLA caches; 0 without MLA.</summary>
    public int LatentRank { get; init; }
    /// <summary>Rotary part that MLA caches beside the latent.</summary>
    public int LatentRope { get; init; }
    /// <summary>Parameters, where the shape alone does not give them; 0 otherwise.</summary>
    public long StatedParameters { get; init; }
    /// <summary>The model is published in MXFP4, and its experts stay so in every smaller format.</summary>
    public bool NativeMxfp4 { get; init; }
    /// <summary>Parameters that work on one token, where stated; 0 otherwise.</summary>
    public long StatedActive { get; init; }

    /// <summary>Numbers of key and value that one layer with a window (or any layer, without windows) keeps for one token.</summary>
    public int ValuesPerToken => LatentRank > 0 ? LatentRank + LatentRope : KvHeads * (Head + (ValueHead > 0 ? ValueHead : Head));

    /// <summary>Parameters of the embedding, and of the output layer when it has its own.</summary>
    public long EmbeddingParameters => (long)Vocabulary * Hidden;

    /// <summary>Parameters of attention in one layer.</summary>
    public long AttentionParameters
    {
        get
        {
            long value = ValueHead > 0 ? ValueHead : Head;
            return LatentRank > 0
                ? (long)Hidden * Heads * Head + (long)Hidden * (LatentRank + LatentRope) + (long)LatentRank * Heads * (Head - LatentRope + value) + (long)Heads * value * Hidden
                : (long)Hidden * Heads * Head + (long)Hidden * KvHeads * (Head + value) + (long)Heads * value * Hidden;
        }
    }

    /// <summary>Parameters of one feed-forward (or of one expert) of a width.</summary>
    public long FeedForwardParameters(int width) => (Ungated ? 2L : 3L) * Hidden * width;

    long MixtureLayers => Experts > 0 ? Layers - DenseLayers : 0;

    /// <summary>Parameters of all layers, without embedding and output.</summary>
    public long BodyParameters => StatedParameters > 0
        ? StatedParameters - EmbeddingParameters * (Tied ? 1 : 2)
        : Layers * (AttentionParameters + 2L * Hidden) + (Layers - MixtureLayers) * FeedForwardParameters(FeedForward)
            + MixtureLayers * ((Experts + SharedExperts) * FeedForwardParameters(ExpertFeedForward) + (long)Hidden * Experts);

    /// <summary>All parameters.</summary>
    public long Parameters => BodyParameters + EmbeddingParameters * (Tied ? 1 : 2);

    /// <summary>Parameters read for one token: attention, the experts it uses, the output layer.</summary>
    public long ActiveParameters => StatedActive > 0 ? StatedActive
        : Layers * AttentionParameters + (Layers - MixtureLayers) * FeedForwardParameters(FeedForward)
            + MixtureLayers * (ExpertsUsed + SharedExperts) * FeedForwardParameters(ExpertFeedForward) + EmbeddingParameters;

    /// <summary>Returns the shape, or throws one clear line when a number cannot be true.</summary>
    /// <param name="source">The file to name in that line; null for the model's own name.</param>
    public ModelShape Checked(string? source = null)
    {
        void Check(bool holds, string what, long value)
        {
            if (!holds)
                throw new DumException(Tongue.Say(
                    $"{source ?? Name}: '{what}' is {value}, which no model has; the file is damaged or of another kind",
                    $"{source ?? Name}: '{what}' равно {value}, таких моделей не бывает; файл повреждён или другого рода"));
        }

        Check(Layers is > 0 and <= 1000, "layers", Layers);
        Check(Hidden is > 0 and <= 1 << 17, "hidden", Hidden);
        Check(FeedForward is >= 0 and <= 1 << 20, "feed-forward", FeedForward);
        Check(Heads is > 0 and <= 4096, "heads", Heads);
        Check(KvHeads is > 0 and <= 4096, "key-value heads", KvHeads);
        Check(Head is > 0 and <= 4096, "head width", Head);
        Check(ValueHead is >= 0 and <= 4096, "value width", ValueHead);
        Check(Vocabulary is > 0 and <= 1 << 24, "vocabulary", Vocabulary);
        Check(Context is >= 0 and <= 1 << 28, "context", Context);
        Check(Window is >= 0 and <= 1 << 28 && WindowedLayers >= 0 && WindowedLayers <= Layers, "window", Window);
        Check(CachelessLayers >= 0 && CachelessLayers <= Layers, "layers without a cache", CachelessLayers);
        Check(Experts is >= 0 and <= 65536 && ExpertsUsed >= 0 && ExpertsUsed <= Experts, "experts", Experts);
        Check(ExpertFeedForward is >= 0 and <= 1 << 20 && SharedExperts is >= 0 and <= 1024 && DenseLayers >= 0 && DenseLayers <= Layers, "expert width", ExpertFeedForward);
        Check(LatentRank is >= 0 and <= 1 << 16 && LatentRope is >= 0 and <= 1 << 16, "latent rank", LatentRank);
        Check(StatedParameters >= 0 && StatedActive >= 0 && BodyParameters > 0, "parameters", StatedParameters);
        return this;
    }

    /// <summary>Reads <c>key=value</c> words, as in Data/models.txt.</summary>
    internal static ModelShape Parse(string name, string words)
    {
        Dictionary<string, long> values = [];
        foreach (string word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.Split('=') is [var key, var number] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long value))
                values[key] = value;
        }
        int Int(string key) => (int)values.GetValueOrDefault(key);
        return new ModelShape
        {
            Name = name,
            Layers = Int("layers"),
            Hidden = Int("hidden"),
            FeedForward = Int("ff"),
            Heads = Int("heads"),
            KvHeads = Int("kv"),
            Head = Int("head"),
            ValueHead = Int("value"),
            Vocabulary = Int("vocab"),
            Context = Int("context"),
            Tied = Int("tied") == 1,
            Ungated = Int("ungated") == 1,
            Window = Int("window"),
            WindowedLayers = Int("windowed"),
            GlobalValues = Int("global"),
            CachelessLayers = Int("cacheless"),
            Experts = Int("experts"),
            ExpertsUsed = Int("used"),
            ExpertFeedForward = Int("eff"),
            SharedExperts = Int("shared"),
            DenseLayers = Int("dense"),
            LatentRank = Int("rank"),
            LatentRope = Int("rope"),
            NativeMxfp4 = Int("mxfp4") == 1,
            StatedParameters = values.GetValueOrDefault("params") * 1_000_000,
            StatedActive = values.GetValueOrDefault("active") * 1_000_000,
        }.Checked();
    }
}

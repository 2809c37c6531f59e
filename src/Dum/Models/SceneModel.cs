using Dum.Numerics;
using Dum.Plans;
using Dum.Scenes;

namespace Dum.Models;

/// <summary>What becomes of the contexts of scenes, to see what they are worth.</summary>
enum SceneAblation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>None reaches the decoder, which then sees its window only.</summary>
    Zeroed,

    /// <summary>Every hyperword gets the context of another scene of the batch.</summary>
    Shuffled,
}

/// <summary>Appends what adds something to the contexts of scenes: a measurement, an adapter.</summary>
/// <param name="plan">Of the model.</param>
/// <param name="contents">Scenes as they are folded: [scenes × global width].</param>
/// <param name="thoughts">What the global model makes of them: [scenes × global width].</param>
/// <param name="context">What the decoder receives: [scenes × context width].</param>
/// <returns>What it receives instead.</returns>
delegate Tensor SceneAddition(Plan plan, Tensor contents, Tensor thoughts, Tensor context);

/// <summary>
/// A model with one position per scene. Hyperwords pass a causal local encoder with a sliding window; those of a scene are
/// laid side by side and become one position of a global decoder; what it makes of all complete scenes is added to the
/// stream before every layer of the local decoder, whose window reaches across scenes. Ids are predicted one by one, so
/// nothing is ever read off a vector. A cross of Block Transformer (arXiv 2406.02657: one position per block, decoded
/// locally), SpaceByte (arXiv 2404.14408: boundaries by rule, windows across them) and hourglass skips (arXiv 2110.13711).
/// </summary>
sealed class SceneModel : PlanModel
{
    /// <summary>What the names of the layers begin with.</summary>
    public const string EncoderPrefix = "encoder.layers.", GlobalPrefix = "global.layers.", DecoderPrefix = "decoder.layers.";

    /// <summary>The name of the table of pairs.</summary>
    public const string PairsName = "model.embed_pairs";


    readonly LayerStack _encoder, _global, _decoder;
    readonly SceneLayout _layout;
    int[] _pairs = [];

    /// <param name="shape">Sizes.</param>
    /// <param name="splitter">Divides the model's ids into scenes, by the shape's rule.</param>
    /// <param name="sequences">Sequences per batch.</param>
    /// <param name="length">Hyperwords per sequence.</param>
    /// <param name="scenes">Scenes per sequence at most; see <see cref="PlanModel.Fit"/>.</param>
    /// <param name="training">Whether there is a backward pass.</param>
    /// <param name="candidates">Makes training use a sampled loss; null for the full one.</param>
    /// <param name="plan">What to append to: a plan over frozen weights, with adapters; null for one that learns everything. Disposed with the model.</param>
    /// <param name="addition">Adds to the contexts; null for nothing.</param>
    public SceneModel(SceneShape shape, SceneSplitter splitter, int sequences, int length, int scenes, bool training, Candidates? candidates = null, Plan? plan = null, SceneAddition? addition = null)
        : base(shape.Vocabulary, sequences, length, plan ?? new Plan(training), candidates)
    {
        (Shape, Scenes) = (shape, scenes);
        _layout = new SceneLayout(new SceneTrack(splitter, shape.Vocabulary - 1), sequences, length, scenes);
        int rows = Ids.Length, all = sequences * scenes;
        Tensor stream = Embed(shape.Width, tied: true);
        if (shape.Pairs > 0)
            stream = WithPairs(stream);
        _encoder = new LayerStack(Plan, shape.Encoder, EncoderPrefix, rows, length);
        stream = _encoder.Append(stream);

        SceneGain = Plan.Vector("scene.norm", ("scene.norm.weight", shape.Width));
        Tensor normed = Plan.Tensor("scene in", rows, shape.Width), side = Plan.Tensor("side by side", all, shape.FoldWidth);
        Plan.Append(new Norm(SceneGain, stream, normed, Plan.Column("scene inverse", rows), shape.Encoder.NormEpsilon, last: false));
        Plan.Append(new TakeRows("scenes", normed, _layout.Folded, _layout.Places, side));
        Fold = Plan.Matrix("scene.fold", shape.FoldWidth, ("scene.fold.weight", shape.Global.Width));
        Tensor scene = Plan.Tensor("scene stream", all, shape.Global.Width), contents = scene;
        Plan.Product(Fold, null, side, scene);

        _global = new LayerStack(Plan, shape.Global, GlobalPrefix, all, scenes);
        scene = _global.Append(scene);
        GlobalGain = Plan.Vector("global.norm", ("global.norm.weight", shape.Global.Width));
        Tensor thought = Plan.Tensor("thought", all, shape.Global.Width), context = Plan.Tensor("context", all, shape.ContextWidth);
        Plan.Append(new Norm(GlobalGain, scene, thought, Plan.Column("global inverse", all), shape.Global.NormEpsilon, last: true));
        Unfold = Plan.Matrix("scene.unfold", shape.Global.Width, [.. Enumerable.Range(0, shape.Decoder.Layers).Select(l => ($"scene.unfold.{l}.weight", shape.Width))]);
        Plan.Product(Unfold, null, thought, context);
        context = addition?.Invoke(Plan, contents, thought, context) ?? context;

        _decoder = new LayerStack(Plan, shape.Decoder, DecoderPrefix, rows, length);
        stream = _decoder.Append(stream, (layer, before) =>
        {
            Tensor after = Plan.After(before, $"{DecoderPrefix}{layer}.with context");
            Plan.Append(new AddRows($"context {layer}", before, context, layer * shape.Width, _layout.Context, after));
            return after;
        });
        Predict(stream, shape.Decoder.NormEpsilon, tied: true);
        Plan.Allocate();
        Thoughts = thought.Value;
    }

    public SceneShape Shape { get; }

    /// <summary>The table of pairs; null for none.</summary>
    public Parameter? Pairs { get; private set; }

    /// <summary>Scenes per sequence at most.</summary>
    public int Scenes { get; }

    /// <summary>What the global model makes of every scene, normed: [sequences·scenes × global width].</summary>
    public Block Thoughts { get; }

    public Parameter SceneGain { get; }
    public Parameter Fold { get; }
    public Parameter GlobalGain { get; }
    public Parameter Unfold { get; }
    public LayerParameters[] EncoderLayers => _encoder.Layers;
    public LayerParameters[] GlobalLayers => _global.Layers;
    public LayerParameters[] DecoderLayers => _decoder.Layers;

    /// <summary>For measurements only.</summary>
    public SceneAblation Ablation { get; set; }

    public override double FlopsPerUnit
    {
        get
        {
            double scene = Flops.Training(Shape.Global, Scenes) + (6.0 * Shape.Global.Width * (Shape.FoldWidth + Shape.ContextWidth));
            return Flops.Training(Shape.Encoder, Length) + Flops.Training(Shape.Decoder, Length) + (scene * Scenes / Length)
                + (6.0 * Shape.Width * (SampledLoss is null ? Vocabulary : SampledLoss.Count));
        }
    }

    public override long Parameters => Shape.Parameters;

    protected override int Depth => Shape.Encoder.Layers + Shape.Decoder.Layers;

    /// <summary>Contexts of scenes and pairs: beginning as loud as embeddings, they cost 0.02 to 0.06 bits per byte of a short run.</summary>
    protected override bool BeginsSilent(Parameter parameter) => parameter == Unfold || parameter == Pairs;

    public override int Fit(ReadOnlySpan<int> ids) => _layout.Fit(ids);

    public override void Arrange()
    {
        for (int row = 0; row < _pairs.Length; row++)
            _pairs[row] = Shape.Pair(row % Length == 0 ? -1 : Ids[row - 1], Ids[row]);
        if (_layout.Arrange(Ids) > 0)
            for (int first = 0; first < Ids.Length; first += Length)
                Targets.AsSpan(first + _layout.Fit(Ids.AsSpan(first, Length)), Length - _layout.Fit(Ids.AsSpan(first, Length))).Fill(-1);
        int[] context = _layout.Context;
        if (Ablation == SceneAblation.Zeroed)
            Array.Fill(context, -1);
        else if (Ablation == SceneAblation.Shuffled)
            Shuffle(context);
    }

    public override void Dispose()
    {
        base.Dispose();
        _encoder.Dispose();
        _global.Dispose();
        _decoder.Dispose();
    }

    /// <summary>Adds the embeddings of pairs to those of hyperwords.</summary>
    Tensor WithPairs(Tensor stream)
    {
        _pairs = new int[Ids.Length];
        Pairs = Plan.Matrix(PairsName, Shape.Width, (PairsName + ".weight", Shape.Pairs));
        // What flows back to a sum flows back to both sides of it.
        var pairs = new Tensor(Plan.Activations.Take("pairs", Ids.Length, Shape.Width), stream.Gradient);
        Tensor sum = Plan.After(stream, "with pairs");
        Plan.Append(new Embed(Plan, Pairs, _pairs, pairs, tied: false));
        Plan.Append(new Sum("with pairs", stream, pairs, sum));
        return sum;
    }

    /// <summary>Every context moves to another: a rotation of a shuffled list, so that none stays where it was.</summary>
    static void Shuffle(int[] context)
    {
        int[] scenes = [.. context.Where(s => s >= 0).Distinct()];
        var random = new Philox(0, DrawDomain.ShuffledContexts);
        for (int i = scenes.Length - 1; i > 0; i--)
        {
            int j = (int)(random.Unit(0, 0, (uint)i) * (i + 1));
            (scenes[i], scenes[j]) = (scenes[j], scenes[i]);
        }
        var other = new Dictionary<int, int>();
        for (int i = 0; i < scenes.Length; i++)
            other[scenes[i]] = scenes[(i + 1) % scenes.Length];
        for (int row = 0; row < context.Length; row++)
            if (context[row] >= 0)
                context[row] = other[context[row]];
    }
}

using Dum.Lexicon;
using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Plans;
using Dum.Scenes;

namespace Dum.Training;

/// <summary>What the contexts of scenes are worth: a global part whose loss costs nothing is idle.</summary>
/// <param name="Nats">Nats per hyperword as the model is.</param>
/// <param name="Zeroed">Without any context of scenes.</param>
/// <param name="Shuffled">With the contexts of other scenes.</param>
public sealed record SceneWorth(double Nats, double Zeroed, double Shuffled)
{
    const int Window = 512, Rows = 4, LeastUnits = 64;

    /// <summary>Measures a finished model on a text.</summary>
    /// <param name="model">A model over scenes.</param>
    /// <param name="name">Of the text, for complaints about it.</param>
    /// <param name="text">Text that the model never saw, at least 64 hyperwords; scenes are worth more the longer it is.</param>
    /// <param name="threads">Threads; the numbers do not depend on them.</param>
    /// <param name="cancel">Stops between the three measurements.</param>
    /// <exception cref="DumException">The model has no scenes, or the text is too short.</exception>
    public static SceneWorth Of(LanguageModel model, string name, byte[] text, int threads, CancellationToken cancel)
    {
        SceneWeights scenes = model.Scenes ?? throw new DumException(Tongue.Say($"{model.Name}: this model has no scenes", $"{model.Name}: в этой модели нет сцен"));
        Shard read = Shard.Read([new LexiconSource(name, () => new MemoryStream(text), 1, text.Length)], model.Tokenizer, null, cancel);
        if (read.Ids.Length < LeastUnits)
            throw new DumException(Tongue.Say($"{name}: too short to tell what scenes are worth: {read.Ids.Length} hyperwords, at least {LeastUnits} are needed", $"{name}: слишком коротко, чтобы судить о сценах: гиперслов {read.Ids.Length}, нужно не меньше {LeastUnits}"));
        int length = Math.Min(Window, read.Ids.Length);
        SceneShape shape = scenes.Shape.With(scenes.Shape.Vocabulary, length);
        var splitter = new SceneSplitter(model.Lexicon!.Vocabulary, shape.Rule);
        using var made = new SceneModel(shape, splitter, Rows, length, SceneLayout.Room(splitter, read.Ids, read.End, length), training: false, plan: new Plan(training: false, scenes.Frozen()));
        using var pool = new WorkerPool(threads);
        return Of(made, new CpuKernels(pool), read, cancel);
    }

    internal static SceneWorth Of(SceneModel model, KernelTable kernels, Shard text, CancellationToken cancel)
    {
        try
        {
            return new SceneWorth(Nats(SceneAblation.None), Nats(SceneAblation.Zeroed), Nats(SceneAblation.Shuffled));
        }
        finally
        {
            model.Ablation = SceneAblation.None;
        }

        double Nats(SceneAblation ablation)
        {
            model.Ablation = ablation;
            TextScore score = Evaluation.Score(model, kernels, text, "", overlap: false, cancel);
            return score.Bits * Math.Log(2) / score.Units;
        }
    }
}

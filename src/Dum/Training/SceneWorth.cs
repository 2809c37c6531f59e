using Dum.Models;
using Dum.Numerics.Kernels;

namespace Dum.Training;

/// <summary>What the contexts of scenes are worth: a global part whose loss costs nothing is idle.</summary>
/// <param name="Nats">Nats per hyperword as the model is.</param>
/// <param name="Zeroed">Without any context of scenes.</param>
/// <param name="Shuffled">With the contexts of other scenes.</param>
public sealed record SceneWorth(double Nats, double Zeroed, double Shuffled)
{
    internal static SceneWorth Of(SceneModel model, KernelTable kernels, Shard text)
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
            TextScore score = Evaluation.Score(model, kernels, text, "", overlap: false, CancellationToken.None);
            return score.Bits * Math.Log(2) / score.Units;
        }
    }
}

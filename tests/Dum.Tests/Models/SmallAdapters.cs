using Dum.Checkpoints;
using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Plans;

namespace Dum.Tests.Models;

/// <summary>Random adapters for the small models of <see cref="Shapes"/>.</summary>
static class SmallAdapters
{
    public const int Rank = 3;
    public const float Scale = 1.5f;

    /// <summary>A model over the frozen weights of another, with random adapters; ids and targets are the other's.</summary>
    public static TokenModel Over(TokenModel frozen, TokenWeights weights, bool training, Func<string, bool>? applies = null, float size = 0.3f)
    {
        var model = new TokenModel(frozen.Shape, frozen.Sequences, frozen.Length, training, plan: new Plan(training, weights.Frozen(), new LoraSettings(Rank, Scale, applies ?? (name => name.Contains("proj", StringComparison.Ordinal)))));
        var random = new Philox(11, 4);
        uint at = 0;
        foreach (Parameter parameter in model.Plan.Parameters)
            for (int n = 0; n < parameter.Outputs; n++)
            {
                float[] row = new float[parameter.Inputs];
                foreach (ref float value in row.AsSpan())
                    value = size * (float)(random.Unit(0, 0, at++) - 0.5);
                parameter.Weights!.SetRow(n, row);
            }
        frozen.Ids.CopyTo(model.Ids, 0);
        frozen.Targets.CopyTo(model.Targets, 0);
        return model;
    }

    /// <summary>What a model has learned, as a file would hold it.</summary>
    public static AdapterFile File(TokenModel model, string? id = null)
    {
        var modules = new List<AdapterModule>();
        Parameter[] all = [.. model.Plan.Parameters];
        for (int i = 0; i < all.Length; i += 2)
            modules.Add(new AdapterModule(all[i].Name[..^".lora_A".Length], Rank, Scale, Numbers(all[i].Weights!), Numbers(all[i + 1].Weights!)));
        return new AdapterFile("an adapter", modules, id);
    }

    /// <summary>An adapter of random numbers.</summary>
    public static AdapterFile Random(ModelShape shape, int rank, int seed, params string[] kinds)
    {
        var random = new Random(seed);
        return new AdapterFile($"adapter {seed}", [.. new LoraStack(TokenModel.Prefix, shape).Targets.Where(t => kinds.Length == 0 || kinds.Contains(t.Kind))
            .Select(t => new AdapterModule(t.Name, rank, 0.5f, Draw(rank * t.Inputs), Draw(t.Outputs * rank)))], null);

        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5) * 0.5f)];
    }

    static float[] Numbers(PackedWeights weights)
    {
        var all = new float[weights.Outputs * weights.Inputs];
        for (int n = 0; n < weights.Outputs; n++)
            weights.GetRow(n, all.AsSpan(n * weights.Inputs, weights.Inputs));
        return all;
    }
}

using Dum.Checkpoints;
using Dum.Models;
using Dum.Numerics;
using Dum.Plans;

namespace Dum.Tests.Models;

/// <summary>Small models for tests: odd sizes, so that no kernel meets only round ones.</summary>
static class Shapes
{
    public static ModelShape Small { get; } = new()
    {
        Layers = 2,
        Width = 40,
        Heads = 4,
        KeyValueHeads = 2,
        HeadSize = 10,
        FeedForward = 52,
        Vocabulary = 70,
        Context = 128,
    };

    public static ModelShape Qwen { get; } = Small with { QueryKeyValueBias = true, QueryKeyNorm = true, TiedHead = true, HeadSize = 12 };

    public static ModelShape Windowed { get; } = Small with { Window = 9, FullLayers = 1, Layers = 3 };

    public static ModelShape Of(string name) => name switch { "small" => Small, "qwen" => Qwen, "windowed" => Windowed, _ => throw new ArgumentException(name) };

    /// <summary>A model with everything random: gains and biases too, so that none of them is 1 or 0 by chance of the start.</summary>
    public static TokenModel Random(ModelShape shape, int sequences, int length, bool training, ulong seed = 7, Candidates? candidates = null)
    {
        var model = new TokenModel(shape, sequences, length, training, candidates);
        model.Initialise(seed);
        var random = new Philox(seed, 99);
        uint at = 0;
        foreach (var parameter in model.Plan.Parameters.Where(p => !p.IsMatrix))
            foreach (ref float value in parameter.Value.Span[..parameter.Inputs])
                value += (float)(random.Unit(0, 0, at++) - 0.5);
        foreach (var parameter in model.Plan.Parameters.Where(p => p.IsMatrix))
            foreach (ref float value in parameter.Value.Span)
                value *= 5;
        for (int i = 0; i < model.Ids.Length; i++)
        {
            model.Ids[i] = (int)(random.Unit(1, 0, (uint)i) * shape.Vocabulary);
            model.Targets[i] = (int)(random.Unit(2, 0, (uint)i) * shape.Vocabulary);
        }
        return model;
    }

    /// <summary>Gives every matrix that begins with 0 random weights too, as training would: an untrained model would not show what flows through it.</summary>
    public static void Wake(PlanModel model, ulong seed)
    {
        var random = new Philox(seed, 98);
        uint index = 0;
        foreach (Parameter parameter in model.Plan.Parameters.Where(p => p.IsMatrix))
        {
            index++;
            if (parameter.Value.Span.ContainsAnyExcept(0f))
                continue;
            float[] row = new float[parameter.Inputs];
            for (int n = 0; n < parameter.Outputs; n++)
            {
                for (int i = 0; i < row.Length; i++)
                    row[i] = (float)(0.02 * random.Normal(index, (uint)n, (uint)i).First);
                parameter.Weights!.SetRow(n, row);
            }
        }
    }
}

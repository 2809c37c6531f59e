using static Dum.Tongue;

namespace Dum.Host.Fit;

/// <summary>Memory of fine-tuning: all weights, or low-rank adapters beside frozen ones.</summary>
public static class TrainingFit
{
    const double Mebi = 1 << 20;

    /// <summary>Parameters of one adapter of a rank on every linear layer: rank × (inputs + outputs), summed.</summary>
    public static long AdapterParameters(ModelShape shape, int rank)
    {
        long value = shape.ValueHead > 0 ? shape.ValueHead : shape.Head;
        long attention = shape.Hidden + (long)shape.Heads * shape.Head
            + shape.Hidden + (long)shape.KvHeads * shape.Head
            + shape.Hidden + shape.KvHeads * value
            + shape.Heads * value + shape.Hidden;
        long matrices = shape.Ungated ? 2 : 3;
        // Adapters of a mixture sit on the dense path and attention; giving each expert one is rarely done.
        long feedForward = shape.Experts > 0 ? 0 : matrices * ((long)shape.Hidden + shape.FeedForward);
        return rank * (attention + feedForward) * shape.Layers;
    }

    /// <summary>Full fine-tuning in mixed precision with Adam: 2 B weight, 2 B gradient, 4 B master copy, 8 B moments, and activations.</summary>
    public static FitEstimate Full(ModelShape shape, int context)
    {
        const int BytesAWeight = 16;
        double state = shape.Parameters * (double)BytesAWeight / Mebi;
        double activations = Activations(shape, context);
        return new FitEstimate(state, 0, activations, 0,
        [
            new(Say("weights, gradients, Adam", "веса, градиенты, Adam"), $"{FitCalculator.Big(shape.Parameters)} × (2 + 2 + 4 + 8) " + Say("B", "Б"), state),
            ActivationLine(shape, context, activations),
        ]);
    }

    /// <summary>An adapter of <paramref name="rank"/> beside frozen weights in <paramref name="format"/>.</summary>
    public static FitEstimate Adapter(ModelShape shape, WeightFormat format, int rank, int context)
    {
        long adapter = AdapterParameters(shape, rank);
        const int BytesAWeight = 16;
        double state = adapter * (double)BytesAWeight / Mebi;
        FitEstimate frozen = FitCalculator.Estimate(shape, new FitRequest { Weights = format, Context = context });
        double activations = Activations(shape, context);
        return new FitEstimate(frozen.Weights + state, 0, activations, 0,
        [
            frozen.Lines[0],
            new(Say($"adapter of rank {rank}", $"адаптер ранга {rank}"), string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{adapter / 1e6:0.0}") + Say(" M", " млн") + " × (2 + 2 + 4 + 8) " + Say("B", "Б"), state),
            ActivationLine(shape, context, activations),
        ]);
    }

    // Each layer keeps its input and recomputes the rest; the widest moment is one layer's inside plus the logits in 32 bits.
    static double Activations(ModelShape shape, int context)
    {
        double kept = (double)shape.Layers * context * shape.Hidden * 2;
        double inside = (double)context * (8.0 * shape.Hidden + 3.0 * Math.Max(shape.FeedForward, shape.ExpertFeedForward * Math.Max(1, shape.ExpertsUsed))) * 2;
        double logits = (double)context * shape.Vocabulary * (4 + 2);
        return (kept + Math.Max(inside, logits)) / Mebi;
    }

    static FitLine ActivationLine(ModelShape shape, int context, double size) => new(
        Say("activations, recomputed by layer", "активации с пересчётом по слоям"),
        Say($"{shape.Layers} × {FitCalculator.Count(context)} tokens × {FitCalculator.Count(shape.Hidden)} × 2 B, and the widest layer or the logits",
            $"{shape.Layers} × {FitCalculator.Count(context)} токенов × {FitCalculator.Count(shape.Hidden)} × 2 Б и самый широкий слой или логиты"), size);
}

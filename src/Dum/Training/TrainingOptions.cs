namespace Dum.Training;

/// <summary>How a model is trained. Values that are null or 0 come from the preset.</summary>
public sealed record TrainingOptions
{
    /// <summary>Name of a <see cref="TrainingPreset"/>.</summary>
    public string Preset { get; init; } = "3m";

    /// <summary>Sizes that differ from the preset's, such as <c>window=64,global.layers=6</c>; see <see cref="ShapeOverrides"/>.</summary>
    /// <remarks>A state saved by an older version has none, which the reader of JSON makes null.</remarks>
    public string Sizes { get => field ?? ""; init; } = "";

    /// <summary>Minutes to train: turned into a number of steps by timing some, and corrected three times by the pace since; each number is saved, and a resumed run keeps to it.</summary>
    public double Minutes { get; init; } = 30;

    /// <summary>Steps to train; 0 takes them from <see cref="Minutes"/>.</summary>
    public int Steps { get; init; }

    /// <summary>Highest learning rate; 0 for the preset's.</summary>
    public double Rate { get; init; }

    /// <summary>Tokens per step; 0 for the preset's.</summary>
    public int BatchTokens { get; init; }

    /// <summary>Tokens that are computed at once; more are accumulated. Memory for activations grows with it.</summary>
    public int MicroTokens { get; init; } = 4096;

    /// <summary>Positions per sequence; 0 for the preset's.</summary>
    public int Context { get; init; }

    /// <summary>Which rule changes the matrices of the layers; embeddings, gains and biases always take AdamW.</summary>
    public OptimiserKind Optimiser { get; init; } = OptimiserKind.Muon;

    /// <summary>
    /// Ids drawn for a sampled loss in training; 0 for the full loss, below 0 for 4,096 where the vocabulary has more than
    /// 20,000 entries: there the head would take most of the time. Measurements are always exact.
    /// </summary>
    public int Candidates { get; init; } = -1;

    /// <summary>Weight decay of matrices (arXiv 1711.05101).</summary>
    public double Decay { get; init; } = 0.1;

    /// <summary>The gradient is scaled down to this length when it is longer (arXiv 1211.5063).</summary>
    public double Clip { get; init; } = 1;

    /// <summary>The share of steps over which the rate rises; after it, it falls in a straight line to a twentieth.</summary>
    public double Warmup { get; init; } = 0.05;

    /// <summary>Every random draw follows from it.</summary>
    public ulong Seed { get; init; } = 40_000;

    /// <summary>Threads; 0 for one per core. The bits do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Seconds between checkpoints.</summary>
    public double CheckpointSeconds { get; init; } = 120;

    /// <summary>Evaluations on held-out text in the course of a run.</summary>
    public int Evaluations { get; init; } = 12;

    /// <summary>Goes on with what stands in the folder, when it is of the same run.</summary>
    public bool Resume { get; init; } = true;

    /// <summary>Checks every value and the name of the preset.</summary>
    /// <exception cref="DumException">One is out of range.</exception>
    public void Validate()
    {
        _ = ShapeOverrides.Apply(TrainingPreset.Of(Preset), Sizes);
        static void Need(bool holds, string english, string russian)
        {
            if (!holds)
                throw new DumException(Tongue.Say(english, russian));
        }

        Need(Steps >= 0 && Steps <= 100_000_000, "steps: give 1 to 100,000,000", "шаги: от 1 до 100 000 000");
        Need((Steps > 0 && double.IsFinite(Minutes)) || (Minutes > 0 && Minutes <= 1e6), "minutes: give more than 0", "минуты: больше 0");
        Need(Rate >= 0 && Rate <= 1, "learning rate: give a number above 0 and up to 1", "скорость обучения: число больше 0 и до 1");
        Need(BatchTokens is 0 or (>= 16 and <= 1 << 24), "tokens per step: give 16 to 16,777,216", "токены за шаг: от 16 до 16 777 216");
        Need(MicroTokens is >= 16 and <= 1 << 20, "tokens at once: give 16 to 1,048,576", "токены за раз: от 16 до 1 048 576");
        Need(Context is 0 or (>= 8 and <= 1 << 16), "context: give 8 to 65,536 positions", "контекст: от 8 до 65 536 позиций");
        Need(Decay is >= 0 and <= 1 && Clip > 0 && Warmup is >= 0 and < 1 && Threads >= 0 && CheckpointSeconds >= 0, "decay, clip, warm-up, threads or checkpoint seconds are out of range", "затухание, обрезка, разогрев, потоки или секунды вне границ");
    }
}

/// <summary>Rules that turn gradients into changes.</summary>
public enum OptimiserKind
{
    /// <summary>Adam with decoupled weight decay (arXiv 1711.05101).</summary>
    AdamW,

    /// <summary>Momentum, orthogonalised (Jordan et al., 2024), scaled as Adam's steps are (arXiv 2502.16982).</summary>
    Muon,
}

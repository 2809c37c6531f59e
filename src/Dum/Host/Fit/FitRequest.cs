namespace Dum.Host.Fit;

/// <summary>How a model is to be run.</summary>
public sealed record FitRequest
{
    /// <summary>Tokens of context, 1 and up.</summary>
    public int Context { get; init; } = 8192;
    /// <summary>Format of the weights; ignored where a file gives their exact size.</summary>
    public WeightFormat Weights { get; init; } = WeightFormat.Find("Q4_K_M")!;
    /// <summary>Format of the key-value cache.</summary>
    public CacheFormat Cache { get; init; } = CacheFormat.Find("f16")!;
    /// <summary>Tokens computed at once while a prompt is read; llama.cpp's default is 512.</summary>
    public int MicroBatch { get; init; } = 512;
    /// <summary>Logits kept for every position of a micro-batch. llama.cpp did so until the middle of 2026; since then only for the positions asked for.</summary>
    public bool AllLogits { get; init; } = true;
    /// <summary>Attention that never writes the whole score matrix.</summary>
    public bool FlashAttention { get; init; } = true;
    /// <summary>Conversations held at once; each has its own sliding windows.</summary>
    public int Sequences { get; init; } = 1;
    /// <summary>MiB that a driver's context takes on the card before anything is loaded; 0 on a processor.</summary>
    public double Overhead { get; init; }
    /// <summary>Exact bytes of the weights on the computing device, from a file; null to predict them from the shape.</summary>
    public long? WeightBytes { get; init; }
    /// <summary>Whether the input embedding stays in main memory, as llama.cpp keeps it when the layers are on a card.</summary>
    public bool EmbeddingInMemory { get; init; }
}

/// <summary>One term of the sum.</summary>
/// <param name="Part">What it is for, in the user's language.</param>
/// <param name="Arithmetic">How it was computed, number by number.</param>
/// <param name="Mebibytes">Its size.</param>
public sealed record FitLine(string Part, string Arithmetic, double Mebibytes);

/// <summary>What a model needs, term by term, in MiB.</summary>
public sealed record FitEstimate(double Weights, double Cache, double Compute, double Overhead, IReadOnlyList<FitLine> Lines)
{
    /// <summary>The sum.</summary>
    public double Total => Weights + Cache + Compute + Overhead;
}

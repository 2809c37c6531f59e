namespace Dum.Checkpoints;

/// <summary>Everything about a Llama-like decoder but its weights. Sizes are counts; nothing here is read from a file unchecked.</summary>
/// <remarks>
/// Rotary pairs are always (i, i + HeadSize/2), as in Hugging Face's files; a reader of files that pair neighbours
/// (llama2.c, GGUF of architecture "llama") reorders the rows of the query and key weights.
/// </remarks>
public sealed record ModelShape
{
    /// <summary>Blocks of attention and feed-forward.</summary>
    public required int Layers { get; init; }

    /// <summary>Channels of the residual stream.</summary>
    public required int Width { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads; divides <see cref="Heads"/>.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Channels per head; even. Not always Width / Heads (Qwen 3, Mistral Nemo).</summary>
    public required int HeadSize { get; init; }

    /// <summary>Channels inside the feed-forward block.</summary>
    public required int FeedForward { get; init; }

    /// <summary>Entries of the vocabulary.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Positions that the model was made for.</summary>
    public required int Context { get; init; }

    /// <summary>Added to the mean square in every RMSNorm.</summary>
    public float NormEpsilon { get; init; } = 1e-5f;

    /// <summary>Rotary base frequency (theta).</summary>
    public float RotaryBase { get; init; } = 10_000f;

    /// <summary>How the rotary frequencies are stretched for longer contexts.</summary>
    public RotaryScaling RotaryScaling { get; init; } = RotaryScaling.None;

    /// <summary>Positions that a query sees, itself included; 0 for all.</summary>
    public int Window { get; init; }

    /// <summary>The first layers attend to everything, this many of them; the rest use <see cref="Window"/> (Qwen 2's max_window_layers).</summary>
    public int FullLayers { get; init; }

    /// <summary>True where the output head is the embedding table.</summary>
    public bool TiedHead { get; init; }

    /// <summary>Biases on query, key and value (Qwen 2).</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary>RMSNorm over each head's query and key before the rotation (Qwen 3).</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>Query channels: Heads × HeadSize.</summary>
    public int QueryWidth => Heads * HeadSize;

    /// <summary>Key (or value) channels: KeyValueHeads × HeadSize.</summary>
    public int KeyWidth => KeyValueHeads * HeadSize;

    /// <summary>Weights in all, a tied head counted once.</summary>
    public long Parameters
    {
        get
        {
            long attention = ((long)Width * (QueryWidth + 2L * KeyWidth)) + ((long)QueryWidth * Width);
            long extras = (QueryKeyValueBias ? QueryWidth + 2L * KeyWidth : 0) + (QueryKeyNorm ? 2L * HeadSize : 0) + 2L * Width;
            long table = (long)Vocabulary * Width;
            return (Layers * (attention + extras + (3L * Width * FeedForward))) + Width + (TiedHead ? table : 2 * table);
        }
    }

    /// <summary>Positions that layer <paramref name="layer"/> sees, itself included; 0 for all.</summary>
    public int WindowOf(int layer) => layer < FullLayers ? 0 : Window;
}

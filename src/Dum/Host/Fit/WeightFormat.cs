namespace Dum.Host.Fit;

/// <summary>A way to store weights, in bits a weight. GGUF's mixed formats give some matrices more bits than others.</summary>
/// <param name="Name">As files call it: Q4_K_M, BF16.</param>
/// <param name="Body">Bits a weight of most matrices.</param>
/// <param name="Value">Bits a weight of the value projection, averaged over the layers.</param>
/// <param name="Down">Bits a weight of the feed-forward's second matrix, averaged over the layers.</param>
/// <param name="Embedding">Bits a weight of the embedding when it has a separate output layer.</param>
/// <param name="Output">Bits a weight of the output layer, and of an embedding that serves as one.</param>
/// <param name="Projection">Bits a weight of the projection after attention.</param>
public sealed record WeightFormat(string Name, double Body, double Value, double Down, double Embedding, double Output, double Projection)
{
    // Block sizes of ggml: Q4_K 144 bytes for 256 weights, Q5_K 176, Q6_K 210, Q3_K 110, Q2_K 84; Q8_0 34 bytes for 32, Q4_0 18.
    const double Q2 = 2.625, Q3 = 3.4375, Q4 = 4.5, Q5 = 5.5, Q6 = 6.5625, Q8 = 8.5;

    /// <summary>Every format that can be asked for by name.</summary>
    public static IReadOnlyList<WeightFormat> All { get; } =
    [
        Plain("F32", 32), Plain("F16", 16), Plain("BF16", 16), Plain("FP8", 8),
        Plain("Q8_0", Q8), Plain("Q6_K", Q6),
        // '_M' gives half of the layers six bits in the value and down matrices.
        new("Q5_K_M", Q5, (Q5 + Q6) / 2, (Q5 + Q6) / 2, Q5, Q6, Q5),
        new("Q5_K_S", Q5, Q5, Q5, Q5, Q6, Q5),
        new("Q5_0", Q5, Q5, Q5, Q5, Q6, Q5),
        new("Q4_K_M", Q4, (Q4 + Q6) / 2, (Q4 + Q6) / 2, Q4, Q6, Q4),
        new("Q4_K_S", Q4, Q4 + 0.125, Q4 + 0.125, Q4, Q6, Q4),
        new("Q4_0", Q4, Q4, Q4, Q4, Q6, Q4),
        new("IQ4_XS", 4.25, 4.25, 4.375, 4.25, Q6, 4.25),
        new("Q3_K_M", Q3, Q4, Q4, Q3, Q6, Q4),
        new("Q2_K", Q2, Q3, Q3, Q2, Q6, Q3),
        // Mixture models in this format keep attention and both embeddings in eight bits.
        new("MXFP4", 4.25, Q8, 4.25, Q8, Q8, Q8),
        // A four-bit checkpoint for PyTorch: 16-bit embeddings, a 16-bit scale and a zero for each group of 128.
        new("INT4", 4.25, 4.25, 4.25, 16, 16, 4.25),
    ];

    static WeightFormat Plain(string name, double bits) => new(name, bits, bits, bits, bits, bits, bits);

    /// <summary>The format of a name, letter case aside; null when there is none.</summary>
    public static WeightFormat? Find(string name) => All.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Bytes of all layers of a model in this format.</summary>
    public double BodyBytes(ModelShape shape)
    {
        long attention = shape.Layers * shape.AttentionParameters;
        long value = shape.LatentRank > 0 ? 0 : (long)shape.Layers * shape.Hidden * shape.KvHeads * (shape.ValueHead > 0 ? shape.ValueHead : shape.Head);
        long projection = shape.LatentRank > 0 ? 0 : (long)shape.Layers * shape.Heads * (shape.ValueHead > 0 ? shape.ValueHead : shape.Head) * shape.Hidden;
        long rest = shape.BodyParameters - attention;
        // One of the three matrices of a feed-forward is its down projection; of two, one.
        double down = rest / (shape.Ungated ? 2.0 : 3.0);
        double queries = attention - value - projection;
        // In MXFP4 only the experts are four-bit.
        double queryBits = Name == "MXFP4" ? Q8 : Body;
        int width = shape.Experts > 0 ? shape.ExpertFeedForward : shape.FeedForward;
        return (queries * Rows(queryBits, shape.Hidden) + value * Rows(Value, shape.Hidden) + projection * Projection
            + (rest - down) * Rows(Body, shape.Hidden) + down * Rows(Down, width)) / 8;
    }

    // The '_K' formats pack 256 weights of a row; a row that is no multiple of 256 is stored in a coarser, larger format.
    double Rows(double bits, int row) => row % 256 == 0 || Name[^1] == '0' || !Name.Contains('_') ? bits
        : bits <= Q4 - 0.5 ? Q4 : bits <= Q4 + 0.2 ? Q5 : bits < Q6 ? (Q5 + Q8) / 2 : Q8;
}

/// <summary>A way to store the key-value cache.</summary>
/// <param name="Name">f16, q8_0, q4_0…</param>
/// <param name="Bits">Bits a number.</param>
public sealed record CacheFormat(string Name, double Bits)
{
    /// <summary>Every format that can be asked for by name.</summary>
    public static IReadOnlyList<CacheFormat> All { get; } =
        [new("f16", 16), new("bf16", 16), new("f32", 32), new("fp8", 8), new("q8_0", 8.5), new("q5_1", 6), new("q5_0", 5.5), new("q4_1", 5), new("q4_0", 4.5)];

    /// <summary>The format of a name; null when there is none.</summary>
    public static CacheFormat? Find(string name) => All.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}

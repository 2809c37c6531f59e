namespace Dum.Checkpoints;

/// <summary>How a tensor's numbers are stored. Block formats are those of ggml (<c>ggml-common.h</c>): scales and small integers for 32 or 256 neighbours of a row.</summary>
public enum StoredFormat
{
    /// <summary>Something that is listed and never read as weights.</summary>
    Other,

    /// <summary>IEEE single.</summary>
    F32,

    /// <summary>IEEE half.</summary>
    F16,

    /// <summary>bfloat16.</summary>
    BF16,

    /// <summary>IEEE double.</summary>
    F64,

    /// <summary>Q8_0: 32 weights in 34 bytes.</summary>
    Q80,

    /// <summary>Q4_0: 32 weights in 18 bytes.</summary>
    Q40,

    /// <summary>Q4_1: 32 weights in 20 bytes.</summary>
    Q41,

    /// <summary>Q5_0: 32 weights in 22 bytes.</summary>
    Q50,

    /// <summary>Q5_1: 32 weights in 24 bytes.</summary>
    Q51,

    /// <summary>Q4_K: 256 weights in 144 bytes.</summary>
    Q4K,

    /// <summary>Q5_K: 256 weights in 176 bytes.</summary>
    Q5K,

    /// <summary>Q6_K: 256 weights in 210 bytes.</summary>
    Q6K,

    /// <summary>Our own blocks of 2-bit codes: 32 weights in 10 bytes.</summary>
    Codes2,

    /// <summary>Of 3-bit codes: 14 bytes.</summary>
    Codes3,

    /// <summary>Of 5-bit codes: 22 bytes.</summary>
    Codes5,

    /// <summary>Of 6-bit codes: 26 bytes.</summary>
    Codes6,

    /// <summary>Of 7-bit codes: 30 bytes.</summary>
    Codes7,
}

/// <summary>Sizes of the formats.</summary>
public static class StoredFormats
{
    /// <summary>Weights and bytes of a block; one weight for plain numbers, 0 and 0 for <see cref="StoredFormat.Other"/>.</summary>
    public static (int Weights, int Bytes) Block(this StoredFormat format) => format switch
    {
        StoredFormat.F32 => (1, 4),
        StoredFormat.F16 or StoredFormat.BF16 => (1, 2),
        StoredFormat.F64 => (1, 8),
        StoredFormat.Q80 => (32, 34),
        StoredFormat.Q40 => (32, 18),
        StoredFormat.Q41 => (32, 20),
        StoredFormat.Q50 => (32, 22),
        StoredFormat.Q51 => (32, 24),
        StoredFormat.Q4K => (256, 144),
        StoredFormat.Q5K => (256, 176),
        StoredFormat.Q6K => (256, 210),
        >= StoredFormat.Codes2 and <= StoredFormat.Codes7 => (CodeBlock.Weights, 2 + (CodeBlock.Weights / 8 * CodeBlock.Bits(format))),
        _ => (0, 0),
    };

    /// <summary>Bytes of a row of <paramref name="columns"/> weights, which must fill whole blocks.</summary>
    /// <exception cref="ArgumentException">They do not, or the format is <see cref="StoredFormat.Other"/>.</exception>
    public static long RowBytes(this StoredFormat format, long columns)
    {
        (int weights, int bytes) = format.Block();
        return weights > 0 && columns % weights == 0
            ? columns / weights * bytes
            : throw new ArgumentException($"{columns} weights do not fill blocks of {format}");
    }
}

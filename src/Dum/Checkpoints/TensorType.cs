namespace Dum.Checkpoints;

/// <summary>The number formats by the names and numbers that files use.</summary>
static class TensorType
{
    // ggml.h, enum ggml_type, with the weights and bytes of a block: all are known, so that a file which holds some we do
    // not read is still checked as a whole.
    static readonly Dictionary<uint, (string Name, StoredFormat Format, int Weights, int Bytes)> s_gguf = new()
    {
        [0] = ("F32", StoredFormat.F32, 1, 4),
        [1] = ("F16", StoredFormat.F16, 1, 2),
        [2] = ("Q4_0", StoredFormat.Q40, 32, 18),
        [3] = ("Q4_1", StoredFormat.Q41, 32, 20),
        [6] = ("Q5_0", StoredFormat.Q50, 32, 22),
        [7] = ("Q5_1", StoredFormat.Q51, 32, 24),
        [8] = ("Q8_0", StoredFormat.Q80, 32, 34),
        [9] = ("Q8_1", StoredFormat.Other, 32, 36),
        [10] = ("Q2_K", StoredFormat.Other, 256, 84),
        [11] = ("Q3_K", StoredFormat.Other, 256, 110),
        [12] = ("Q4_K", StoredFormat.Q4K, 256, 144),
        [13] = ("Q5_K", StoredFormat.Q5K, 256, 176),
        [14] = ("Q6_K", StoredFormat.Q6K, 256, 210),
        [15] = ("Q8_K", StoredFormat.Other, 256, 292),
        [16] = ("IQ2_XXS", StoredFormat.Other, 256, 66),
        [17] = ("IQ2_XS", StoredFormat.Other, 256, 74),
        [18] = ("IQ3_XXS", StoredFormat.Other, 256, 98),
        [19] = ("IQ1_S", StoredFormat.Other, 256, 50),
        [20] = ("IQ4_NL", StoredFormat.Other, 32, 18),
        [21] = ("IQ3_S", StoredFormat.Other, 256, 110),
        [22] = ("IQ2_S", StoredFormat.Other, 256, 82),
        [23] = ("IQ4_XS", StoredFormat.Other, 256, 136),
        [24] = ("I8", StoredFormat.Other, 1, 1),
        [25] = ("I16", StoredFormat.Other, 1, 2),
        [26] = ("I32", StoredFormat.Other, 1, 4),
        [27] = ("I64", StoredFormat.Other, 1, 8),
        [28] = ("F64", StoredFormat.F64, 1, 8),
        [29] = ("IQ1_M", StoredFormat.Other, 256, 56),
        [30] = ("BF16", StoredFormat.BF16, 1, 2),
        [34] = ("TQ1_0", StoredFormat.Other, 256, 54),
        [35] = ("TQ2_0", StoredFormat.Other, 256, 66),
        [39] = ("MXFP4", StoredFormat.Other, 32, 17),
    };

    /// <summary>A GGUF type: its name, its format, and the weights and bytes of a block.</summary>
    public static bool TryGguf(uint type, out (string Name, StoredFormat Format, int Weights, int Bytes) found) => s_gguf.TryGetValue(type, out found);

    /// <summary>The GGUF number of a format.</summary>
    public static uint GgufNumber(StoredFormat format) => s_gguf.First(pair => pair.Value.Format == format).Key;

    /// <summary>A safetensors type and the bytes of one block of it, which is one number but for the last ones, our own addition; 0 for a name that is not known.</summary>
    public static (StoredFormat Format, int Bytes) Safetensors(string type) => type switch
    {
        "F64" => Of(StoredFormat.F64),
        "F32" => Of(StoredFormat.F32),
        "F16" => Of(StoredFormat.F16),
        "BF16" => Of(StoredFormat.BF16),
        "I64" or "U64" => (StoredFormat.Other, 8),
        "I32" or "U32" => (StoredFormat.Other, 4),
        "I16" or "U16" => (StoredFormat.Other, 2),
        "I8" or "U8" or "BOOL" or "F8_E4M3" or "F8_E5M2" or "F8_E8M0" => (StoredFormat.Other, 1),
        "Q8_0" => Of(StoredFormat.Q80),
        "Q4_0" => Of(StoredFormat.Q40),
        "Codes2" => Of(StoredFormat.Codes2),
        "Codes3" => Of(StoredFormat.Codes3),
        "Codes5" => Of(StoredFormat.Codes5),
        "Codes6" => Of(StoredFormat.Codes6),
        "Codes7" => Of(StoredFormat.Codes7),
        _ => (StoredFormat.Other, 0),
    };

    static (StoredFormat Format, int Bytes) Of(StoredFormat format) => (format, format.Block().Bytes);
}

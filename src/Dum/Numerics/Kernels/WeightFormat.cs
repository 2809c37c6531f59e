namespace Dum.Numerics.Kernels;

/// <summary>How the numbers of a packed weight matrix are stored.</summary>
public enum WeightFormat
{
    /// <summary>32-bit floats.</summary>
    F32,

    /// <summary>The upper half of a 32-bit float.</summary>
    BF16,

    /// <summary>Bytes −127 … 127 with a 16-bit scale for 32 of them (as Q8_0); activations become bytes as well.</summary>
    I8,

    /// <summary>Nibbles −8 … 7 with a 16-bit scale for 32 of them (as Q4_0); activations become bytes as well.</summary>
    I4,
}

using System.Runtime.InteropServices;

namespace Dum.Numerics.Formats;

/// <summary>bfloat16: the upper half of a single. Bytes are little-endian, as in files.</summary>
public static class BFloat16
{
    /// <summary>Bytes of one number.</summary>
    public const int Size = 2;

    /// <summary>The number, exactly.</summary>
    public static float ToSingle(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>The nearest bfloat16, ties to even; too large becomes infinity, a NaN stays a quiet NaN with its sign.</summary>
    public static ushort FromSingle(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        // Rounding could carry a NaN into infinity or lose its payload.
        if ((bits & 0x7FFF_FFFF) > 0x7F80_0000)
            return (ushort)((bits >> 16) | 0x40);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>Reads as many numbers as <paramref name="to"/> holds.</summary>
    public static void Widen(ReadOnlySpan<byte> from, Span<float> to)
    {
        ReadOnlySpan<ushort> bits = MemoryMarshal.Cast<byte, ushort>(from)[..to.Length];
        for (int i = 0; i < to.Length; i++)
            to[i] = ToSingle(bits[i]);
    }

    /// <summary>Writes all numbers of <paramref name="from"/>.</summary>
    public static void Narrow(ReadOnlySpan<float> from, Span<byte> to)
    {
        Span<ushort> bits = MemoryMarshal.Cast<byte, ushort>(to)[..from.Length];
        for (int i = 0; i < from.Length; i++)
            bits[i] = FromSingle(from[i]);
    }
}

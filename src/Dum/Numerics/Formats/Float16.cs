using System.Runtime.InteropServices;

namespace Dum.Numerics.Formats;

/// <summary>IEEE half precision. Bytes are little-endian, as in files.</summary>
public static class Float16
{
    /// <summary>Bytes of one number.</summary>
    public const int Size = 2;

    /// <summary>The number, exactly.</summary>
    public static float ToSingle(ushort bits) => (float)BitConverter.UInt16BitsToHalf(bits);

    /// <summary>The nearest half, ties to even; beyond 65,504 becomes infinity.</summary>
    public static ushort FromSingle(float value) => BitConverter.HalfToUInt16Bits((Half)value);

    /// <summary>Reads as many numbers as <paramref name="to"/> holds, exactly.</summary>
    public static void Widen(ReadOnlySpan<byte> from, Span<float> to)
    {
        ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(from)[..to.Length];
        for (int i = 0; i < to.Length; i++)
            to[i] = (float)halves[i];
    }

    /// <summary>Writes all numbers of <paramref name="from"/>, each as the nearest half, ties to even; beyond 65,504 becomes infinity.</summary>
    public static void Narrow(ReadOnlySpan<float> from, Span<byte> to)
    {
        Span<Half> halves = MemoryMarshal.Cast<byte, Half>(to)[..from.Length];
        for (int i = 0; i < from.Length; i++)
            halves[i] = (Half)from[i];
    }
}

namespace Dum.Numerics;

/// <summary>The two 16-bit floats: bfloat16 (upper half of a float) and IEEE half.</summary>
static class HalfFloats
{
    /// <summary>Round to nearest even; NaN stays NaN.</summary>
    public static ushort ToBFloat(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    public static float FromBFloat(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    public static ushort ToHalf(float value) => BitConverter.HalfToUInt16Bits((Half)value);

    public static float FromHalf(ushort bits) => (float)BitConverter.UInt16BitsToHalf(bits);
}

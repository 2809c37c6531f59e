using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Dum.Numerics;

/// <summary>CRC-32C (Castagnoli, RFC 3720): finds every single flipped bit and every burst up to 32 bits.</summary>
static class Crc32C
{
    /// <summary>Of bytes, which may be the next piece of something longer.</summary>
    /// <param name="bytes">Any number.</param>
    /// <param name="before">What the pieces before them came to; 0 before the first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        uint crc = ~before;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        foreach (byte b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}

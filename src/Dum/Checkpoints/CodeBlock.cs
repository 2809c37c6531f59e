using System.Buffers.Binary;

namespace Dum.Checkpoints;

/// <summary>
/// Blocks of 32 small whole numbers with one scale, packed without gaps: a half, then the codes plus 2^(bits − 1), lowest bits
/// first. What Q4_0 and Q8_0 are for 4 and 8 bits, for the numbers of bits between; only this product has them.
/// </summary>
static class CodeBlock
{
    /// <summary>Codes of a block.</summary>
    public const int Weights = 32;

    /// <summary>Bits of a code; 0 for a format of another kind.</summary>
    public static int Bits(StoredFormat format) => format switch
    {
        StoredFormat.Codes2 => 2,
        StoredFormat.Codes3 => 3,
        StoredFormat.Codes5 => 5,
        StoredFormat.Codes6 => 6,
        StoredFormat.Codes7 => 7,
        _ => 0,
    };

    /// <summary>The format of a number of bits, 4 and 8 among them.</summary>
    public static StoredFormat Format(int bits) => bits switch
    {
        2 => StoredFormat.Codes2,
        3 => StoredFormat.Codes3,
        4 => StoredFormat.Q40,
        5 => StoredFormat.Codes5,
        6 => StoredFormat.Codes6,
        7 => StoredFormat.Codes7,
        8 => StoredFormat.Q80,
        _ => throw new ArgumentOutOfRangeException(nameof(bits)),
    };

    /// <summary>Packs codes.</summary>
    /// <param name="codes">32, each within its bits.</param>
    /// <param name="bits">2, 3, 5, 6 or 7: codes of 4 are <see cref="StoredFormat.Q40"/>, whose halves lie otherwise.</param>
    /// <param name="to">4·bits bytes: what follows the scale.</param>
    public static void Pack(ReadOnlySpan<sbyte> codes, int bits, Span<byte> to)
    {
        ulong held = 0;
        int count = 0, at = 0;
        foreach (sbyte code in codes)
        {
            held |= (ulong)(code + (1 << (bits - 1))) << count;
            for (count += bits; count >= 8; count -= 8, held >>= 8)
                to[at++] = (byte)held;
        }
    }

    /// <summary>Unpacks what <see cref="Pack"/> has packed.</summary>
    public static void Unpack(ReadOnlySpan<byte> from, int bits, Span<sbyte> codes)
    {
        ulong held = 0;
        int count = 0, at = 0;
        foreach (ref sbyte code in codes)
        {
            for (; count < bits; count += 8)
                held |= (ulong)from[at++] << count;
            code = (sbyte)((int)(held & ((1u << bits) - 1)) - (1 << (bits - 1)));
            held >>= bits;
            count -= bits;
        }
    }

    /// <summary>A block as singles: exact products of code and scale.</summary>
    public static void Decode(ReadOnlySpan<byte> block, int bits, Span<float> to)
    {
        Span<sbyte> codes = stackalloc sbyte[Weights];
        Unpack(block[2..], bits, codes);
        float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        for (int i = 0; i < to.Length; i++)
            to[i] = codes[i] * scale;
    }
}

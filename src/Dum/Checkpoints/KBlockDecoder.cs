using System.Runtime.InteropServices;

namespace Dum.Checkpoints;

/// <summary>ggml's blocks of 256 weights: parts of 32 or 16 with six-bit or eight-bit scales under one half (<c>ggml-quants.c</c>).</summary>
static class KBlockDecoder
{
    /// <summary>scale, minimum, 12 bytes of six-bit scales and minima, 128 bytes of nibbles.</summary>
    public static void Q4(ReadOnlySpan<byte> block, Span<float> y)
    {
        float scale = BlockDecoder.Half(block), least = BlockDecoder.Half(block[2..]);
        ReadOnlySpan<byte> scales = block.Slice(4, 12), q = block[16..];
        for (int part = 0; part < 8; part++)
        {
            (int s, int m) = Six(scales, part);
            float d = scale * s, low = least * m;
            // Two parts share 32 bytes: the low nibbles are the first.
            ReadOnlySpan<byte> from = q.Slice(part / 2 * 32, 32);
            Span<float> to = y.Slice(part * 32, 32);
            int shift = part % 2 * 4;
            for (int i = 0; i < 32; i++)
                to[i] = d * (from[i] >> shift & 15) - low;
        }
    }

    /// <summary>As <see cref="Q4"/>, with 32 bytes of fifth bits before the nibbles: bit p of byte i belongs to weight i of part p.</summary>
    public static void Q5(ReadOnlySpan<byte> block, Span<float> y)
    {
        float scale = BlockDecoder.Half(block), least = BlockDecoder.Half(block[2..]);
        ReadOnlySpan<byte> scales = block.Slice(4, 12), high = block.Slice(16, 32), q = block[48..];
        for (int part = 0; part < 8; part++)
        {
            (int s, int m) = Six(scales, part);
            float d = scale * s, low = least * m;
            ReadOnlySpan<byte> from = q.Slice(part / 2 * 32, 32);
            Span<float> to = y.Slice(part * 32, 32);
            int shift = part % 2 * 4;
            for (int i = 0; i < 32; i++)
                to[i] = d * ((from[i] >> shift & 15) + (high[i] >> part & 1) * 16) - low;
        }
    }

    /// <summary>128 bytes of low nibbles, 64 of upper bit pairs, 16 signed scales, the scale of all.</summary>
    public static void Q6(ReadOnlySpan<byte> block, Span<float> y)
    {
        ReadOnlySpan<sbyte> scales = MemoryMarshal.Cast<byte, sbyte>(block.Slice(192, 16));
        float scale = BlockDecoder.Half(block[208..]);
        for (int part = 0; part < 8; part++)
        {
            // Halves of 128 weights: four parts of 32 lie across 64 bytes of nibbles and 32 bytes of bit pairs.
            int half = part / 4, inside = part % 4;
            ReadOnlySpan<byte> low = block.Slice(half * 64 + inside % 2 * 32, 32), high = block.Slice(128 + half * 32, 32);
            Span<float> to = y.Slice(part * 32, 32);
            int lowShift = inside / 2 * 4, highShift = inside * 2;
            for (int i = 0; i < 32; i++)
                to[i] = scale * scales[part * 2 + i / 16] * ((low[i] >> lowShift & 15 | (high[i] >> highShift & 3) << 4) - 32);
        }
    }

    /// <summary>Scale and minimum of a part: the first four in six low bits, the others in nibbles with their upper bits on top of the first.</summary>
    static (int Scale, int Minimum) Six(ReadOnlySpan<byte> packed, int part) => part < 4
        ? (packed[part] & 63, packed[part + 4] & 63)
        : (packed[part + 4] & 15 | packed[part - 4] >> 6 << 4, packed[part + 4] >> 4 | packed[part] >> 6 << 4);
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Dum.Numerics.Formats;

namespace Dum.Checkpoints;

/// <summary>
/// Stored bytes to singles. The block formats give exactly the numbers of ggml's <c>dequantize_row_*</c>: every product
/// in them is exact in single precision, so one rounding is left and its order cannot matter.
/// </summary>
static class BlockDecoder
{
    /// <summary>Decodes whole blocks.</summary>
    /// <param name="format">Not <see cref="StoredFormat.Other"/>.</param>
    /// <param name="from">Exactly the bytes of <paramref name="to"/>.</param>
    /// <param name="to">A whole number of blocks.</param>
    public static void Decode(StoredFormat format, ReadOnlySpan<byte> from, Span<float> to)
    {
        switch (format)
        {
            case StoredFormat.F32: MemoryMarshal.Cast<byte, float>(from)[..to.Length].CopyTo(to); return;
            case StoredFormat.F16: Float16.Widen(from, to); return;
            case StoredFormat.BF16: BFloat16.Widen(from, to); return;
            case StoredFormat.F64: Double(from, to); return;
        }
        (int weights, int bytes) = format.Block();
        for (int i = 0, at = 0; i < to.Length; i += weights, at += bytes)
        {
            ReadOnlySpan<byte> block = from.Slice(at, bytes);
            Span<float> y = to.Slice(i, weights);
            switch (format)
            {
                case StoredFormat.Q80: Q80(block, y); break;
                case StoredFormat.Q40: Four(Half(block), -8 * Half(block), block[2..], y); break;
                case StoredFormat.Q41: Four(Half(block), Half(block[2..]), block[4..], y); break;
                case StoredFormat.Q50: Five(Half(block), -16 * Half(block), block[2..], y); break;
                case StoredFormat.Q51: Five(Half(block), Half(block[2..]), block[4..], y); break;
                case StoredFormat.Q4K: KBlockDecoder.Q4(block, y); break;
                case StoredFormat.Q5K: KBlockDecoder.Q5(block, y); break;
                case StoredFormat.Q6K: KBlockDecoder.Q6(block, y); break;
                case >= StoredFormat.Codes2 and <= StoredFormat.Codes7: CodeBlock.Decode(block, CodeBlock.Bits(format), y); break;
                default: throw new ArgumentException($"{format} holds no weights");
            }
        }
    }

    public static float Half(ReadOnlySpan<byte> at) => (float)BinaryPrimitives.ReadHalfLittleEndian(at);

    static void Double(ReadOnlySpan<byte> from, Span<float> to)
    {
        ReadOnlySpan<double> doubles = MemoryMarshal.Cast<byte, double>(from)[..to.Length];
        for (int i = 0; i < to.Length; i++)
            to[i] = (float)doubles[i];
    }

    static void Q80(ReadOnlySpan<byte> block, Span<float> y)
    {
        float scale = Half(block);
        ReadOnlySpan<sbyte> q = MemoryMarshal.Cast<byte, sbyte>(block[2..]);
        for (int i = 0; i < y.Length; i++)
            y[i] = q[i] * scale;
    }

    /// <summary>Low nibbles are the first 16 weights, high ones the last.</summary>
    static void Four(float scale, float low, ReadOnlySpan<byte> q, Span<float> y)
    {
        for (int i = 0; i < 16; i++)
        {
            y[i] = (q[i] & 15) * scale + low;
            y[i + 16] = (q[i] >> 4) * scale + low;
        }
    }

    /// <summary>As <see cref="Four"/>, with the fifth bits of all 32 weights in front.</summary>
    static void Five(float scale, float low, ReadOnlySpan<byte> q, Span<float> y)
    {
        uint high = BinaryPrimitives.ReadUInt32LittleEndian(q);
        for (int i = 0; i < 16; i++)
        {
            y[i] = (q[i + 4] & 15 | (int)(high >> i & 1) << 4) * scale + low;
            y[i + 16] = (q[i + 4] >> 4 | (int)(high >> (i + 16) & 1) << 4) * scale + low;
        }
    }
}

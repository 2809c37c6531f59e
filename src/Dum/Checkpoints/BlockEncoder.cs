using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Dum.Numerics.Formats;

namespace Dum.Checkpoints;

/// <summary>Singles to stored bytes; the block formats as ggml's <c>quantize_row_*_ref</c> makes them, bit for bit.</summary>
static class BlockEncoder
{
    /// <summary>True for the formats that can be written.</summary>
    public static bool Writes(StoredFormat format) =>
        format is StoredFormat.F32 or StoredFormat.F16 or StoredFormat.BF16 or StoredFormat.Q80 or StoredFormat.Q40;

    /// <summary>Encodes whole blocks.</summary>
    /// <param name="format">One of those written.</param>
    /// <param name="from">A whole number of blocks.</param>
    /// <param name="to">Exactly the bytes of them.</param>
    public static void Encode(StoredFormat format, ReadOnlySpan<float> from, Span<byte> to)
    {
        switch (format)
        {
            case StoredFormat.F32: MemoryMarshal.AsBytes(from).CopyTo(to); return;
            case StoredFormat.F16: Float16.Narrow(from, to); return;
            case StoredFormat.BF16: BFloat16.Narrow(from, to); return;
            case StoredFormat.Q80 or StoredFormat.Q40: break;
            default: throw new ArgumentException($"{format} is not written");
        }
        (int weights, int bytes) = format.Block();
        for (int i = 0, at = 0; i < from.Length; i += weights, at += bytes)
        {
            if (format == StoredFormat.Q80)
                Q80(from.Slice(i, weights), to.Slice(at, bytes));
            else
                Q40(from.Slice(i, weights), to.Slice(at, bytes));
        }
    }

    /// <summary>The largest magnitude becomes 127.</summary>
    static void Q80(ReadOnlySpan<float> x, Span<byte> block)
    {
        float most = 0;
        foreach (float v in x)
            most = Math.Max(most, Math.Abs(v));
        float scale = most / 127, inverse = scale != 0 ? 1 / scale : 0;
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)scale);
        for (int i = 0; i < x.Length; i++)
            block[i + 2] = (byte)(sbyte)MathF.Round(x[i] * inverse, MidpointRounding.AwayFromZero);
    }

    /// <summary>The number of the largest magnitude becomes -8, whatever its sign.</summary>
    static void Q40(ReadOnlySpan<float> x, Span<byte> block)
    {
        float most = 0, signed = 0;
        foreach (float v in x)
            if (Math.Abs(v) > most)
                (most, signed) = (Math.Abs(v), v);
        float scale = signed / -8, inverse = scale != 0 ? 1 / scale : 0;
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)scale);
        for (int i = 0; i < 16; i++)
            block[i + 2] = (byte)(Nibble(x[i] * inverse) | Nibble(x[i + 16] * inverse) << 4);

        static int Nibble(float v) => Math.Min(15, (int)(v + 8.5f));
    }
}

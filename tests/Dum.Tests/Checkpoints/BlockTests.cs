using System.Runtime.InteropServices;
using Dum.Checkpoints;
using Dum.Numerics.Formats;
using Xunit;

namespace Dum.Tests.Checkpoints;

/// <summary>Number formats against what ggml makes of them.</summary>
public class BlockTests
{
    static readonly Dictionary<uint, StoredFormat> s_types = new()
    {
        [2] = StoredFormat.Q40,
        [3] = StoredFormat.Q41,
        [6] = StoredFormat.Q50,
        [7] = StoredFormat.Q51,
        [8] = StoredFormat.Q80,
        [12] = StoredFormat.Q4K,
        [13] = StoredFormat.Q5K,
        [14] = StoredFormat.Q6K,
    };

    [Fact]
    public void Blocks_are_read_and_written_as_ggml_does_it()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(HouseTests.Root, "tests", "Dum.Tests", "Checkpoints", "data", "ggml-blocks.bin"));
        int at = 0, types = 0;
        while (at < file.Length)
        {
            uint[] head = MemoryMarshal.Cast<byte, uint>(file.AsSpan(at, 16)).ToArray();
            StoredFormat format = s_types[head[0]];
            byte[] blocks = file[(at + 16)..(at + 16 + (int)head[2])];
            at += 16 + blocks.Length;
            float[] expected = MemoryMarshal.Cast<byte, float>(file.AsSpan(at, 768 * 4)).ToArray();
            at += 768 * 4;
            Assert.Equal(3 * format.RowBytes(256), blocks.Length);
            var numbers = new float[768];
            BlockDecoder.Decode(format, blocks, numbers);
            Assert.Equal(expected, numbers);
            if (BlockEncoder.Writes(format))
            {
                float[] source = MemoryMarshal.Cast<byte, float>(file.AsSpan(at, 512 * 4)).ToArray();
                at += 512 * 4;
                var made = new byte[2 * format.RowBytes(256)];
                BlockEncoder.Encode(format, source, made);
                Assert.Equal(blocks[..made.Length], made);
            }
            types++;
        }
        Assert.Equal(s_types.Count, types);
    }

    [Theory]
    [InlineData(1f, 0x3F80)]
    [InlineData(-0f, 0x8000)]
    [InlineData(1.00390625f, 0x3F80)] // halfway between two: to the even one
    [InlineData(1.01171875f, 0x3F82)]
    [InlineData(float.PositiveInfinity, 0x7F80)]
    [InlineData(float.MaxValue, 0x7F80)]
    [InlineData(float.Epsilon, 0x0000)]
    public void Bfloat16_rounds_to_nearest_even(float value, int bits)
    {
        Assert.Equal(bits, BFloat16.FromSingle(value));
    }

    [Fact]
    public void Sixteen_bit_formats_come_back_from_singles()
    {
        var bits = new ushort[65536];
        for (int i = 0; i < bits.Length; i++)
            bits[i] = (ushort)i;
        var numbers = new float[bits.Length];
        var back = new ushort[bits.Length];
        BFloat16.Widen(MemoryMarshal.AsBytes<ushort>(bits), numbers);
        BFloat16.Narrow(numbers, MemoryMarshal.AsBytes(back.AsSpan()));
        for (int i = 0; i < bits.Length; i++)
            Assert.True(float.IsNaN(numbers[i]) ? float.IsNaN(BFloat16.ToSingle(back[i])) : back[i] == bits[i], $"{i:X4}");
        Float16.Widen(MemoryMarshal.AsBytes<ushort>(bits), numbers);
        Float16.Narrow(numbers, MemoryMarshal.AsBytes(back.AsSpan()));
        for (int i = 0; i < bits.Length; i++)
            Assert.True(float.IsNaN(numbers[i]) ? Half.IsNaN(BitConverter.UInt16BitsToHalf(back[i])) : back[i] == bits[i], $"{i:X4}");
    }
}

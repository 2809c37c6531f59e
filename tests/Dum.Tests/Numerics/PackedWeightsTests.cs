using Dum.Numerics;
using Dum.Numerics.Formats;
using Dum.Numerics.Kernels;
using Xunit;

namespace Dum.Tests.Numerics;

public unsafe class PackedWeightsTests
{
    public static TheoryData<int, int> Sizes => new() { { 1, 1 }, { 16, 32 }, { 17, 33 }, { 5, 100 }, { 40, 31 } };

    /// <summary>Rows in any order; one must not disturb the others, and outputs that do not exist stay zero.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Rows_come_back_rounded_to_the_format(int outputs, int inputs)
    {
        foreach (WeightFormat format in Enum.GetValues<WeightFormat>())
        {
            using PackedWeights weights = PackedWeights.Allocate(format, outputs, inputs);
            using Sheet values = Sheet.Random(1, outputs, inputs);
            int[] order = [.. Enumerable.Range(0, outputs)];
            new Random(2).Shuffle(order);
            foreach (int n in order)
                weights.SetRow(n, values[n]);
            using Sheet rows = Weights.Rows(weights);
            rows.IsIntact();
            for (int n = 0; n < outputs; n++)
                for (int i = 0; i < inputs; i++)
                    switch (format)
                    {
                        case WeightFormat.F32:
                            Assert.True(Bits.Same(values[n][i], rows[n][i]));
                            break;
                        case WeightFormat.BF16:
                            Assert.Equal(BFloat16.ToSingle(BFloat16.FromSingle(values[n][i])), rows[n][i]);
                            break;
                        default:
                            // Half a step of the group: its largest over 127, or over 8 with the end at 7 one step short.
                            ReadOnlySpan<float> group = values[n][(i / 32 * 32)..Math.Min(inputs, (i / 32 * 32) + 32)];
                            float largest = 0;
                            foreach (float value in group)
                                largest = Math.Max(largest, Math.Abs(value));
                            Bits.Near(values[n][i], rows[n][i], largest / (format == WeightFormat.I8 ? 253 : 7), $"{format}, {n}, {i}");
                            break;
                    }
            if (format == WeightFormat.F32)
                Assert.True(Weights.PaddingIsZero(weights));
        }
    }

    /// <summary>What is stored again is the same: rounding is idempotent.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Rounded_rows_are_kept_exactly(int outputs, int inputs)
    {
        foreach (WeightFormat format in new[] { WeightFormat.F32, WeightFormat.BF16 })
        {
            using PackedWeights once = Weights.Random(3, format, outputs, inputs), twice = PackedWeights.Allocate(format, outputs, inputs);
            using Sheet rows = Weights.Rows(once);
            for (int n = 0; n < outputs; n++)
                twice.SetRow(n, rows[n]);
            Assert.True(new Span<byte>(once.Data, (int)once.Bytes).SequenceEqual(new Span<byte>(twice.Data, (int)twice.Bytes)));
        }
    }

    /// <summary>Groups of a file come back as scale times quantum to the last bit, whatever was there before.</summary>
    [Theory]
    [InlineData(WeightFormat.I8)]
    [InlineData(WeightFormat.I4)]
    public void Groups_of_a_file_stay_exact(WeightFormat format)
    {
        const int Outputs = 19, Groups = 4;
        (int low, int high) = format == WeightFormat.I8 ? (-127, 127) : (-8, 7);
        var random = new Random(8);
        using PackedWeights weights = Weights.Random(4, format, Outputs, Groups * 32);
        float[,] expected = new float[Outputs, Groups * 32];
        sbyte[] quanta = new sbyte[32];
        for (int n = 0; n < Outputs; n++)
            for (int g = 0; g < Groups; g++)
            {
                ushort scale = (ushort)(random.Next(0x7C00) | (random.Next(2) << 15)); // any finite half, the smallest too
                for (int i = 0; i < 32; i++)
                {
                    quanta[i] = (sbyte)random.Next(low, high + 1);
                    expected[n, (g * 32) + i] = Float16.ToSingle(scale) * quanta[i];
                }
                weights.SetGroup(n, g, scale, quanta);
            }
        using Sheet rows = Weights.Rows(weights);
        for (int n = 0; n < Outputs; n++)
            for (int i = 0; i < Groups * 32; i++)
                if (rows[n][i] != expected[n, i])
                    Assert.Fail($"{n}, {i}: {expected[n, i]:R} expected, {rows[n][i]:R} found");
    }

    /// <summary>The byte kernels have no place for these, and each path would make something else of them.</summary>
    [Theory]
    [InlineData(WeightFormat.I8, 0x7C00, 0)]
    [InlineData(WeightFormat.I8, 0xFC00, 0)]
    [InlineData(WeightFormat.I4, 0x7E00, 0)]
    [InlineData(WeightFormat.I8, 0x3C00, -128)]
    [InlineData(WeightFormat.I4, 0x3C00, 8)]
    [InlineData(WeightFormat.I4, 0x3C00, -9)]
    public void Groups_that_the_kernels_cannot_multiply_are_refused(WeightFormat format, int scale, int quantum)
    {
        using PackedWeights weights = PackedWeights.Allocate(format, 3, 40);
        sbyte[] quanta = new sbyte[32];
        quanta[31] = (sbyte)quantum;
        Assert.Throws<DumException>(() => weights.SetGroup(0, 0, (ushort)scale, quanta));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(1e30f)]
    public void Weights_that_no_scale_holds_are_refused(float bad)
    {
        foreach (WeightFormat format in new[] { WeightFormat.I8, WeightFormat.I4 })
            for (int at = 0; at < 40; at++)
            {
                using PackedWeights weights = PackedWeights.Allocate(format, 3, 40);
                float[] row = [.. Enumerable.Range(0, 40).Select(i => i - 20f)];
                row[at] = bad;
                Assert.Throws<DumException>(() => weights.SetRow(1, row));
            }
    }

    [Fact]
    public void Sizes_and_places_are_checked()
    {
        foreach (WeightFormat format in Enum.GetValues<WeightFormat>())
        {
            foreach ((int outputs, int inputs) in new[] { (0, 1), (1, 0), (-1, 5), (5, -1), (int.MinValue, int.MinValue) })
                Assert.Throws<ArgumentOutOfRangeException>(() => PackedWeights.Allocate(format, outputs, inputs));
            // 2⁶² numbers: as floats 2⁶⁴ bytes, which must not come out as few.
            Assert.ThrowsAny<Exception>(() => PackedWeights.Allocate(format, int.MaxValue, int.MaxValue));
            using PackedWeights weights = PackedWeights.Allocate(format, 17, 40);
            foreach (int row in new[] { -1, 17, 31, int.MaxValue, int.MinValue })
            {
                Assert.Throws<ArgumentOutOfRangeException>(() => weights.SetRow(row, new float[40]));
                Assert.Throws<ArgumentOutOfRangeException>(() => weights.GetRow(row, new float[40]));
                Assert.Throws<ArgumentOutOfRangeException>(() => weights.SetGroup(row, 0, 0, new sbyte[32]));
            }
            foreach (int group in new[] { -1, 2, int.MaxValue })
                Assert.Throws<ArgumentOutOfRangeException>(() => weights.SetGroup(0, group, 0, new sbyte[32]));
            Assert.Throws<ArgumentOutOfRangeException>(() => weights.SetRow(0, new float[39]));
            Assert.Throws<ArgumentOutOfRangeException>(() => weights.SetRow(0, new float[41]));
            Assert.Throws<ArgumentOutOfRangeException>(() => weights.GetRow(0, new float[39]));
            Assert.Throws<ArgumentOutOfRangeException>(() => weights.SetGroup(0, 0, 0, new sbyte[format >= WeightFormat.I8 ? 31 : 32]));
        }
    }

    [Fact]
    public void Bytes_are_what_the_layout_says()
    {
        Assert.Equal(3 * 16 * 100 * 4, Bytes(WeightFormat.F32));
        Assert.Equal(3 * 16 * 100 * 2, Bytes(WeightFormat.BF16));
        Assert.Equal(3 * 16 * 4 * (32 + 2), Bytes(WeightFormat.I8));
        Assert.Equal(3 * 16 * 4 * (16 + 2), Bytes(WeightFormat.I4));

        static long Bytes(WeightFormat format)
        {
            using PackedWeights weights = PackedWeights.Allocate(format, 33, 100);
            return weights.Bytes;
        }
    }

    [Fact]
    public void A_block_of_another_size_is_refused()
    {
        using var arena = new Arena("test");
        Block block = arena.Take("weights", 2, 16 * 10);
        arena.Allocate();
        Assert.Throws<ArgumentException>(() => PackedWeights.Over(block, 40, 10));
        Assert.Throws<ArgumentException>(() => PackedWeights.Over(block, 32, 11));
        using PackedWeights weights = PackedWeights.Over(block, 32, 10);
        weights.SetRow(31, [.. Enumerable.Repeat(2f, 10)]);
        Assert.Equal(20, block.Span.ToArray().Sum());
    }
}

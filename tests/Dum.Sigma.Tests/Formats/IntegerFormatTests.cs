using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Sigma.Formats;
using Xunit;

namespace Dum.Sigma.Tests.Formats;

public class IntegerFormatTests
{
    public static TheoryData<int, bool> Formats { get; } = new() { { 8, true }, { 8, false }, { 4, true }, { 4, false }, { 3, true }, { 3, false }, { 2, true }, { 2, false } };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_code_and_every_midpoint(int bits, bool symmetric)
    {
        var format = new IntegerFormat(bits, symmetric);
        var grid = new Grid(0.25f, symmetric ? 0 : 3);
        for (int code = format.Least; code <= format.Most; code++)
        {
            Assert.Equal(code, format.Encode(grid.Decode(code), grid));
            if (code == format.Most)
                break;
            float middle = (grid.Decode(code) + grid.Decode(code + 1)) / 2;
            Assert.Equal(code % 2 == 0 ? code : code + 1, format.Encode(middle, grid));
            Assert.Equal(code, format.Encode(MathF.BitDecrement(middle), grid));
            Assert.Equal(code + 1, format.Encode(MathF.BitIncrement(middle), grid));
        }
        Assert.Equal(format.Most, format.Encode(1e6f, grid));
        Assert.Equal(format.Least, format.Encode(-1e6f, grid));
    }

    /// <summary>Symmetric groups are rounded to the very codes that the packed weights hold.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    public void Symmetric_groups_are_the_kernels_own(int bits)
    {
        IntegerFormat format = bits == 8 ? IntegerFormat.Int8 : IntegerFormat.Int4;
        var random = new Philox(3, 9);
        var values = new float[32];
        using PackedWeights packed = PackedWeights.Allocate(bits == 8 ? WeightFormat.I8 : WeightFormat.I4, 1, 32);
        var kept = new float[32];
        for (uint trial = 0; trial < 200; trial++)
        {
            for (uint i = 0; i < 32; i++)
                values[i] = (float)random.Normal(0, trial, i).First;
            packed.SetRow(0, values);
            packed.GetRow(0, kept);
            Grid grid = format.Fit(values);
            for (int i = 0; i < 32; i++)
                // The kernels divide in single precision: a number on a tie may go the other way, by one cell.
                Assert.InRange(Math.Abs(kept[i] - grid.Decode(format.Encode(values[i], grid))), 0, Math.Abs(format.Residual(values[i], grid)) > 0.499 ? Math.Abs(grid.Scale) : 0);
        }
    }

    [Fact]
    public void What_is_not_finite_is_refused()
    {
        Assert.Throws<DumException>(() => IntegerFormat.Int8.Fit([1, float.NaN]));
        Assert.Throws<DumException>(() => IntegerFormat.Int4Asymmetric.Fit([1, float.PositiveInfinity]));
        Assert.Throws<DumException>(() => IntegerFormat.Int8.Fit([float.MaxValue]));
        Assert.Equal(new Grid(0, 0), IntegerFormat.Int4Asymmetric.Fit([0, 0, 0]));
    }

    [Fact]
    public void Residuals_are_at_most_half_a_cell()
    {
        float[] values = [.. Enumerable.Range(0, 32).Select(i => MathF.Sin(i * 1.7f))];
        foreach (IntegerFormat format in (IntegerFormat[])[IntegerFormat.Int8, IntegerFormat.Int4Asymmetric])
        {
            Grid grid = format.Fit(values);
            foreach (float value in values)
                Assert.InRange(format.Residual(value, grid), -0.51, 0.51);
        }
    }
}

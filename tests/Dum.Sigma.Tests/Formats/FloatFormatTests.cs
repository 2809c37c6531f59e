using Dum.Numerics.Formats;
using Dum.Sigma.Formats;
using Xunit;

namespace Dum.Sigma.Tests.Formats;

public class FloatFormatTests
{
    public static TheoryData<string> Names { get; } = [.. FloatFormat.All.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_code_comes_back(string name)
    {
        FloatFormat format = FloatFormat.Of(name);
        for (int code = 0; code < format.Codes; code++)
        {
            double value = format.Decode(code);
            if (double.IsNaN(value))
                Assert.True(double.IsNaN(format.Round(value)));
            else if (format.Saturates && double.IsInfinity(value))
                Assert.Equal(Math.CopySign(format.Largest, value), format.Round(value));
            else
                Assert.Equal(code, format.Encode(value));
        }
    }

    /// <summary>Every midpoint goes to the even neighbour, and the doubles beside it to theirs.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_midpoint_ties_to_even(string name)
    {
        FloatFormat format = FloatFormat.Of(name);
        int finite = Enumerable.Range(0, format.Codes / 2).Count(c => double.IsFinite(format.Decode(c)));
        int sign = format.Codes / 2;
        for (int code = 0; code + 1 < finite; code++)
        {
            double middle = (format.Decode(code) + format.Decode(code + 1)) / 2;
            int even = code % 2 == 0 ? code : code + 1;
            Assert.Equal(even, format.Encode(middle));
            Assert.Equal(code, format.Encode(Math.BitDecrement(middle)));
            Assert.Equal(code + 1, format.Encode(Math.BitIncrement(middle)));
            Assert.Equal(even | sign, format.Encode(-middle));
            Assert.Equal(0.5, Math.Abs(format.Residual(middle)));
        }
        // Beyond the last: half a cell over the largest is the first that overflows.
        double beyond = format.Largest + (format.Step(format.Largest) / 2);
        Assert.Equal(format.Largest, format.Round(Math.BitDecrement(beyond)));
        double over = format.Round(Math.BitIncrement(beyond));
        Assert.True(format.Saturates ? over == format.Largest : format.HasInfinity ? double.IsPositiveInfinity(over) : double.IsNaN(over));
        // What was cut is no residual.
        Assert.True(double.IsNaN(format.Residual(Math.BitIncrement(beyond))) && float.IsNaN(format.Residual((float)(1.01 * beyond), out _)));
    }

    [Fact]
    public void The_largest_numbers_are_those_of_the_standards()
    {
        Assert.Equal(65504, FloatFormat.FP16.Largest);
        Assert.Equal(448, FloatFormat.E4M3.Largest);
        Assert.Equal(57344, FloatFormat.E5M2.Largest);
        Assert.Equal(BFloat16.ToSingle(0x7F7F), FloatFormat.BF16.Largest);
        Assert.Equal(Math.Pow(2, -9), FloatFormat.E4M3.Decode(1));
        Assert.Equal(Math.Pow(2, -16), FloatFormat.E5M2.Decode(1));
        Assert.Equal(Math.Pow(2, -133), FloatFormat.BF16.Decode(1));
    }

    /// <summary>The kernels' own conversions, over floats of all exponents.</summary>
    [Fact]
    public void Sixteen_bits_are_those_of_the_kernels()
    {
        for (long i = 0; i < 1L << 32; i += 20011)
        {
            float value = BitConverter.UInt32BitsToSingle((uint)i);
            if (float.IsNaN(value))
                continue;
            Assert.Equal(BFloat16.FromSingle(value), FloatFormat.BF16.Encode(value));
            Assert.Equal(Float16.FromSingle(value), FloatFormat.FP16.Encode(value));
        }
    }

    /// <summary>An even grid of draws gives back the number itself in the mean; a number of the format stays.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Stochastic_rounding_keeps_the_mean(string name)
    {
        const int Draws = 1024;
        FloatFormat format = FloatFormat.Of(name);
        foreach (double value in (double[])[1.3, -2.718, 0.001, 1 + (1.0 / 1024), 0])
        {
            double sum = 0;
            for (int i = 0; i < Draws; i++)
                sum += format.Decode(format.EncodeStochastic(value, (i + 0.5) / Draws));
            Assert.Equal(value, sum / Draws, format.Step(value) / Draws);
        }
        Assert.Equal(format.Encode(1.5), format.EncodeStochastic(1.5, 0.9999));
    }

    [Fact]
    public void An_unknown_format_is_refused() => Assert.Contains("bf16", Assert.Throws<DumException>(() => FloatFormat.Of("fp7")).Message, StringComparison.Ordinal);
}

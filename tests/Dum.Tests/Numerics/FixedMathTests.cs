using Dum.Numerics;
using Xunit;

namespace Dum.Tests.Numerics;

/// <summary>
/// The functions against the system's, which are right to less than one unit in the last place: 2 units apart at most, and
/// on average far less, which is asked too.
/// </summary>
public class FixedMathTests
{
    const int Draws = 200_000;

    [Fact]
    public void Exp_is_near_over_its_whole_range() =>
        Check(FixedMath.Exp, Math.Exp, random => (random.NextDouble() * 1455) - 745.2);

    [Fact]
    public void Exp_is_near_around_zero() =>
        Check(FixedMath.Exp, Math.Exp, random => (random.NextDouble() - 0.5) * Math.Pow(2, -60 * random.NextDouble()));

    [Fact]
    public void Log_is_near_over_all_positive_numbers() =>
        Check(FixedMath.Log, Math.Log, random => BitConverter.Int64BitsToDouble(random.NextInt64(1, 0x7FF0_0000_0000_0000)));

    /// <summary>Near 1 the logarithm is small and its relative error largest.</summary>
    [Fact]
    public void Log_is_near_around_one() =>
        Check(FixedMath.Log, Math.Log, random => 1 + ((random.NextDouble() - 0.5) * Math.Pow(2, -50 * random.NextDouble())));

    [Fact]
    public void Sine_and_cosine_are_near_up_to_a_million()
    {
        Check(x => FixedMath.SinCos(x).Sin, Math.Sin, Angle);
        Check(x => FixedMath.SinCos(x).Cos, Math.Cos, Angle);

        static double Angle(Random random) => (random.NextDouble() - 0.5) * 2e6 * Math.Pow(2, -40 * random.NextDouble());
    }

    /// <summary>Multiples of π/2 as doubles: nearly all of the angle cancels.</summary>
    [Fact]
    public void Sine_and_cosine_are_near_where_they_vanish()
    {
        for (int n = 1; n < 600_000; n += 7)
        {
            double x = n * (Math.PI / 2);
            (double sin, double cos) = FixedMath.SinCos(x);
            Assert.InRange(Units(Math.Sin(x), sin), 0, 2);
            Assert.InRange(Units(Math.Cos(x), cos), 0, 2);
        }
    }

    /// <summary>One unit in the last place of y·log x is up to 2·|y·log x| units of the power; logarithm and product may be off by more than half of one each.</summary>
    [Fact]
    public void Power_is_as_near_as_its_logarithm_allows()
    {
        var random = new Random(3);
        for (int i = 0; i < Draws; i++)
        {
            double x = Math.Exp((random.NextDouble() - 0.5) * 60), y = (random.NextDouble() - 0.5) * 20;
            Assert.InRange(Units(Math.Pow(x, y), FixedMath.Pow(x, y)), 0, 2 + (3 * Math.Abs(y * Math.Log(x))));
        }
    }

    [Fact]
    public void Edges_are_as_documented()
    {
        Assert.Equal(1, FixedMath.Exp(0));
        Assert.Equal(1, FixedMath.Exp(double.Epsilon));
        Assert.Equal(0, FixedMath.Exp(double.NegativeInfinity));
        Assert.Equal(0, FixedMath.Exp(-746));
        Assert.Equal(double.Epsilon, FixedMath.Exp(-745.1));
        Assert.Equal(double.PositiveInfinity, FixedMath.Exp(709.79));
        Assert.Equal(double.PositiveInfinity, FixedMath.Exp(double.PositiveInfinity));
        Assert.True(double.IsFinite(FixedMath.Exp(709.78)));
        Assert.True(double.IsNaN(FixedMath.Exp(double.NaN)));

        Assert.Equal(0, FixedMath.Log(1));
        Assert.Equal(double.NegativeInfinity, FixedMath.Log(0));
        Assert.Equal(double.NegativeInfinity, FixedMath.Log(-0.0));
        Assert.Equal(double.PositiveInfinity, FixedMath.Log(double.PositiveInfinity));
        Assert.True(double.IsNaN(FixedMath.Log(-1)));
        Assert.True(double.IsNaN(FixedMath.Log(double.NegativeInfinity)));
        Assert.True(double.IsNaN(FixedMath.Log(double.NaN)));
        Assert.InRange(Units(Math.Log(double.Epsilon), FixedMath.Log(double.Epsilon)), 0, 2);
        Assert.InRange(Units(Math.Log(double.MaxValue), FixedMath.Log(double.MaxValue)), 0, 2);
        for (int n = -1074; n < 1024; n++)
            Assert.InRange(Units(n * Math.Log(2), FixedMath.Log(Math.ScaleB(1, n))), 0, 2);

        Assert.Equal((0.0, 1.0), FixedMath.SinCos(0));
        Assert.Equal(double.Epsilon, FixedMath.SinCos(double.Epsilon).Sin);
        Assert.True(double.IsNaN(FixedMath.SinCos(double.PositiveInfinity).Sin));
        Assert.True(double.IsNaN(FixedMath.SinCos(double.NaN).Cos));
        Assert.Equal(1, FixedMath.Pow(10_000, 0));
    }

    static void Check(Func<double, double> ours, Func<double, double> system, Func<Random, double> draw)
    {
        var random = new Random(1);
        double sum = 0;
        for (int i = 0; i < Draws; i++)
        {
            double x = draw(random), units = Units(system(x), ours(x));
            if (!(units <= 2))
                Assert.Fail($"{x:R}: {system(x):R} expected, {ours(x):R} found");
            sum += units;
        }
        Assert.InRange(sum / Draws, 0, 0.5);
    }

    /// <summary>The distance in units in the last place of the expected number.</summary>
    static double Units(double expected, double actual) =>
        expected.Equals(actual) ? 0 : Math.Abs(expected - actual) / (Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected));
}

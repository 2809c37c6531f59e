using Dum.Numerics;
using Xunit;

namespace Dum.Tests.Numerics;

public class PhiloxTests
{
    /// <summary>The known answers of Random123 1.14 (kat_vectors, philox4x32 10): zeros, ones, digits of π.</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Gives_the_published_answers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint a, uint b, uint c, uint d) =>
        Assert.Equal((a, b, c, d), Philox.Block(c0, c1, c2, c3, k0, k1));

    [Fact]
    public void An_address_is_domain_layer_step_position_under_the_key_of_the_run()
    {
        var random = new Philox(0x299f31d0_a4093822, 0x243f6a88);
        Assert.Equal((0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u), random.At(0x85a308d3, 0x13198a2e, 0x03707344));
    }

    /// <summary>Means of 10⁵ draws lie within five deviations of the law's; the extremes lie inside the law's range.</summary>
    [Fact]
    public void Draws_follow_their_laws()
    {
        const int Count = 100_000;
        var random = new Philox(5, 6);
        double unit = 0, unitSquare = 0, normal = 0, square = 0, fourth = 0, product = 0;
        for (uint i = 0; i < Count; i++)
        {
            double u = random.Unit(1, 2, i);
            Assert.InRange(u, 0, 1 - (1.0 / 9007199254740992.0));
            unit += u;
            unitSquare += u * u;
            (double a, double b) = random.Normal(3, 4, i);
            normal += a + b;
            square += (a * a) + (b * b);
            fourth += (a * a * a * a) + (b * b * b * b);
            product += a * b;
        }
        double root = Math.Sqrt(Count);
        Bits.Near(1 / 2.0, unit / Count, 5 * Math.Sqrt(1 / 12.0) / root, "mean of units");
        Bits.Near(1 / 3.0, unitSquare / Count, 5 * Math.Sqrt(4 / 45.0) / root, "mean square of units");
        Bits.Near(0, normal / (2 * Count), 5 / Math.Sqrt(2) / root, "mean of normals");
        Bits.Near(1, square / (2 * Count), 5 * Math.Sqrt(2) / Math.Sqrt(2) / root, "variance of normals");
        Bits.Near(3, fourth / (2 * Count), 5 * Math.Sqrt(96) / Math.Sqrt(2) / root, "fourth moment of normals");
        Bits.Near(0, product / Count, 5 / root, "covariance of a pair");
    }
}

using System.Numerics;
using Dum.Rhythm.Rings;
using Xunit;

namespace Dum.Rhythm.Tests.Rings;

/// <summary>Rings that flow side by side are the rings that flow alone, to the bit.</summary>
public class RingPackTests
{
    static Ring Limit(int seed, int count, double phi, double fastest) =>
        Samples.Ring(count, seed, 0.4, fastest, 0, phi) with { Contour = new RingContour { Kappa = 0.1 * (1 + (seed % 3)), Phi = phi } };

    static MediumParameters Of(IReadOnlyList<Ring> rings, double angle = 0.1) => new() { Inputs = 2, Rings = rings, Step = 0.2, StepAngle = angle };

    static List<T> Run<T>(MediumParameters p, bool drive, Action<Medium<T>>? between = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var medium = new Medium<T>(p);
        for (int r = 0; r < medium.Rings; r++)
            for (int j = 0; j < medium.Real(r).Length; j++)
                (medium.Real(r)[j], medium.Imaginary(r)[j]) = (T.CreateTruncating(Math.Cos(j)), T.CreateTruncating(Math.Sin(3 * j)));
        medium.Hear([0.3, -0.8]);
        medium.Advance(0.7, drive ? Samples.TwoTones : null);
        between?.Invoke(medium);
        medium.Advance(1.9, drive ? Samples.TwoTones : null);
        return [.. Enumerable.Range(0, medium.Rings).SelectMany(r => medium.Real(r).ToArray().Concat(medium.Imaginary(r).ToArray()))];
    }

    static void SameAsAlone<T>(IReadOnlyList<Ring> rings, bool drive) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Assert.Equal(rings.SelectMany(r => Run<T>(Of([r]), drive)), Run<T>(Of(rings), drive));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Side_by_side_and_alone_are_the_same_bits(bool drive)
    {
        // Eleven rings: full packs and a part of one; lengths below and above a vector; straight shifts and turning ones.
        foreach (int count in (int[])[1, 3, 8, 21])
        {
            Ring[] rings = [.. Enumerable.Range(0, 11).Select(r => Limit(r, count, r < 8 ? 0 : 0.4, 3))];
            SameAsAlone<double>(rings, drive);
            SameAsAlone<float>(rings, drive);
        }
    }

    [Fact]
    public void Rings_that_need_other_steps_or_flows_are_still_the_same()
    {
        Ring[] rings = [Limit(1, 6, 0, 1), Limit(2, 6, 0, 40), Limit(3, 6, 0, 2), Samples.Ring(6, 4, 0.4, 2, 0.3, 0), Limit(5, 6, 0, 2), Samples.Ring(6, 6, -0.3, 2, 0, 0, saturates: false)];

        SameAsAlone<double>(rings, false);
        SameAsAlone<double>(rings, true);
    }

    [Fact]
    public void What_is_written_between_two_intervals_counts_and_so_does_what_is_tuned()
    {
        static void Change(Medium<double> medium, int ring)
        {
            medium.Real(ring)[2] = 0.25;
            Assert.True(medium.Tune(ParameterGroup.Rhythmic, ring));
            medium.Parameters.Rings[ring].Rhythm.Delta = 0.2;
            medium.Parameters.Rings[ring].Rhythm.Mu[1] = 0.6;
        }
        Ring[] Rings() => [.. Enumerable.Range(0, 4).Select(r => Limit(r, 5, 0, 2))];

        List<double> together = Run<double>(Of(Rings()), false, m => Change(m, 1)), alone = Run<double>(Of([Rings()[1]]), false, m => Change(m, 0));

        Assert.Equal(alone, together.Skip(10).Take(10));
    }
}

using Dum.Rhythm.Learning;
using Dum.Rhythm.Rings;
using Xunit;

namespace Dum.Rhythm.Tests.Learning;

/// <summary>Sensitivities against finite differences, and what they learn.</summary>
public class ForwardSensitivityTests
{
    static Medium<double> Resonators(double mu, double omega) => new(new MediumParameters
    {
        Inputs = 1,
        Rings = [new Ring(new RingStructure { Count = 2, Kicked = true, GainReal = [1, 0.5], GainImaginary = [0, 0.2] }, new RingRhythm { Omega = [omega, 1.3], Mu = [mu, -0.2] }, new RingContour())],
    });

    static double Input(int t) => Math.Sin(t * t);

    [Fact]
    public void Sensitivities_are_the_derivatives_of_the_state()
    {
        const double Step = 1e-5;
        Medium<double> medium = Resonators(-0.1, 0.7), more = Resonators(-0.1 + Step, 0.7), less = Resonators(-0.1 - Step, 0.7), faster = Resonators(-0.1, 0.7 + Step), slower = Resonators(-0.1, 0.7 - Step);
        var sensitivity = new ForwardSensitivity(medium, 0);
        for (int t = 0; t < 30; t++)
        {
            double interval = t % 3 == 0 ? 0.4 : 1;
            foreach (Medium<double> m in (Medium<double>[])[medium, more, less, faster, slower])
                m.Hear([Input(t)]);
            sensitivity.Advance(interval);
            foreach (Medium<double> m in (Medium<double>[])[more, less, faster, slower])
                m.Advance(interval);
        }

        Assert.Equal((more.Real(0)[0] - less.Real(0)[0]) / (2 * Step), sensitivity.Real[0], 1e-6);
        Assert.Equal((more.Imaginary(0)[0] - less.Imaginary(0)[0]) / (2 * Step), sensitivity.Imaginary[0], 1e-6);
        // ∂z/∂ω = i·s.
        Assert.Equal((faster.Real(0)[0] - slower.Real(0)[0]) / (2 * Step), -sensitivity.Imaginary[0], 1e-6);
        Assert.Equal((faster.Imaginary(0)[0] - slower.Imaginary(0)[0]) / (2 * Step), sensitivity.Real[0], 1e-6);
    }

    [Fact]
    public void A_resonator_learns_the_frequency_and_damping_of_another_one()
    {
        Medium<double> teacher = Resonators(-0.15, 0.8), pupil = Resonators(-0.3, 0.7);
        var sensitivity = new ForwardSensitivity(pupil, 0);
        for (int t = 0; t < 20_000; t++)
        {
            teacher.Hear([Input(t)]);
            pupil.Hear([Input(t)]);
            teacher.Advance(1);
            sensitivity.Advance(1);
            sensitivity.Learn([1, 0], [0, 0], teacher.Real(0)[0] - pupil.Real(0)[0], 0.0005);
        }

        RingRhythm learned = pupil.Parameters.Rings[0].Rhythm;
        Assert.Equal(0.8, learned.Omega[0], 0.01);
        Assert.Equal(-0.15, learned.Mu[0], 0.01);
        Assert.Equal(1.3, learned.Omega[1]);
    }

    [Fact]
    public void Rings_for_which_it_is_not_exact_and_frozen_groups_are_refused()
    {
        var coupled = new Medium<double>(new MediumParameters { Inputs = 0, Rings = [RingPresets.Pacemaker(4, 1)] });
        Assert.Throws<ArgumentException>(() => new ForwardSensitivity(coupled, 0));
        Medium<double> frozen = Resonators(-0.1, 0.7);
        frozen.Parameters.Frozen = ParameterGroup.Rhythmic;
        var sensitivity = new ForwardSensitivity(frozen, 0);
        frozen.Hear([1]);
        sensitivity.Advance(1);
        sensitivity.Learn([1, 1], [0, 0], 1, 1);
        Assert.Equal(0.7, frozen.Parameters.Rings[0].Rhythm.Omega[0]);
    }
}

using Dum.Rhythm.Learning;
using Dum.Rhythm.Rings;
using Xunit;

namespace Dum.Rhythm.Tests.Learning;

/// <summary>What local rules settle on.</summary>
public class PlasticityTests
{
    static Medium<double> Driven(double omega, double mu, double beta, double gain) => new(new MediumParameters
    {
        Inputs = 1,
        Rings = [new Ring(new RingStructure { Count = 1, GainReal = [gain], GainImaginary = [0] }, new RingRhythm { Omega = [omega], Mu = [mu], Beta = beta }, new RingContour())],
    });

    [Theory]
    [InlineData(2.0)]
    [InlineData(1.1)]
    public void An_adaptive_frequency_finds_the_line_it_is_driven_with(double line)
    {
        Medium<double> medium = Driven(1.5, 1, 1, 0.9);
        medium.Real(0)[0] = 1;
        double settled = 0;
        for (int i = 0; i < 60_000; i++)
        {
            double force = Math.Sin(line * medium.Time);
            medium.Hear([force]);
            medium.Advance(0.02);
            Plasticity.AdaptFrequencies(medium, 0, force, 0.4, 0.02);
            settled += i >= 50_000 ? medium.Parameters.Rings[0].Rhythm.Omega[0] / 10_000 : 0;
        }
        Assert.Equal(line, settled, 0.03);
    }

    [Fact]
    public void Homeostasis_brings_each_oscillator_to_its_energy()
    {
        Medium<double> medium = Driven(1, -0.5, 1, 0);
        medium.Real(0)[0] = 0.1;
        for (int i = 0; i < 5000; i++)
        {
            medium.Advance(0.1);
            Plasticity.KeepEnergy(medium, 0, 0.64, 0.2, 0.1);
        }
        Assert.Equal(0.64, medium.Energy(0), 3);
    }

    [Fact]
    public void Scaling_brings_a_driven_ring_to_its_energy()
    {
        Medium<double> medium = Driven(1, -0.3, 0, 5);
        medium.Hear([1]);
        for (int i = 0; i < 5000; i++)
        {
            medium.Advance(0.1);
            Plasticity.ScaleGains(medium, 0, 1, 0.1, 0.1);
        }
        Assert.Equal(1, medium.Energy(0), 2);
    }

    [Fact]
    public void The_bcm_rule_strengthens_what_excites_beyond_habit_and_weakens_the_rest()
    {
        static double After(double gain)
        {
            Medium<double> medium = Driven(0.5, -1, 0, gain);
            var rule = new InputGainRule(medium, 0, 0.05, 200);
            for (int i = 0; i < 20; i++)
            {
                medium.Hear([1]);
                medium.Advance(0.5);
                rule.Learn(0.5);
            }
            RingStructure s = medium.Parameters.Rings[0].Structure;
            return Math.Sqrt((s.GainReal[0] * s.GainReal[0]) + (s.GainImaginary[0] * s.GainImaginary[0]));
        }
        Assert.True(After(1) > 1);

        // Once the threshold stands above the energy, the same input weakens its gain.
        Medium<double> medium = Driven(0, -1, 0, 1.5);
        var rule = new InputGainRule(medium, 0, 0.001, 1);
        medium.Hear([1]);
        medium.Advance(20);
        for (int i = 0; i < 50; i++)
            rule.Learn(0.5);
        double before = medium.Parameters.Rings[0].Structure.GainReal[0];
        rule.Learn(0.5);
        Assert.True(rule.Threshold[0] > medium.Energy(0) && medium.Parameters.Rings[0].Structure.GainReal[0] < before);
    }

    [Fact]
    public void Frozen_groups_do_not_learn()
    {
        Medium<double> medium = Driven(1.5, 1, 1, 0.9);
        medium.Parameters.Frozen = ParameterGroup.Rhythmic | ParameterGroup.Structural;
        medium.Real(0)[0] = 1;
        Plasticity.AdaptFrequencies(medium, 0, 1, 1, 1);
        Plasticity.KeepEnergy(medium, 0, 9, 1, 1);
        Plasticity.ScaleGains(medium, 0, 9, 1, 1);

        Assert.Equal((1.5, 1.0, 0.9), (medium.Parameters.Rings[0].Rhythm.Omega[0], medium.Parameters.Rings[0].Rhythm.Mu[0], medium.Parameters.Rings[0].Structure.GainReal[0]));
    }
}

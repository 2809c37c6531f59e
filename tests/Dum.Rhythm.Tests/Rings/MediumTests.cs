using Dum.Rhythm.Rings;
using Dum.Tests.App;
using Xunit;

namespace Dum.Rhythm.Tests.Rings;

/// <summary>What a medium keeps: its memory, its winding, its bounds, its bits.</summary>
public class MediumTests
{
    static MediumParameters Predictor(double noise = 0, ulong seed = 3)
    {
        Listening[] hears = [.. Enumerable.Range(0, 6).Select(d => new Listening(0, d))];
        Ring resonance = RingPresets.Resonance(30, new ResonanceOptions(), hears, 1, 5);
        return new MediumParameters { Inputs = 1, Seed = seed, Rings = [RingPresets.Echo(12, 0.1), resonance with { Contour = new RingContour { Noise = noise } }] };
    }

    static void Feed(Medium<double> medium, int from, int to)
    {
        for (int t = from; t < to; t++)
        {
            medium.Hear([Math.Sin(0.3 * t) + (0.2 * Math.Cos(1.7 * t))]);
            medium.Advance(1);
        }
    }

    [Fact]
    public void Evenly_spaced_resonators_give_back_what_they_heard()
    {
        // A second ring hears the first at delays 0…9; its frequencies moved by exactly the past inputs.
        Listening[] hears = [.. Enumerable.Range(0, 10).Select(d => new Listening(0, d))];
        var ears = new RingStructure { Count = 10, Modulation = [.. Enumerable.Range(0, 110).Select(i => i % 11 == 1 + (i / 11) ? 1.0 : 0)], Listens = hears };
        var ring = new Ring(ears, new RingRhythm { Omega = new double[10], Mu = [.. Enumerable.Repeat(-1e-300, 10)] }, new RingContour());
        var medium = new Medium<double>(new MediumParameters { Inputs = 1, Rings = [RingPresets.Echo(20, 0.02), ring] });
        double[] heard = [.. Enumerable.Range(0, 30).Select(t => Math.Sin(t * t))];
        for (int t = 0; t < 30; t++)
        {
            for (int j = 0; j < 10; j++)
                (medium.Real(1)[j], medium.Imaginary(1)[j]) = (1, 0);
            medium.Hear([heard[t]]);
            medium.Advance(1);
        }

        for (int d = 0; d < 10; d++)
            Assert.Equal(heard[29 - d], Math.Atan2(medium.Imaginary(1)[d], medium.Real(1)[d]), 1e-9);
    }

    [Fact]
    public void Winding_numbers_survive_noise_and_bursts()
    {
        const int Count = 24;
        Ring quiet = RingPresets.PhaseRegister(Count);
        var medium = new Medium<double>(new MediumParameters { Inputs = 0, Rings = [quiet with { Contour = new RingContour { Kappa = 1, Noise = 0.1 } }] });
        for (int j = 0; j < Count; j++)
            (medium.Imaginary(0)[j], medium.Real(0)[j]) = Math.SinCos(2 * Math.PI * 3 * j / Count);
        medium.Advance(200);

        double turns = 0;
        for (int j = 0; j < Count; j++)
        {
            int k = (j + 1) % Count;
            double step = Math.Atan2(medium.Imaginary(0)[k], medium.Real(0)[k]) - Math.Atan2(medium.Imaginary(0)[j], medium.Real(0)[j]);
            turns += Math.IEEERemainder(step, 2 * Math.PI) / (2 * Math.PI);
        }
        Assert.Equal(3, turns, 9);
    }

    [Fact]
    public void A_saved_medium_goes_on_with_the_same_bits()
    {
        using var folder = new ScratchFolder();
        var medium = new Medium<double>(Predictor(noise: 0.05));
        Feed(medium, 0, 40);
        medium.Hear([0.7]);
        MediumFile.Save(medium, folder["m"]);
        Medium<double> again = MediumFile.Load(folder["m"]);
        foreach (Medium<double> m in (Medium<double>[])[medium, again])
        {
            m.Advance(0.37);
            Feed(m, 41, 60);
        }

        Assert.Equal(Samples.State(medium), Samples.State(again));
        Assert.Equal(medium.Time, again.Time);
    }

    [Fact]
    public void A_damaged_or_foreign_file_is_refused_in_one_line()
    {
        using var folder = new ScratchFolder();
        MediumFile.Save(new Medium<double>(Predictor()), folder["m"]);
        byte[] whole = File.ReadAllBytes(folder["m"]);
        foreach (int at in (int[])[0, 8, 20, whole.Length / 2, whole.Length - 1])
        {
            byte[] torn = [.. whole];
            torn[at] ^= 0x40;
            File.WriteAllBytes(folder["torn"], torn);
            Assert.DoesNotContain('\n', Assert.Throws<DumException>(() => MediumFile.Load(folder["torn"])).Message);
        }
        Assert.Equal(3, Assert.Throws<DumException>(() => MediumFile.Load(folder["none"])).ExitCode);
    }

    [Fact]
    public void The_same_seed_fluctuates_alike_and_another_one_does_not()
    {
        double[] Run(ulong seed)
        {
            var medium = new Medium<double>(Predictor(noise: 0.1, seed));
            Feed(medium, 0, 20);
            return Samples.State(medium);
        }
        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
    }

    [Fact]
    public void Fluctuation_has_the_variance_of_its_process()
    {
        // Ornstein–Uhlenbeck: each part settles at σ²/(2γ).
        var ring = new Ring(new RingStructure { Count = 64 }, new RingRhythm { Omega = [.. Enumerable.Range(0, 64).Select(j => 0.1 * j)], Mu = [.. Enumerable.Repeat(-0.5, 64)] }, new RingContour { Noise = 0.3 });
        var medium = new Medium<double>(new MediumParameters { Inputs = 0, Rings = [ring] });
        double sum = 0;
        for (int i = 0; i < 400; i++)
        {
            medium.Advance(4);
            sum += medium.Energy(0) / 64 / 2;
        }
        Assert.Equal(0.09, sum / 400, 0.005);
    }

    [Fact]
    public void Nothing_is_allocated_by_a_step()
    {
        var medium = new Medium<double>(Predictor(noise: 0.1));
        var full = new Medium<double>(Samples.Full(Composition.Fourth, 0.1));
        Samples.Start(full);
        double[] input = [0.5];
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Run()
        {
            for (int i = 0; i < 50; i++)
            {
                medium.Hear(input);
                medium.Advance(i % 2 == 0 ? 1 : 0.3);
                full.Advance(0.25, Samples.TwoTones);
            }
        }
    }

    [Fact]
    public void What_would_explode_or_contradicts_itself_is_refused()
    {
        static MediumParameters With(double mu, double beta) => new() { Inputs = 0, Rings = [new Ring(new RingStructure { Count = 2 }, new RingRhythm { Omega = [1, 2], Mu = [mu, mu], Beta = beta }, new RingContour())] };
        Assert.Throws<DumException>(() => new Medium<double>(With(0.1, 0)));
        Assert.Throws<DumException>(() => new Medium<double>(With(double.NaN, 1)));
        Assert.Throws<DumException>(() => new Medium<double>(With(0.1, -1)));
        Assert.Throws<ArgumentException>(() => new Medium<double>(Predictor()).Hear([double.NaN]));
    }

    [Fact]
    public void Frozen_groups_are_left_alone()
    {
        MediumParameters p = Predictor();
        var medium = new Medium<double>(p);
        Assert.True(medium.Tune(ParameterGroup.Rhythmic, 0));
        p.Frozen = ParameterGroup.Rhythmic;
        Assert.False(medium.Tune(ParameterGroup.Rhythmic, 0));
        Assert.True(medium.Tune(ParameterGroup.Contour, 0));
    }
}

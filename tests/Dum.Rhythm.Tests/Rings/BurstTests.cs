using Dum.Rhythm.Rings;
using Dum.Tests.App;
using Xunit;

namespace Dum.Rhythm.Tests.Rings;

/// <summary>Rings that burst, and rings that are silent or loud and stay so until noise decides.</summary>
public class BurstTests
{
    static MediumParameters Bursting(double angle = 0.5, double recovery = 0.02, double rest = 0.5, double noise = 0, ulong seed = 1)
    {
        Ring ring = RingPresets.Burster(3, 1.3, rest, recovery);
        return new MediumParameters { Inputs = 0, Step = 0.1, StepAngle = angle, Seed = seed, Rings = [ring with { Contour = new RingContour { Kappa = 0.3, Noise = noise } }] };
    }

    static Medium<double> Started(MediumParameters p)
    {
        var medium = new Medium<double>(p);
        (medium.Real(0)[0], medium.Real(0)[1], medium.Real(0)[2]) = (0.1, 0.12, 0.09);
        return medium;
    }

    /// <summary>How often the mean energy rises from below 0.1 to above 1, sampled ten times a unit of time.</summary>
    static int Bursts(IEnumerable<double> energies)
    {
        int bursts = 0;
        bool loud = false;
        foreach (double energy in energies)
            if (loud ? energy < 0.1 : energy > 1)
            {
                loud = !loud;
                bursts += loud ? 1 : 0;
            }
        return bursts;
    }

    static IEnumerable<double> Energies(Medium<double> medium, double time)
    {
        for (int i = 0; i < time * 10; i++)
        {
            medium.Advance(0.1);
            yield return medium.Energy(0) / 3;
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.3)]
    public void As_many_bursts_as_the_period_says(double rest)
    {
        // Ten periods by the slow-recovery limit; the jump at the end of a burst makes each a little longer.
        const double Recovery = 0.01;
        double period = ((2 / rest) + (2 * (Math.Sqrt(2) - ((1 - rest) * Math.Log(1 + (Math.Sqrt(2) / (1 - rest))))))) / Recovery;

        Assert.InRange(Bursts(Energies(Started(Bursting(0.5, Recovery, rest)), 10.5 * period)), 9, 11);
    }

    [Fact]
    public void The_error_falls_with_the_square_of_the_step()
    {
        double[] state = [0.1, 0, 0.12, 0, 0.09, 0, 0.3], truth = new DormandPrince(Bursting(0.5, 0.2), (_, _) => { }).Solve(state, 30, 1e-12);
        double coarse = Error(0.4), fine = Error(0.2);

        Assert.InRange(Math.Log2(coarse / fine), 1.7, 2.4);
        Assert.True(fine < 2e-2, $"{fine}");

        double Error(double angle)
        {
            Medium<double> medium = Started(Bursting(angle, 0.2));
            medium.Reserve(0) = 0.3;
            medium.Advance(30);
            return Samples.Distance([.. Samples.State(medium), medium.Reserve(0)], truth);
        }
    }

    [Fact]
    public void The_books_of_energy_balance_through_bursts()
    {
        // What is left is the error of the steps, which falls with their square.
        (double coarse, double loudest) = Off(0.01);
        double fine = Off(0.005).Error;

        Assert.InRange(loudest, 1.5, 4);
        Assert.InRange(Math.Log2(coarse / fine), 1.8, 2.2);
        Assert.InRange(fine, 0, 1e-2);

        static (double Error, double Loudest) Off(double step)
        {
            Medium<double> medium = Started(Bursting(0.5, 0.2));
            var books = new EnergyBalance(medium);
            double loudest = 0;
            for (int i = 0; i < 60 / step; i++)
            {
                books.Advance(step);
                loudest = Math.Max(loudest, medium.Energy(0) / 3);
            }
            return (Math.Abs(books.Change(0) - books.Gained(0).Total), loudest);
        }
    }

    [Fact]
    public void A_saved_burster_goes_on_with_the_same_bits()
    {
        using var folder = new ScratchFolder();
        Medium<double> medium = Started(Bursting(0.5, 0.2));
        medium.Advance(17);
        MediumFile.Save(medium, folder["m"]);
        Medium<double> again = MediumFile.Load(folder["m"]);
        Assert.NotEqual(0, again.Reserve(0));
        medium.Advance(40);
        again.Advance(40);

        Assert.Equal(Samples.State(medium), Samples.State(again));
        Assert.Equal(medium.Reserve(0), again.Reserve(0));
    }

    [Fact]
    public void Noise_alone_switches_between_rest_and_rhythm_and_can_be_played_again()
    {
        // Without recovery, at growth −0.8, rest and the cycle of energy 1 + √0.2 are both stable.
        MediumParameters Bistable(double noise, ulong seed)
        {
            MediumParameters p = Bursting(recovery: 0, noise: noise, seed: seed);
            Array.Fill(p.Rings[0].Rhythm.Mu, -0.8);
            return p;
        }
        var (rest, loud) = (new Medium<double>(Bistable(0, 1)), new Medium<double>(Bistable(0, 1)));
        loud.Real(0).Fill(1.2);
        rest.Real(0).Fill(0.2);
        rest.Advance(300);
        loud.Advance(300);
        Assert.Equal(0, rest.Energy(0), 1e-9);
        Assert.Equal(1 + Math.Sqrt(0.2), loud.Energy(0) / 3, 1e-2);

        List<double> Run(ulong seed) => [.. Energies(new Medium<double>(Bistable(0.3, seed)), 3000)];
        List<double> first = Run(1);
        Assert.Equal(first, Run(1));
        Assert.NotEqual(first, Run(2));
        Assert.True(Bursts(first) >= 10, $"{Bursts(first)}");
        // Metastable: it stays hundreds of turns where it is, so the middle is seldom seen.
        Assert.True(first.Count(e => e is > 0.4 and < 0.7) < first.Count / 5, $"{first.Count(e => e is > 0.4 and < 0.7)}");
    }

    [Theory]
    [InlineData(1e3)]
    [InlineData(1e30)]
    public void An_exploding_start_comes_back(double size)
    {
        Medium<double> medium = Started(Bursting());
        medium.Real(0).Fill(size);
        medium.Advance(500);

        Assert.InRange(medium.Energy(0) / 3, 0, 4);
    }

    [Fact]
    public void Parameters_that_could_not_burst_are_refused()
    {
        static MediumParameters With(double beta, double quintic, double recovery, Composition composition = Composition.Strang) => new()
        {
            Inputs = 0,
            Composition = composition,
            Rings = [new Ring(new RingStructure { Count = 1 }, new RingRhythm { Omega = [1], Mu = [-1], Beta = beta, Quintic = quintic, Recovery = recovery }, new RingContour())],
        };
        Assert.Throws<DumException>(() => new Medium<double>(With(-1, 0, 0)));
        Assert.Throws<DumException>(() => new Medium<double>(With(1, 0, 0.1)));
        Assert.Throws<DumException>(() => new Medium<double>(With(-1, double.NaN, 0)));
        Assert.Throws<DumException>(() => new Medium<double>(With(-1, 1, 0, Composition.Fourth)));
    }
}

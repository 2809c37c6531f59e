using Dum.Rhythm.Rings;
using Xunit;

namespace Dum.Rhythm.Tests.Rings;

/// <summary>The composed flows against an integrator that shares nothing with them, and against closed solutions.</summary>
public class IntegratorTests
{
    [Theory]
    [InlineData(Composition.Strang, 0.05, 2)]
    [InlineData(Composition.Fourth, 0.1, 4)]
    public void The_error_falls_with_the_order_of_the_composition(Composition composition, double step, int order)
    {
        double[] truth = Samples.Reference(composition, 4);
        double coarse = Error(composition, step, truth), fine = Error(composition, step / 2, truth);

        Assert.InRange(Math.Log2(coarse / fine), order - 0.25, order + 0.6);
        Assert.True(fine < (order == 2 ? 3e-3 : 1e-5), $"{fine}");

        static double Error(Composition composition, double step, double[] truth)
        {
            var medium = new Medium<double>(Samples.Full(composition, step));
            Samples.Start(medium);
            medium.Advance(4, Samples.TwoTones);
            return Samples.Distance(Samples.State(medium), truth);
        }
    }

    [Theory]
    [InlineData(Composition.Strang, 1e-5)]
    [InlineData(Composition.Fourth, 1e-9)]
    public void Step_doubling_keeps_its_tolerance(Composition composition, double tolerance)
    {
        var medium = new Medium<double>(Samples.Full(composition, 1));
        Samples.Start(medium);
        var stepper = new AdaptiveStepper<double>(medium, tolerance);

        stepper.Advance(6, Samples.TwoTones);

        // Errors of single steps add up over the interval, and the medium forgets some of them.
        Assert.True(Samples.Distance(Samples.State(medium), Samples.Reference(composition, 6)) < 300 * tolerance);
        Assert.Equal(6, medium.Time, 12);
        Assert.InRange(stepper.Counts.Refused, 0, stepper.Counts.Kept / 4);
    }

    [Fact]
    public void A_fast_ring_takes_steps_of_its_own()
    {
        // At ω = 40 a step of 0.05 turns by two radians: the ring is pushed while it turns unless it takes smaller steps.
        double[] truth = Samples.Reference(Composition.Strang, 3, fastest: 40);

        double common = Error(double.PositiveInfinity), own = Error(0.05);
        Assert.True(common > 8 * own && own < 1e-3, $"{common} {own}");

        double Error(double angle)
        {
            var medium = new Medium<double>(Samples.Full(Composition.Strang, 0.05, angle, fastest: 40));
            Samples.Start(medium);
            medium.Advance(3, Samples.TwoTones);
            return Samples.Distance(Samples.State(medium), truth);
        }
    }

    [Theory]
    [InlineData(0.5, 1.5, 0.2)]
    [InlineData(0, 1.5, 0)]
    [InlineData(1e-9, 0.4, 1)]
    [InlineData(-0.7, 0.4, 0.3)]
    public void One_oscillator_follows_the_closed_solution(double mu, double beta, double delta)
    {
        // Stuart–Landau from radius 2: r² = μr₀²e^(2μt)/(μ + βr₀²(e^(2μt) − 1)); θ = ωt − δ/(2β)·log(1 + βr₀²(e^(2μt) − 1)/μ).
        const double Omega = 1.1, Time = 3.7;
        var medium = new Medium<double>(new MediumParameters
        {
            Inputs = 0,
            StepAngle = double.PositiveInfinity,
            Step = 0.5,
            Rings = [new Ring(new RingStructure { Count = 1 }, new RingRhythm { Omega = [Omega], Mu = [mu], Beta = beta, Delta = delta }, new RingContour())],
        });
        medium.Real(0)[0] = 2;
        medium.Advance(Time);

        double felt = Math.Abs(mu) < 1e-6 ? 2 * Time : (Math.Exp(2 * mu * Time) - 1) / mu, shrink = 1 + (beta * 4 * felt);
        double radius = 2 * Math.Exp(mu * Time) / Math.Sqrt(shrink), angle = (Omega * Time) - (delta / (2 * beta) * Math.Log(shrink));
        Assert.Equal(radius * Math.Cos(angle), medium.Real(0)[0], 7);
        Assert.Equal(radius * Math.Sin(angle), medium.Imaginary(0)[0], 7);
    }

    [Fact]
    public void A_bank_of_resonators_is_exact_in_one_step_and_time_may_be_cut_anywhere()
    {
        MediumParameters p = new() { Inputs = 1, Rings = [RingPresets.Echo(20, 0.05), Samples.Ring(3, 3, -0.5, 0.5, 0, 0, saturates: false) with { Structure = new RingStructure { Count = 3, GainReal = [1, 2, 3], GainImaginary = [0, 1, -1] } }] };
        var (whole, cut) = (new Medium<double>(p), new Medium<double>(p));
        foreach (Medium<double> m in (Medium<double>[])[whole, cut])
            m.Hear([0.8]);
        whole.Advance(10);
        foreach (double part in (double[])[0.1, 3.3, 0.007, 6.593])
            cut.Advance(part);

        Assert.True(Samples.Distance(Samples.State(whole), Samples.State(cut)) < 1e-13);
        // ż = λz + b·u from rest: z = (e^λt − 1)/λ·b·u, plus nothing from a kick that came before.
        RingRhythm h = p.Rings[1].Rhythm;
        var lambda = new System.Numerics.Complex(h.Mu[1], h.Omega[1]);
        System.Numerics.Complex z = (System.Numerics.Complex.Exp(lambda * 10) - 1) / lambda * new System.Numerics.Complex(2, 1) * 0.8;
        Assert.Equal(z.Real, whole.Real(1)[1], 12);
        Assert.Equal(z.Imaginary, whole.Imaginary(1)[1], 12);
    }

    [Fact]
    public void The_books_of_energy_balance()
    {
        var medium = new Medium<double>(Samples.Full(Composition.Fourth, 0.02));
        Samples.Start(medium);
        medium.Hear([0.4, -0.2]);
        var books = new EnergyBalance(medium);
        for (int i = 0; i < 500; i++)
            books.Advance(0.02);

        for (int r = 0; r < medium.Rings; r++)
        {
            Assert.InRange(books.Error(r), 0, 1e-6);
            RingPower g = books.Gained(r);
            Assert.True(g.Local != 0 && g.Drive != 0 && g.Exchange != 0);
        }
    }

    [Fact]
    public void Without_growth_damping_and_drive_a_ring_only_turns()
    {
        // μ = −1e−300 passes the check for growth and damps nothing.
        var ring = new Ring(new RingStructure { Count = 7 }, new RingRhythm { Omega = [1, 2, 3, 4, 5, 6, 7], Mu = [.. Enumerable.Repeat(-1e-300, 7)] }, new RingContour());
        var medium = new Medium<double>(new MediumParameters { Inputs = 0, Rings = [ring] });
        Samples.Start(medium);
        double before = medium.Energy(0);
        for (int i = 0; i < 100_000; i++)
            medium.Advance(0.1);

        Assert.Equal(before, medium.Energy(0), before * 1e-11);
    }

    [Fact]
    public void Single_precision_stays_near_double_over_a_long_run()
    {
        MediumParameters p = new() { Inputs = 0, Rings = [RingPresets.Pacemaker(12, 1.5)], Step = 0.05 };
        var (precise, quick) = (new Medium<double>(p), new Medium<float>(p));
        for (int j = 0; j < 12; j++)
            (precise.Real(0)[j], quick.Real(0)[j]) = (1, 1);
        precise.Advance(500);
        quick.Advance(500);

        for (int j = 0; j < 12; j++)
            Assert.Equal(precise.Real(0)[j], quick.Real(0)[j], 2e-2);
    }
}

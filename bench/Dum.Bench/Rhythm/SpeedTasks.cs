using System.Numerics;
using Dum.Numerics;
using Dum.Rhythm.Learning;
using Dum.Rhythm.Rings;

namespace Dum.Bench.Rhythm;

/// <summary>How fast the medium and its readout run, on one core, in processor time.</summary>
static class SpeedTasks
{
    const int Rounds = 11, WarmUp = 1000;

    public static Table Measure()
    {
        var table = new Table($"Speed, one core, processor time; median of {Rounds}", ("row", ""), ("value", "0.####e+0"), ("goal", "0.####e+0"), ("best peer", "0.####e+0"));
        table.Add("oscillator-steps per second, double (Strang, 32 rings × 16, κ 0.3, two tones)", Rate<double>(), 1.5e8, 2.2e6);
        table.Add("oscillator-steps per second, float", Rate<float>(), 3e8, null);
        (double seconds, double error) = Solve();
        table.Add("512 oscillators, T = 100, ω ≤ 10, fourth order, step 0.0625: seconds", seconds, 0.05, 1.62);
        table.Add("its largest error, beside the same at step 0.0078125", error, 3e-6, 6.8e-7);
        table.Add("online updates per second, 1,000 features in blocks of 50", Updates(50), 5000, 146);
        table.Add("the same in one block (exact)", Updates(0), null, 146);
        return table;
    }

    /// <summary>32 rings of 16 limit cycles, frequencies up to 10, a coupling of 0.3 and two tones.</summary>
    static MediumParameters Rings(double step, Composition composition, double angle = double.PositiveInfinity)
    {
        var random = new Philox(1, 0x42454E43);
        return new MediumParameters
        {
            Inputs = 1,
            Step = step,
            StepAngle = angle,
            Composition = composition,
            Rings = [.. Enumerable.Range(0, 32).Select(r => new Ring(
                new RingStructure { Count = 16, GainReal = [.. Enumerable.Repeat(0.3, 16)], GainImaginary = new double[16] },
                new RingRhythm { Omega = [.. Enumerable.Range(0, 16).Select(j => j == 0 ? 10 : 10 * random.Unit((uint)r, (uint)j, 0))], Mu = [.. Enumerable.Repeat(0.5, 16)], Beta = 1 },
                new RingContour { Kappa = 0.3 }))],
        };
    }

    static void Tones(double t, Span<double> u) => u[0] = Math.Sin(0.9 * t) + (0.5 * Math.Sin(2.3 * t));

    static void Start<T>(Medium<T> medium) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int r = 0; r < medium.Rings; r++)
            medium.Real(r).Fill(T.One);
    }

    static double Rate<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Steps = 20_000;
        var medium = new Medium<T>(Rings(0.1, Composition.Strang, 10 * 0.0125));
        Start(medium);
        // Inputs are held from sample to sample, as a stream brings them: eight steps of 0.0125 each.
        var input = new double[1];
        void Run()
        {
            for (int i = 0; i < Steps / 8; i++)
            {
                Tones(medium.Time, input);
                medium.Hear(input);
                medium.Advance(0.1);
            }
        }
        return 512.0 * Steps / Seconds(Run);
    }

    static (double Seconds, double Error) Solve()
    {
        double[] truth = At(0.0078125, out _), found = At(0.0625, out double seconds);
        return (seconds, truth.Zip(found, (a, b) => Math.Abs(a - b)).Max());

        static double[] At(double step, out double seconds)
        {
            Medium<double> medium = null!;
            seconds = Seconds(() =>
            {
                medium = new Medium<double>(Rings(step, Composition.Fourth));
                Start(medium);
                medium.Advance(100, Tones);
            });
            return [.. Enumerable.Range(0, medium.Rings).SelectMany(r => medium.Real(r).ToArray().Concat(medium.Imaginary(r).ToArray()))];
        }
    }

    static double Updates(int block)
    {
        const int Features = 1000;
        int samples = block == 0 ? 60 : 4000;
        var random = new Philox(2, 0x52);
        double[][] x = [.. Enumerable.Range(0, 50).Select(t => Enumerable.Range(0, Features).Select(i => random.Normal((uint)i, (uint)t, 0).First).ToArray())];
        var readout = new RlsReadout(Features, 1, 0.999, 1, block);
        return samples / Seconds(() =>
        {
            for (int t = 0; t < samples; t++)
                readout.Learn(x[t % x.Length], [x[t % x.Length][0]]);
        });
    }

    static double Seconds(Action run)
    {
        // What runs first is not yet what the compiler makes of it in the end, some tenths of a second later.
        for (long until = Environment.TickCount64 + WarmUp; Environment.TickCount64 < until;)
            run();
        var times = new double[Rounds];
        for (int i = 0; i < Rounds; i++)
        {
            double before = Cpu.Self;
            run();
            times[i] = Cpu.Self - before;
        }
        return Spread.Of(times).Median;
    }
}

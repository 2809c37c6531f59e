using Dum.Numerics;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Map;

/// <summary>Discrete steps by a rule for any equation, against flows that are solved exactly and composed.</summary>
static class StepsRow
{
    const int RingCount = 32, Size = 16;
    const double Kappa = 0.3, Gain = 0.3, Mu = 0.5, Beta = 1, Step = 0.0625, Fastest = 10;

    public static MapExperiment Make(MapOptions o)
    {
        double time = o.Quick ? 20 : 100;
        return new MapExperiment(new MapRow(
            "steps", new("discrete steps", "дискретные шаги"),
            new($"{RingCount} rings of {Size} oscillators under two tones, T = {time}", $"колец {RingCount} по {Size} осцилляторов под двумя тонами, T = {time}"),
            new("log10 of the largest error", "log10 наибольшей ошибки"), Less: true,
            new("exact flows, composed to fourth order", "точные потоки, составленные до четвёртого порядка"),
            new("classic Runge–Kutta, as many steps as the time allows", "классический Рунге — Кутта, шагов сколько успеет за то же время"), null, null,
            new("both beside the flows at an eighth of the step", "оба — рядом с потоками при шаге в восемь раз меньше")),
            seed =>
            {
                Medium<double> medium = Solved(Step, seed, time);
                return new MapOutcome(() => Worst(Real(medium), Real(Solved(Step / 8, seed, time))), medium);
            },
            (seed, seconds) =>
            {
                var classic = new RungeKutta(Parameters(Step, seed), Drive);
                // How long a step takes is measured, so that the time is used up.
                const int Trial = 200;
                double each = MapExperiment.Least(() => classic.Run(Trial, time / Trial)) / Trial;
                int steps = (int)Math.Max(Trial, seconds / each);
                double[] found = classic.Run(steps, time / steps);
                return new MapOutcome(() => Worst(found, Real(Solved(Step / 8, seed, time))), classic);
            });
    }

    static double Worst(double[] found, double[] truth)
    {
        double most = 1e-16;
        for (int i = 0; i < truth.Length; i++)
            most = Math.Max(most, double.IsFinite(found[i]) ? Math.Abs(found[i] - truth[i]) : 1e3);
        return Math.Log10(most);
    }

    static Medium<double> Solved(double step, ulong seed, double time)
    {
        var medium = new Medium<double>(Parameters(step, seed));
        for (int r = 0; r < medium.Rings; r++)
            medium.Real(r).Fill(1);
        medium.Advance(time, Drive);
        return medium;
    }

    static double[] Real(Medium<double> medium) => [.. Enumerable.Range(0, medium.Rings).SelectMany(r => medium.Real(r).ToArray())];

    static MediumParameters Parameters(double step, ulong seed)
    {
        var random = new Philox(seed, 0x5354);
        return new MediumParameters
        {
            Inputs = 1,
            Step = step,
            StepAngle = double.PositiveInfinity,
            Composition = Composition.Fourth,
            Rings = [.. Enumerable.Range(0, RingCount).Select(r => new Ring(
                new RingStructure { Count = Size, GainReal = [.. Enumerable.Repeat(Gain, Size)], GainImaginary = new double[Size] },
                new RingRhythm { Omega = [.. Enumerable.Range(0, Size).Select(j => j == 0 ? Fastest : Fastest * random.Unit((uint)r, (uint)j, 0))], Mu = [.. Enumerable.Repeat(Mu, Size)], Beta = Beta },
                new RingContour { Kappa = Kappa }))],
        };
    }

    static void Drive(double t, Span<double> u) => u[0] = FixedMath.SinCos(0.9 * t).Sin + (0.5 * FixedMath.SinCos(2.3 * t).Sin);
}

using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Tests.Rings;

/// <summary>Media that use every term of the equation.</summary>
static class Samples
{
    public static Drive TwoTones { get; } = (t, u) => (u[0], u[1]) = (Math.Sin(1.3 * t), 0.5 * Math.Cos(0.7 * t));

    public static MediumParameters Full(Composition composition, double step, double angle = double.PositiveInfinity, double fastest = 3) => new()
    {
        Inputs = 2,
        Composition = composition,
        Step = step,
        StepAngle = angle,
        Rings = [Ring(5, 1, 0.4, fastest, 0.3, 0.5), Ring(8, 2, -0.3, 1, 0, 0), Ring(3, 3, -0.5, 0.5, 0, 0.3, saturates: false, modulated: true)],
        Edges = [new(0, 1, 0.2, 0.4), new(1, 0, 0.15, -1), new(2, 0, 0.1, 2), new(1, 2, 0.3, 0)],
    };

    /// <summary>A ring whose numbers all differ.</summary>
    public static Ring Ring(int count, int seed, double mu, double fastest, double delta, double phi, bool saturates = true, bool modulated = false) => new(
        new RingStructure
        {
            Count = count,
            Mode = seed % 2,
            GainReal = Series(2 * count, seed, 0.7),
            GainImaginary = Series(2 * count, seed + 1, 0.5),
            BiasReal = Series(count, seed + 2, 0.2),
            BiasImaginary = Series(count, seed + 3, 0.2),
            Modulation = modulated ? Series(2 * count, seed + 4, 0.8) : [],
        },
        new RingRhythm { Omega = [.. Series(count, seed + 5, fastest)], Mu = [.. Enumerable.Range(0, count).Select(j => mu * (1 + 0.1 * j))], Beta = saturates ? 0.6 : 0, Delta = delta },
        new RingContour { Kappa = saturates ? 0.5 : 0, Phi = phi });

    public static void Start(Medium<double> medium)
    {
        for (int r = 0; r < medium.Rings; r++)
            for (int j = 0; j < medium.Real(r).Length; j++)
                (medium.Real(r)[j], medium.Imaginary(r)[j]) = (Math.Cos(j + r), Math.Sin((2 * j) - r));
    }

    public static double[] State(Medium<double> medium)
    {
        var state = new List<double>();
        for (int r = 0; r < medium.Rings; r++)
            for (int j = 0; j < medium.Real(r).Length; j++)
                state.AddRange([medium.Real(r)[j], medium.Imaginary(r)[j]]);
        return [.. state];
    }

    public static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    public static double[] Reference(Composition composition, double end, double fastest = 3)
    {
        MediumParameters p = Full(composition, 1, fastest: fastest);
        var medium = new Medium<double>(p);
        Start(medium);
        return new DormandPrince(p, TwoTones).Solve(State(medium), end, 1e-12);
    }

    static double[] Series(int count, int seed, double size) => [.. Enumerable.Range(0, count).Select(i => size * Math.Sin((1.7 * i) + (2.3 * seed) + 0.4))];
}

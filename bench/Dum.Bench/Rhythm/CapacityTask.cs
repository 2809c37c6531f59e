using Dum.Numerics;
using Dum.Rhythm.Learning;
using Dum.Rhythm.Rings;

namespace Dum.Bench.Rhythm;

/// <summary>Linear memory capacity (Jaeger 2001): the sum over delays of the squared correlation between a past input and its best linear reading.</summary>
static class CapacityTask
{
    const int Resonators = 50, Delays = 130, Train = 6000, Test = 6000;

    public static double Measure(ulong seed, double damping = 0.05)
    {
        var medium = new Medium<double>(new MediumParameters { Inputs = 1, Rings = [RingPresets.Echo(Resonators, damping)] });
        var random = new Philox(seed, 0x4341);
        double[] u = [.. Enumerable.Range(0, Train + Test + 1000).Select(t => (2 * random.Unit(0, (uint)t, 0)) - 1)];
        var solver = new RidgeSolver(2 * Resonators, Delays);
        var x = new double[2 * Resonators];
        double[] weights = [];
        var sums = new double[Delays, 5];
        for (int t = 0; t < u.Length; t++)
        {
            medium.Hear([u[t]]);
            medium.Advance(1);
            medium.Real(0).CopyTo(x);
            medium.Imaginary(0).CopyTo(x.AsSpan(Resonators));
            if (t >= 1000 && t < 1000 + Train)
                solver.Add(x, Enumerable.Range(0, Delays).Select(d => u[t - d]).ToArray());
            else if (t == 1000 + Train)
                weights = solver.Solve(1e-12);
            for (int d = 0; d < Delays && t >= 1000 + Train; d++)
            {
                double said = 0, was = u[t - d];
                for (int i = 0; i < x.Length; i++)
                    said += weights[(d * x.Length) + i] * x[i];
                foreach ((int k, double v) in (ReadOnlySpan<(int, double)>)[(0, said), (1, was), (2, said * said), (3, was * was), (4, said * was)])
                    sums[d, k] += v / Test;
            }
        }
        double capacity = 0;
        for (int d = 0; d < Delays; d++)
        {
            double together = sums[d, 4] - (sums[d, 0] * sums[d, 1]);
            capacity += together * together / ((sums[d, 2] - (sums[d, 0] * sums[d, 0])) * (sums[d, 3] - (sums[d, 1] * sums[d, 1])));
        }
        return capacity;
    }
}

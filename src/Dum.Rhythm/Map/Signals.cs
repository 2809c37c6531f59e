using Dum.Numerics;

namespace Dum.Rhythm.Map;

/// <summary>The series that reservoirs are measured on, each from a seed.</summary>
static class Signals
{
    /// <summary>
    /// Mackey–Glass, τ = 17: classic Runge–Kutta, step 0.1, the delayed value between grid points by Hermite's cubic; sampled
    /// at 1.0 after 1,000 units, squashed by tanh(x − 1).
    /// </summary>
    public static double[] MackeyGlass(int count, ulong seed)
    {
        const double Step = 0.1;
        const int Lag = 170, Skip = 1000;
        var start = new Philox(seed, 0x4D47);
        var x = new double[((count + Skip) * 10) + Lag + 1];
        for (uint i = 0; i <= Lag; i++)
            x[i] = 1.2 + (0.2 * (start.Unit(0, i, 0) - 0.5));
        for (int i = Lag; i < x.Length - 1; i++)
        {
            double a = x[i - Lag], b = x[i - Lag + 1], middle = 0.5 * (a + b);
            if (i >= 2 * Lag)
                middle += Step * (Slope(x[i - (2 * Lag)], a) - Slope(x[i - (2 * Lag) + 1], b)) / 8;
            double k1 = Slope(a, x[i]), k2 = Slope(middle, x[i] + (Step / 2 * k1)), k3 = Slope(middle, x[i] + (Step / 2 * k2)), k4 = Slope(b, x[i] + (Step * k3));
            x[i + 1] = x[i] + (Step / 6 * (k1 + (2 * k2) + (2 * k3) + k4));
        }
        return [.. Enumerable.Range(0, count).Select(i => Math.Tanh(x[Lag + ((Skip + i) * 10)] - 1))];

        static double Slope(double delayed, double now) => (0.2 * delayed / (1 + Math.Pow(delayed, 10))) - (0.1 * now);
    }

    /// <summary>Lorenz 1963 with the usual parameters: classic Runge–Kutta, step 0.02, after 2,000 steps; x/8, y/9, (z − 23.5)/8.6.</summary>
    public static double[][] Lorenz(int count, ulong seed)
    {
        const double H = 0.02;
        const int Skip = 2000;
        var start = new Philox(seed, 0x4C4F);
        double x = 1 + start.Unit(0, 0, 0), y = 1 + start.Unit(0, 1, 0), z = 20 + start.Unit(0, 2, 0);
        var found = new double[count][];
        for (int i = -Skip; i < count; i++)
        {
            (double a1, double b1, double c1) = Slope(x, y, z);
            (double a2, double b2, double c2) = Slope(x + (H / 2 * a1), y + (H / 2 * b1), z + (H / 2 * c1));
            (double a3, double b3, double c3) = Slope(x + (H / 2 * a2), y + (H / 2 * b2), z + (H / 2 * c2));
            (double a4, double b4, double c4) = Slope(x + (H * a3), y + (H * b3), z + (H * c3));
            x += H / 6 * (a1 + (2 * a2) + (2 * a3) + a4);
            y += H / 6 * (b1 + (2 * b2) + (2 * b3) + b4);
            z += H / 6 * (c1 + (2 * c2) + (2 * c3) + c4);
            if (i >= 0)
                found[i] = [x / 8, y / 9, (z - 23.5) / 8.6];
        }
        return found;

        static (double, double, double) Slope(double x, double y, double z) => (10 * (y - x), (x * (28 - z)) - y, (x * y) - (8.0 / 3 * z));
    }

    /// <summary>NARMA-10 (Atiya and Parlos 2000): inputs uniform in 0…0.5, and what the system answers one step later; a series that runs away is drawn anew.</summary>
    public static (double[] Input, double[] Next) Narma(int count, ulong seed)
    {
        for (uint attempt = 0; ; attempt++)
        {
            var random = new Philox(seed, 0x4E41);
            double[] u = [.. Enumerable.Range(0, count).Select(i => 0.5 * random.Unit(attempt, (uint)i, 0))];
            var y = new double[count + 1];
            for (int t = 9; t < count; t++)
            {
                double sum = 0;
                for (int i = 0; i < 10; i++)
                    sum += y[t - i];
                y[t + 1] = (0.3 * y[t]) + (0.05 * y[t] * sum) + (1.5 * u[t] * u[t - 9]) + 0.1;
            }
            if (y.All(v => Math.Abs(v) < 2))
                return ([.. u.Select(v => (v - 0.25) / 0.1443)], y[1..]);
        }
    }
}

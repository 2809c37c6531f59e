using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Tests.Rings;

/// <summary>
/// The checker: the medium's equation written down plainly and integrated by the explicit pair of order 5(4) of Dormand and
/// Prince (1980). It shares nothing with the flows it checks.
/// </summary>
sealed class DormandPrince(MediumParameters parameters, Drive drive)
{
    static readonly double[] s_c = [0, 1 / 5.0, 3 / 10.0, 4 / 5.0, 8 / 9.0, 1, 1];
    static readonly double[][] s_a =
    [
        [],
        [1 / 5.0],
        [3 / 40.0, 9 / 40.0],
        [44 / 45.0, -56 / 15.0, 32 / 9.0],
        [19372 / 6561.0, -25360 / 2187.0, 64448 / 6561.0, -212 / 729.0],
        [9017 / 3168.0, -355 / 33.0, 46732 / 5247.0, 49 / 176.0, -5103 / 18656.0],
        [35 / 384.0, 0, 500 / 1113.0, 125 / 192.0, -2187 / 6784.0, 11 / 84.0],
    ];
    static readonly double[] s_error = [71 / 57600.0, 0, -71 / 16695.0, 71 / 1920.0, -17253 / 339200.0, 22 / 525.0, -1 / 40.0];

    /// <summary>Real and imaginary part of every oscillator, alternating, ring after ring; then, where rings burst, the reserve of each.</summary>
    public double[] Solve(double[] start, double end, double tolerance)
    {
        double t = 0, h = 1e-3;
        double[] y = [.. start];
        var k = new double[7][];
        while (t < end)
        {
            h = Math.Min(h, end - t);
            for (int s = 0; s < 7; s++)
            {
                double[] at = [.. y];
                for (int q = 0; q < s; q++)
                    for (int i = 0; i < y.Length; i++)
                        at[i] += h * s_a[s][q] * k[q][i];
                k[s] = Slope(t + (s_c[s] * h), at);
            }
            double error = 0;
            for (int i = 0; i < y.Length; i++)
            {
                double e = 0;
                for (int s = 0; s < 7; s++)
                    e += h * s_error[s] * k[s][i];
                error = Math.Max(error, Math.Abs(e) / (tolerance * (1 + Math.Abs(y[i]))));
            }
            if (error <= 1)
            {
                for (int i = 0; i < y.Length; i++)
                    for (int s = 0; s < 6; s++)
                        y[i] += h * s_a[6][s] * k[s][i];
                t += h;
            }
            h *= Math.Clamp(0.9 * Math.Pow(Math.Max(error, 1e-10), -0.2), 0.2, 5);
        }
        return y;
    }

    double[] Slope(double t, double[] y)
    {
        var u = new double[parameters.Inputs];
        drive(t, u);
        var slope = new double[y.Length];
        int oscillators = 2 * parameters.Oscillators;
        var modes = new System.Numerics.Complex[parameters.Rings.Count];
        for (int r = 0, at = 0; r < modes.Length; at += 2 * parameters.Rings[r++].Structure.Count)
            for (int j = 0, m = parameters.Rings[r].Structure.Count; j < m; j++)
                modes[r] += Turn(-2 * Math.PI * parameters.Rings[r].Structure.Mode * j / m) * new System.Numerics.Complex(y[at + (2 * j)], y[at + (2 * j) + 1]) / m;
        for (int r = 0, at = 0; r < modes.Length; at += 2 * parameters.Rings[r++].Structure.Count)
        {
            (RingStructure s, RingRhythm rhythm, RingContour contour) = parameters.Rings[r];
            System.Numerics.Complex push = 0;
            foreach (ContourEdge e in parameters.Edges.Where(e => e.To == r))
                push += e.Strength * Turn(e.Phase) * modes[e.From];
            for (int j = 0; j < s.Count; j++)
            {
                var z = new System.Numerics.Complex(y[at + (2 * j)], y[at + (2 * j) + 1]);
                int k = (j + s.Count - 1) % s.Count;
                var before = new System.Numerics.Complex(y[at + (2 * k)], y[at + (2 * k) + 1]);
                double turn = rhythm.Omega[j];
                for (int i = 0; i < u.Length && s.Modulation.Length > 0; i++)
                    turn += s.Modulation[(j * u.Length) + i] * u[i];
                double energy = (z.Real * z.Real) + (z.Imaginary * z.Imaginary);
                double reserve = y.Length > oscillators ? y[oscillators + r] : 0;
                if (y.Length > oscillators)
                    slope[oscillators + r] += rhythm.Recovery * (rhythm.Rest - energy) / s.Count;
                System.Numerics.Complex dz = (new System.Numerics.Complex(rhythm.Mu[j] + reserve - (rhythm.Quintic * energy * energy), turn) * z) - (new System.Numerics.Complex(rhythm.Beta, rhythm.Delta) * energy * z)
                    + (contour.Kappa * ((Turn(-contour.Phi) * before) - z)) + (Turn(2 * Math.PI * s.Mode * j / s.Count) * push);
                for (int i = 0; i < u.Length && s.GainReal.Length > 0; i++)
                    dz += new System.Numerics.Complex(s.GainReal[(j * u.Length) + i], s.GainImaginary[(j * u.Length) + i]) * u[i];
                if (s.BiasReal.Length > 0)
                    dz += new System.Numerics.Complex(s.BiasReal[j], s.BiasImaginary[j]);
                (slope[at + (2 * j)], slope[at + (2 * j) + 1]) = (dz.Real, dz.Imaginary);
            }
        }
        return slope;
    }

    static System.Numerics.Complex Turn(double angle) => System.Numerics.Complex.FromPolarCoordinates(1, angle);
}

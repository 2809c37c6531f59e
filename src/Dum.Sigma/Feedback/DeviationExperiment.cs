using Dum.Numerics;
using Dum.Sigma.Formats;

namespace Dum.Sigma.Feedback;

/// <summary>How much of a rounded run's deviation from the unrounded one its own residuals foretell.</summary>
/// <param name="Explained">Share of the squared deviation (R²) that residuals in their places foretell.</param>
/// <param name="ByShuffled">The share that the same residuals in other places foretell.</param>
public sealed record DeviationResult(double Explained, double ByShuffled);

/// <summary>
/// Law 4 with the residuals kept: the deviation δ of a rounded run follows δₜ₊₁ = Jₜ·δₜ + rₜ₊₁ with the residuals r and the map's
/// own slopes J, so whoever keeps the residuals knows where the better system is, without running it.
/// </summary>
public static class DeviationExperiment
{
    /// <summary>Runs the map rounded and unrounded and foretells the difference.</summary>
    /// <param name="weights">[size][size].</param>
    /// <param name="steps">At least 2; the last half counts.</param>
    /// <param name="format">What the state is rounded to.</param>
    /// <param name="seed">Of inputs and shuffles.</param>
    public static DeviationResult Run(float[][] weights, int steps, FloatFormat format, ulong seed)
    {
        var random = new Philox(seed, DrawDomain.CarriedState);
        var map = new RecurrentMap(weights, random);
        int n = map.Size;
        float[] exact = new float[n], rounded = new float[n], next = new float[n];
        double[] foretold = new double[n], misled = new double[n];
        double all = 0, left = 0, leftMisled = 0;
        for (int t = 0; t < steps; t++)
        {
            float[] before = [.. exact];
            map.Next(before, t, exact);
            map.Next(rounded, t, next);
            foretold = map.Carry(foretold, next);
            misled = map.Carry(misled, next);
            float[] residuals = new float[n];
            for (int i = 0; i < n; i++)
            {
                format.Residual(next[i], out rounded[i]);
                residuals[i] = next[i] - rounded[i];
                foretold[i] += residuals[i];
            }
            CarryExperiment.Shuffle(residuals, random, (uint)t);
            for (int i = 0; i < n; i++)
            {
                misled[i] += residuals[i];
                if (t < steps / 2)
                    continue;
                double deviation = (double)exact[i] - rounded[i];
                all += deviation * deviation;
                left += (deviation - foretold[i]) * (deviation - foretold[i]);
                leftMisled += (deviation - misled[i]) * (deviation - misled[i]);
            }
        }
        return new DeviationResult(1 - (left / all), 1 - (leftMisled / all));
    }
}

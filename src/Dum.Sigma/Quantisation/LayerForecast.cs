namespace Dum.Sigma.Quantisation;

/// <summary>
/// What is reachable in a matrix before any work is done, from the second moments of its inputs alone (law 6 of docs/sigma.md).
/// </summary>
/// <param name="Feedback">Squared error after error feedback, as a share of that of rounding to nearest: Σ D / tr H.</param>
/// <param name="Floor">The least share that any feedback in any basis can reach: geometric over arithmetic mean of the eigenvalues of H.</param>
public readonly record struct LayerForecast(double Feedback, double Floor)
{
    /// <summary>The forecast of a Hessian.</summary>
    internal static LayerForecast Of(double[] hessian, int n, ErrorFeedback feedback)
    {
        double trace = 0, costs = 0, logs = 0;
        for (int k = 0; k < n; k++)
        {
            trace += hessian[(k * n) + k];
            costs += feedback.Costs[k];
            // The determinant is the product of D.
            logs += Math.Log(feedback.Costs[k]);
        }
        return new LayerForecast(costs / trace, Math.Exp(logs / n) / (trace / n));
    }
}

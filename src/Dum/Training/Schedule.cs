namespace Dum.Training;

/// <summary>The learning rate of a step: a rise in a straight line, then a fall in a straight line to a twentieth (arXiv 2502.15938 finds such a fall the best).</summary>
/// <param name="Highest">Rate at the end of the rise.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Warmup">Share of them that rises.</param>
readonly record struct Schedule(double Highest, int Steps, double Warmup)
{
    const double Lowest = 0.05;

    /// <param name="step">From 1.</param>
    public double Rate(int step)
    {
        double rise = Math.Max(1, Steps * Warmup);
        if (step <= rise)
            return Highest * step / rise;
        double gone = (step - rise) / Math.Max(1, Steps - rise);
        return Highest * (1 - ((1 - Lowest) * Math.Min(1, gone)));
    }
}

namespace Dum.Sigma.Quantisation;

/// <summary>How much of what rounding to nearest costs is won back, on text that nothing was chosen by.</summary>
/// <param name="ids">Tokens of that text.</param>
/// <param name="quantiser">Of the model.</param>
/// <param name="threads">Threads that run it.</param>
/// <param name="cancel">Checked between pieces.</param>
sealed class LossShare(int[] ids, ModelQuantiser quantiser, int threads, CancellationToken cancel)
{
    /// <summary>The mean loss of the model as it is now, nats a token.</summary>
    public double Loss() => TextRun.Losses(quantiser.Model, ids, threads, cancel).Average();

    /// <summary>Student's 95 % interval of a mean: half its width.</summary>
    public static double HalfWidth(IReadOnlyList<double> values)
    {
        if (values.Count < 2)
            return double.NaN;
        double mean = values.Average(), variance = values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1);
        double[] student = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];
        return (values.Count - 2 < student.Length ? student[values.Count - 2] : 1.96) * Math.Sqrt(variance / values.Count);
    }
}

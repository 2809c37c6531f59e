using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Learning;

/// <summary>
/// Linear readout learned by normalised least mean squares (Nagumo and Noda 1967): each sample moves the weights along its
/// features by a share of the error. 2·F multiplications per sample and output; slower to learn than <see cref="RlsReadout"/>, never unstable.
/// </summary>
/// <param name="features">F.</param>
/// <param name="outputs">Numbers predicted at once.</param>
/// <param name="rate">Share of the error removed at a sample, in (0, 2).</param>
public sealed class LmsReadout(int features, int outputs, double rate = 0.5)
{
    readonly double[] _weights = new double[features * outputs];

    /// <summary>Weights, outputs × F.</summary>
    public Span<double> Weights => _weights;

    /// <summary>Predicts from features.</summary>
    public void Predict(ReadOnlySpan<double> x, Span<double> to)
    {
        for (int o = 0; o < outputs; o++)
            to[o] = VectorMath.Dot(_weights.AsSpan(o * features, features), x);
    }

    /// <summary>Learns one sample; a target that is NaN is not known.</summary>
    public void Learn(ReadOnlySpan<double> x, ReadOnlySpan<double> targets)
    {
        double size = VectorMath.Dot(x, x) + 1e-12;
        for (int o = 0; o < outputs; o++)
        {
            Span<double> w = _weights.AsSpan(o * features, features);
            double error = targets[o] - VectorMath.Dot(w, x);
            if (double.IsFinite(error))
                VectorMath.AddScaled(w, x, rate * error / size);
        }
    }
}

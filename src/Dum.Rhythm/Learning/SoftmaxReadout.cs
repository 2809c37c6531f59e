using Dum.Numerics;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Learning;

/// <summary>
/// Names the next of several classes: a linear readout behind a softmax, learned sample by sample by steps of Newton's kind
/// along the gain of recursive least squares, which all classes share (after Böhning 1992): Δw_c = η·(y_c − p_c)·P·x/total.
/// Cost per sample that of the gain and 2·F for each class seen. Nothing is allocated but at a class's first sight. Not thread-safe.
/// </summary>
public sealed class SoftmaxReadout
{
    // Errors below this move nothing.
    const double Least = 1e-4;

    readonly RlsGain _gain;
    readonly double[]?[] _weights;
    readonly List<int> _seen = [];
    readonly double[] _belief;
    readonly int _features;
    readonly double _rate, _forgetting;
    long _count;

    /// <summary>Makes a readout that has seen no class.</summary>
    /// <param name="features">F.</param>
    /// <param name="classes">How many there may be.</param>
    /// <param name="rate">η; above 1, since the slope p·(1 − p) of a belief is below that of a line.</param>
    /// <param name="ridge">Penalty on the squared weights, above 0.</param>
    /// <param name="block">Features per block; 0 for one block of all.</param>
    /// <param name="forgetting">λ in (0, 1].</param>
    public SoftmaxReadout(int features, int classes, double rate = 4, double ridge = 1, int block = 64, double forgetting = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (!(rate > 0 && ridge > 0 && forgetting is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(rate), "rate and ridge lie above 0, forgetting in (0, 1]");
        _gain = new RlsGain(features, ridge, block);
        (_weights, _belief, _features, _rate, _forgetting) = (new double[]?[classes], new double[classes], features, rate, forgetting);
    }

    /// <summary>Believes in classes; those never seen share a part that falls as samples come.</summary>
    /// <param name="features">F numbers.</param>
    /// <returns>A probability for each class.</returns>
    public ReadOnlySpan<double> Predict(ReadOnlySpan<double> features)
    {
        double most = double.NegativeInfinity, sum = 0, escape = _seen.Count == 0 ? 1 : 4 / (_count + 8.0);
        foreach (int c in _seen)
            most = Math.Max(most, _belief[c] = VectorMath.Dot(_weights[c], features));
        foreach (int c in _seen)
            sum += _belief[c] = FixedMath.Exp(_belief[c] - most);
        foreach (int c in _seen)
            _belief[c] *= (1 - escape) / sum;
        for (int c = 0; c < _belief.Length; c++)
            _belief[c] = (_weights[c] is null ? 0 : _belief[c]) + (escape / _belief.Length);
        return _belief;
    }

    /// <summary>Learns what <see cref="Predict"/> should have said of the same features.</summary>
    /// <param name="features">F finite numbers.</param>
    /// <param name="label">The class that came.</param>
    public void Learn(ReadOnlySpan<double> features, int label)
    {
        _count++;
        if (_weights[label] is null)
        {
            _weights[label] = new double[_features];
            _seen.Add(label);
        }
        double scale = _rate / _gain.Take(features, _forgetting);
        foreach (int c in _seen)
            if ((c == label ? 1 : 0) - _belief[c] is var error && Math.Abs(error) > Least)
                VectorMath.AddScaled(_weights[c], _gain.Direction, error * scale);
    }
}

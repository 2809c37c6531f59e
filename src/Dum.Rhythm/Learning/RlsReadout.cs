using Dum.Coding;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Learning;

/// <summary>
/// Linear readout learned sample by sample by recursive least squares with forgetting, in blocks (<see cref="RlsGain"/>):
/// one is exact least squares at 1.5·F² multiplications per sample, blocks of n features cost 1.5·F·n. Nothing is allocated per sample. Not thread-safe.
/// </summary>
public sealed class RlsReadout
{
    readonly RlsGain _gain;
    readonly double[] _weights, _errors;

    /// <summary>Makes a readout with all weights 0.</summary>
    /// <param name="features">F.</param>
    /// <param name="outputs">Numbers predicted at once.</param>
    /// <param name="forgetting">λ in (0, 1]: the weight of a sample falls by it with each later one; 1 forgets nothing.</param>
    /// <param name="ridge">Penalty on the squared weights, above 0.</param>
    /// <param name="block">Features per block; 0 for one block of all.</param>
    public RlsReadout(int features, int outputs, double forgetting = 1, double ridge = 1e-3, int block = 64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        if (!(forgetting is > 0 and <= 1 && ridge > 0))
            throw new ArgumentOutOfRangeException(nameof(forgetting), "forgetting lies in (0, 1], ridge above 0");
        (Features, Outputs, Forgetting) = (features, outputs, forgetting);
        _gain = new RlsGain(features, ridge, block);
        (_weights, _errors) = (new double[features * outputs], new double[outputs]);
    }

    /// <summary>Length of a sample, F.</summary>
    public int Features { get; }

    /// <summary>Numbers predicted.</summary>
    public int Outputs { get; }

    /// <summary>λ.</summary>
    public double Forgetting { get; set; }

    /// <summary>Weights, outputs × F.</summary>
    public Span<double> Weights => _weights;

    /// <summary>Predicts from features.</summary>
    /// <param name="features">F numbers.</param>
    /// <param name="outputs">Receives the prediction.</param>
    public void Predict(ReadOnlySpan<double> features, Span<double> outputs)
    {
        for (int o = 0; o < Outputs; o++)
            outputs[o] = VectorMath.Dot(_weights.AsSpan(o * Features, Features), features);
    }

    /// <summary>Learns one sample.</summary>
    /// <param name="features">F finite numbers.</param>
    /// <param name="targets">What <see cref="Predict"/> should have said; NaN where it is not known.</param>
    public void Learn(ReadOnlySpan<double> features, ReadOnlySpan<double> targets)
    {
        for (int o = 0; o < Outputs; o++)
        {
            double error = targets[o] - VectorMath.Dot(_weights.AsSpan(o * Features, Features), features);
            _errors[o] = double.IsFinite(error) ? error : 0;
        }
        double total = _gain.Take(features, Forgetting);
        for (int o = 0; o < Outputs; o++)
            VectorMath.AddScaled(_weights.AsSpan(o * Features, Features), _gain.Direction, _errors[o] / total);
    }

    internal void Write(ByteWriter to)
    {
        to.Doubles(_weights);
        _gain.Write(to);
    }

    /// <summary>Restores a readout of the same shape.</summary>
    internal void Read(ref ByteReader from)
    {
        if (from.Count(8) != _weights.Length)
            throw from.Damaged();
        from.Doubles(_weights);
        _gain.Read(ref from);
    }
}

using Dum.Coding;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Learning;

/// <summary>
/// Linear readout learned sample by sample by recursive least squares with forgetting. Features are cut into blocks that
/// share the error and one denominator but keep no covariance between each other: one block is exact least squares at
/// 3·F² multiplications per sample, blocks of n cost 3·F·n. Nothing is allocated per sample. Not thread-safe.
/// </summary>
public sealed class RlsReadout
{
    readonly RlsBlock[] _blocks;
    readonly double[] _weights, _errors;
    readonly int _block;

    /// <summary>Makes a readout with all weights 0.</summary>
    /// <param name="features">F.</param>
    /// <param name="outputs">Numbers predicted at once.</param>
    /// <param name="forgetting">λ in (0, 1]: the weight of a sample falls by it with each later one; 1 forgets nothing.</param>
    /// <param name="ridge">Penalty on the squared weights, above 0.</param>
    /// <param name="block">Features per block; 0 for one block of all.</param>
    public RlsReadout(int features, int outputs, double forgetting = 1, double ridge = 1e-3, int block = 64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(block);
        if (!(forgetting is > 0 and <= 1 && ridge > 0))
            throw new ArgumentOutOfRangeException(nameof(forgetting), "forgetting lies in (0, 1], ridge above 0");
        (Features, Outputs, Forgetting) = (features, outputs, forgetting);
        _block = block == 0 ? features : Math.Min(block, features);
        _blocks = [.. Enumerable.Range(0, (features + _block - 1) / _block).Select(b => new RlsBlock(Math.Min(_block, features - (b * _block)), ridge))];
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
        double total = Forgetting;
        Span<double> own = stackalloc double[_blocks.Length <= 256 ? _blocks.Length : 0];
        double[]? many = own.IsEmpty ? new double[_blocks.Length] : null;
        own = many ?? own;
        for (int b = 0; b < _blocks.Length; b++)
            total += own[b] = _blocks[b].Observe(features.Slice(b * _block, _blocks[b].Size));
        for (int b = 0; b < _blocks.Length; b++)
        {
            for (int o = 0; o < Outputs; o++)
                VectorMath.AddScaled(_weights.AsSpan((o * Features) + (b * _block), _blocks[b].Size), _blocks[b].Gain, _errors[o] / total);
            _blocks[b].Update(own[b], total, Forgetting);
        }
    }

    internal void Write(ByteWriter to)
    {
        to.Doubles(_weights);
        foreach (RlsBlock block in _blocks)
        {
            to.Double(block.Trace);
            to.Doubles(block.Factor);
        }
    }

    /// <summary>Restores a readout of the same shape.</summary>
    internal void Read(ref ByteReader from)
    {
        Fill(ref from, _weights);
        foreach (RlsBlock block in _blocks)
        {
            block.Trace = from.Double();
            Fill(ref from, block.Factor);
        }
    }

    static void Fill(ref ByteReader from, Span<double> to)
    {
        if (from.Count(8) != to.Length)
            throw from.Damaged();
        from.Doubles(to);
    }
}

namespace Dum.Sigma.Tap;

/// <summary>What a tap has seen of one operation.</summary>
/// <param name="operation">Its kind and place in the model.</param>
/// <param name="sketch">Of its residuals.</param>
/// <param name="most">Results that are kept before rounding.</param>
public sealed class TapRecord(string operation, ResidualSketch sketch, int most)
{
    readonly List<float> _kept = [];

    /// <summary>Its kind and place in the model.</summary>
    public string Operation => operation;

    /// <summary>Of its residuals.</summary>
    public ResidualSketch Sketch => sketch;

    /// <summary>Results before rounding, as many as were asked for, in order.</summary>
    public IReadOnlyList<float> Kept => _kept;

    /// <summary>What a product was given, row by row, as many as were asked for.</summary>
    public IReadOnlyList<float[]> Inputs => _inputs;

    /// <summary>What it made of them.</summary>
    public IReadOnlyList<float[]> Outputs => _outputs;

    /// <summary>Its weights; null for operations without.</summary>
    internal Numerics.Kernels.PackedWeights? Weights { get; set; }

    readonly List<float[]> _inputs = [], _outputs = [];

    /// <summary>Sampled results whose sum was also taken in double precision.</summary>
    public long Checked { get; private set; }

    /// <summary>The root mean square of what the accumulator itself had lost, in cells of the format; the cast to the format is apart from it.</summary>
    public double AccumulatorError => Checked == 0 ? 0 : Math.Sqrt(_squares / Checked);

    /// <summary>Sums: the share of exact results and of ties that the operands' exponents alone foretell (see docs/sigma.md, the lattice law).</summary>
    public (double Exact, double Tie) Foretold => Operands == 0 ? (0, 0) : (_exact / Operands, _tie / Operands);

    /// <summary>Sums whose operands were looked at.</summary>
    public long Operands { get; private set; }

    double _squares, _exact, _tie;

    internal void Keep(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length && _kept.Count < most; i++)
            _kept.Add(values[i]);
    }

    internal void KeepRow(ReadOnlySpan<float> input, ReadOnlySpan<float> output)
    {
        _inputs.Add(input.ToArray());
        _outputs.Add(output.ToArray());
    }

    internal void Check(double cells)
    {
        if (!double.IsFinite(cells))
            return;
        _squares += cells * cells;
        Checked++;
    }

    internal void Foretell(double exact, double tie)
    {
        _exact += exact;
        _tie += tie;
        Operands++;
    }
}

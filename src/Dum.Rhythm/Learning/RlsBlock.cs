using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Learning;

/// <summary>
/// One block of recursive least squares in square-root form: the covariance is P = S·Sᵀ, so it stays positive whatever
/// rounding does (Potter 1963, with forgetting). 3·n² multiplications per sample.
/// </summary>
sealed class RlsBlock
{
    // Without excitation forgetting lets P grow; past this multiple of where it began nothing is forgotten.
    const double MostGrowth = 1e3;

    readonly double[] _factor, _whitened, _gain;
    readonly double _mostTrace;
    double _trace;

    /// <param name="size">Features, n.</param>
    /// <param name="ridge">Penalty on the squared weights; P begins as 1/ridge.</param>
    public RlsBlock(int size, double ridge)
    {
        Size = size;
        (_factor, _whitened, _gain) = (new double[size * size], new double[size], new double[size]);
        for (int i = 0; i < size; i++)
            _factor[i * (size + 1)] = 1 / Math.Sqrt(ridge);
        _trace = size / ridge;
        _mostTrace = MostGrowth * _trace;
    }

    public int Size { get; }

    /// <summary>P·x of the last <see cref="Observe"/>: the direction in which weights move.</summary>
    public ReadOnlySpan<double> Gain => _gain;

    /// <summary>The factor S, row after row, for saving.</summary>
    public Span<double> Factor => _factor;

    /// <summary>Trace of P, for saving.</summary>
    public ref double Trace => ref _trace;

    /// <summary>Looks at a sample before anything is learned.</summary>
    /// <returns>xᵀPx, the block's own uncertainty of it.</returns>
    public double Observe(ReadOnlySpan<double> x)
    {
        // Sᵀx as a sum of rows, then S times that.
        Array.Clear(_whitened);
        for (int i = 0; i < Size; i++)
            VectorMath.AddScaled(_whitened, _factor.AsSpan(i * Size, Size), x[i]);
        for (int i = 0; i < Size; i++)
            _gain[i] = VectorMath.Dot(_factor.AsSpan(i * Size, Size), _whitened);
        return VectorMath.Dot(_whitened, _whitened);
    }

    /// <summary>Takes the observed sample into the covariance: P becomes (P − Px·(Px)ᵀ/total)/forgetting.</summary>
    /// <param name="own">What <see cref="Observe"/> returned.</param>
    /// <param name="total">Forgetting plus the uncertainty of all blocks.</param>
    /// <param name="forgetting">λ in (0, 1].</param>
    public void Update(double own, double total, double forgetting)
    {
        double trace = _trace - (VectorMath.Dot(_gain, _gain) / total);
        if (trace / forgetting > _mostTrace)
            forgetting = 1;
        _trace = Math.Max(trace, 0) / forgetting;
        double grow = 1 / Math.Sqrt(forgetting);
        // (I − γaaᵀ)² = I − aaᵀ/total.
        double gamma = own > 0 ? (1 - Math.Sqrt(Math.Max(0, 1 - (own / total)))) / own : 0;
        for (int i = 0; i < Size; i++)
        {
            Span<double> row = _factor.AsSpan(i * Size, Size);
            VectorMath.AddScaled(row, _whitened, -gamma * _gain[i]);
            if (grow != 1)
                VectorMath.Scale(row, grow);
        }
    }
}

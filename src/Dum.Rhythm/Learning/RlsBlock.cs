using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Learning;

/// <summary>
/// One block of recursive least squares in factored form: the covariance is P = U·D·Uᵀ with U unit upper triangular, so it
/// stays positive whatever rounding does (Bierman 1977, with forgetting). 1.5·n² multiplications per sample.
/// </summary>
sealed class RlsBlock
{
    // Without excitation forgetting lets P grow; past this multiple of where it began nothing is forgotten.
    const double MostGrowth = 1e3;

    // U, column after column, each filled up with noughts to whole vectors; column j begins at _at[j].
    readonly double[] _factor, _spread, _sample, _whitened, _gain;
    readonly int[] _at;
    readonly double _mostTrace;
    double _trace;

    /// <param name="size">Features, n.</param>
    /// <param name="ridge">Penalty on the squared weights; P begins as 1/ridge.</param>
    public RlsBlock(int size, double ridge)
    {
        Size = size;
        _at = new int[size + 1];
        for (int j = 0; j < size; j++)
            _at[j + 1] = _at[j] + Whole(j);
        (_factor, _spread, _whitened) = (new double[_at[size]], new double[size], new double[size]);
        (_sample, _gain) = (new double[Whole(size)], new double[Whole(size)]);
        Array.Fill(_spread, 1 / ridge);
        _trace = size / ridge;
        _mostTrace = MostGrowth * _trace;
    }

    public int Size { get; }

    /// <summary>P·x of the last sample taken: the direction in which weights move.</summary>
    public ReadOnlySpan<double> Gain => _gain.AsSpan(0, Size);

    /// <summary>The factor U, for saving.</summary>
    public Memory<double> Factor => _factor;

    /// <summary>The factor D, for saving.</summary>
    public Memory<double> Spread => _spread;

    /// <summary>Trace of P, for saving.</summary>
    public ref double Trace => ref _trace;

    /// <summary>Looks at a sample before anything is learned: Uᵀx.</summary>
    /// <returns>xᵀPx, the block's own uncertainty of it.</returns>
    public double Observe(ReadOnlySpan<double> x)
    {
        x.CopyTo(_sample);
        double own = 0;
        for (int j = 0; j < Size; j++)
        {
            _whitened[j] = Whiten(j);
            own = Math.FusedMultiplyAdd(_whitened[j] * _spread[j], _whitened[j], own);
        }
        return own;
    }

    /// <summary>Takes the observed sample into the covariance: P becomes (P − Px·(Px)ᵀ/total)/forgetting.</summary>
    /// <param name="others">Forgetting plus the uncertainty of all other blocks.</param>
    /// <param name="forgetting">λ in (0, 1].</param>
    public void Update(double others, double forgetting)
    {
        Array.Clear(_gain);
        double total = others;
        for (int j = 0; j < Size; j++)
            total = Update(j, _whitened[j], total);
        Forget(total, forgetting);
    }

    /// <summary>Both at once, where there is no other block: each column is fetched once.</summary>
    /// <returns>Forgetting plus xᵀPx.</returns>
    public double Take(ReadOnlySpan<double> x, double forgetting)
    {
        x.CopyTo(_sample);
        Array.Clear(_gain);
        double total = forgetting;
        for (int j = 0; j < Size; j++)
            total = Update(j, Whiten(j), total);
        Forget(total, forgetting);
        return total;
    }

    double Whiten(int j) => _sample[j] + VectorMath.Dot(Column(j), _sample);

    Span<double> Column(int j) => _factor.AsSpan(_at[j], _at[j + 1] - _at[j]);

    /// <summary>Column j against all before it; the gain so far is P·x of them alone.</summary>
    double Update(int j, double whitened, double before)
    {
        double gain = _spread[j] * whitened, total = Math.FusedMultiplyAdd(whitened, gain, before);
        Exchange(Column(j), _gain, -whitened / before, gain);
        _spread[j] *= before / total;
        _gain[j] = gain;
        return total;
    }

    void Forget(double total, double forgetting)
    {
        double trace = _trace - (VectorMath.Dot(Gain, Gain) / total);
        if (trace / forgetting > _mostTrace)
            forgetting = 1;
        _trace = Math.Max(trace, 0) / forgetting;
        if (forgetting != 1)
            VectorMath.Scale(_spread, 1 / forgetting);
    }

    /// <summary>u += p·b and b += g·u, both of the other as it was.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Exchange(Span<double> u, Span<double> b, double p, double g)
    {
        ref double first = ref MemoryMarshal.GetReference(u), second = ref MemoryMarshal.GetReference(b);
        Vector256<double> toU = Vector256.Create(p), toB = Vector256.Create(g);
        for (nuint i = 0; i < (nuint)u.Length; i += 4)
        {
            Vector256<double> x = Vector256.LoadUnsafe(ref first, i), y = Vector256.LoadUnsafe(ref second, i);
            Vector256.FusedMultiplyAdd(y, toU, x).StoreUnsafe(ref first, i);
            Vector256.FusedMultiplyAdd(x, toB, y).StoreUnsafe(ref second, i);
        }
    }

    static int Whole(int length) => (length + 3) / 4 * 4;
}

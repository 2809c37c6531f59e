namespace Dum.Sigma.Quantisation;

/// <summary>
/// Rounds the rows of a matrix so that errors cancel in what the matrix computes: the error of every weight is passed on to
/// the weights after it through the factor of the Hessian (GPTQ, arXiv 2210.17323, in the form of QuIP, arXiv 2307.13304:
/// H = (U + 1)·D·(U + 1)ᵀ). What a row costs is Σ Dᵢ·eᵢ² with the bare rounding errors e, instead of eᵀ·H·e.
/// </summary>
sealed class ErrorFeedback
{
    readonly int _n;

    // Row k: what the errors of all weights before k add to weight k.
    readonly double[] _passed;

    /// <param name="hessian">[n × n], symmetric.</param>
    /// <param name="n">Inputs.</param>
    /// <exception cref="DumException">It is not positive definite.</exception>
    public ErrorFeedback(double[] hessian, int n)
    {
        _n = n;
        // The factor with the last weight first is the Cholesky factor of the matrix turned upside down.
        var turned = new double[hessian.LongLength];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                turned[(i * n) + j] = hessian[((n - 1 - i) * n) + n - 1 - j];
        if (!DenseMath.Cholesky(turned, n))
            throw new DumException(Tongue.Say(
                "the inputs of a matrix do not span its width: give a longer text or more damping", "входы матрицы не заполняют её ширины: дайте текст длиннее или больше сглаживания"));
        _passed = new double[hessian.LongLength];
        Costs = new double[n];
        for (int k = 0; k < n; k++)
        {
            double diagonal = turned[((n - 1 - k) * n) + n - 1 - k];
            Costs[k] = diagonal * diagonal;
            for (int j = 0; j < k; j++)
                _passed[(k * n) + j] = turned[((n - 1 - j) * n) + n - 1 - k] / diagonal;
        }
    }

    /// <summary>D: what a squared rounding error of every weight costs once it is fed back.</summary>
    public double[] Costs { get; }

    /// <summary>Rounds one row.</summary>
    /// <param name="weights">[n].</param>
    /// <param name="to">Takes codes and scales.</param>
    /// <param name="row">The row of it.</param>
    public void Round(ReadOnlySpan<double> weights, QuantisedMatrix to, int row)
    {
        Span<double> wanted = stackalloc double[QuantisedMatrix.Group];
        var errors = new double[_n];
        for (int g = 0; g < to.Groups; g++)
        {
            int first = g * QuantisedMatrix.Group, count = Math.Min(QuantisedMatrix.Group, _n - first);
            for (int i = 0; i < count; i++)
                wanted[i] = weights[first + i] + DenseMath.Dot(errors.AsSpan(0, first), _passed.AsSpan((first + i) * _n, first));
            ushort stored = to.Fit(wanted[..count], Costs.AsSpan(first, count));
            double scale = Numerics.Formats.Float16.ToSingle(stored);
            to.Scales[(row * to.Groups) + g] = stored;
            for (int i = 0; i < count; i++)
            {
                int k = first + i;
                double value = wanted[i] + DenseMath.Dot(errors.AsSpan(first, i), _passed.AsSpan((k * _n) + first, i));
                int code = to.Nearest(value, scale);
                to.Codes[(row * _n) + k] = (sbyte)code;
                errors[k] = weights[k] - (code * scale);
            }
        }
    }
}

using Dum.Numerics.Formats;

namespace Dum.Sigma.Quantisation;

/// <summary>
/// Makes a rounded row better, one code at a time (coordinate descent on eᵀ·H·e, as arXiv 2309.01885 does from the start), and
/// between sweeps moves every scale to where its codes want it. The error never grows.
/// </summary>
/// <param name="hessian">[n × n], symmetric.</param>
/// <param name="n">Inputs.</param>
sealed class CodeDescent(double[] hessian, int n)
{
    readonly double[] _errors = new double[n], _pull = new double[n];

    /// <summary>Improves a row.</summary>
    /// <param name="weights">[n]: what it should be.</param>
    /// <param name="matrix">Already rounded.</param>
    /// <param name="row">The row.</param>
    /// <param name="sweeps">How often every code is looked at.</param>
    /// <returns>eᵀ·H·e at the end.</returns>
    public double Improve(ReadOnlySpan<double> weights, QuantisedMatrix matrix, int row, int sweeps)
    {
        Span<sbyte> codes = matrix.Codes.AsSpan(row * n, n);
        Span<ushort> scales = matrix.Scales.AsSpan(row * matrix.Groups, matrix.Groups);
        for (int k = 0; k < n; k++)
            _errors[k] = weights[k] - ((double)codes[k] * Float16.ToSingle(scales[k / QuantisedMatrix.Group]));
        for (int k = 0; k < n; k++)
            _pull[k] = DenseMath.Dot(hessian.AsSpan(k * n, n), _errors);
        for (int sweep = 0; sweep < sweeps; sweep++)
        {
            bool changed = false;
            for (int k = 0; k < n; k++)
            {
                double scale = Float16.ToSingle(scales[k / QuantisedMatrix.Group]);
                int code = matrix.Nearest((codes[k] * scale) + (_pull[k] / hessian[(k * n) + k]), scale);
                if (code == codes[k])
                    continue;
                Move(k, (code - codes[k]) * scale);
                codes[k] = (sbyte)code;
                changed = true;
            }
            for (int g = 0; g < scales.Length; g++)
                changed |= MoveScale(codes, scales, g);
            if (!changed)
                break;
        }
        return DenseMath.Dot(_errors, _pull);
    }

    void Move(int k, double by)
    {
        _errors[k] -= by;
        DenseMath.AddScaled(-by, hessian.AsSpan(k * n, n), _pull);
    }

    bool MoveScale(ReadOnlySpan<sbyte> codes, Span<ushort> scales, int group)
    {
        int first = group * QuantisedMatrix.Group, last = Math.Min(n, first + QuantisedMatrix.Group);
        double wish = 0, curve = 0;
        for (int i = first; i < last; i++)
        {
            wish += codes[i] * _pull[i];
            for (int j = first; j < last; j++)
                curve += codes[i] * hessian[(i * n) + j] * codes[j];
        }
        if (curve <= 0)
            return false;
        double scale = Float16.ToSingle(scales[group]);
        ushort stored = Float16.FromSingle((float)(scale + (wish / curve)));
        double by = Float16.ToSingle(stored) - scale;
        // The nearest half may lie beyond the best place; it is taken only where the error falls.
        if (by == 0 || !double.IsFinite(by) || (by * by * curve) - (2 * by * wish) >= 0)
            return false;
        scales[group] = stored;
        for (int i = first; i < last; i++)
            if (codes[i] != 0)
                Move(i, by * codes[i]);
        return true;
    }
}

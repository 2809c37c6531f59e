using Dum.Numerics;
using Dum.Sigma.Statistics;

namespace Dum.Sigma.Laws;

/// <summary>Errors of weighted averages where each rounding error was handed on to the next number, as shares of those after plain rounding.</summary>
/// <param name="Predicted">Σ(aᵢ − aᵢ₊₁)²/Σaᵢ².</param>
/// <param name="Measured">Squared errors over squared errors.</param>
/// <param name="Deviation">Of the measurement, from averages that share no row.</param>
/// <param name="Shuffled">Measured with the same errors in another order.</param>
readonly record struct AveragingResult(double Predicted, double Measured, double Deviation, double Shuffled);

/// <summary>
/// Law 7, averaging: a sequence of rows is rounded, each error handed on to the next row (first-order sigma-delta), and averaged
/// with weights a, as attention does with a cache of values. Errors of neighbours then cancel where their weights are alike:
/// what is left is Σ(aᵢ − aᵢ₊₁)²/Σaᵢ² of plain rounding's error. Even weights gain by their number, a single sharp one
/// loses twofold.
/// </summary>
static class AveragingLaw
{
    /// <summary>Rows of one average.</summary>
    public const int Length = 128;

    /// <summary>Levels on either side of 0: with what is handed on, no number of a column leaves them.</summary>
    const int Levels = 15;

    /// <summary>Rounds and averages stretch after stretch.</summary>
    /// <param name="rows">[count][columns]: what is rounded and averaged, in order; more than two times <see cref="Length"/>.</param>
    /// <param name="weightsOf">The weights of the stretch that begins at a row; their sum is 1.</param>
    /// <param name="seed">Of the shuffle.</param>
    public static AveragingResult Check(IReadOnlyList<float[]> rows, Func<int, double[]> weightsOf, ulong seed)
    {
        var random = new Philox(seed, DrawDomain.ShuffledErrors);
        var ratios = new List<double>();
        double predicted = 0, carried = 0, plain = 0, shuffled = 0;
        for (int from = 0; from + Length < rows.Count; from += Length)
        {
            double[] weights = weightsOf(from);
            double share = 0, squares = 0;
            for (int i = 0; i < Length; i++)
            {
                double step = weights[i] - (i + 1 < Length ? weights[i + 1] : 0);
                share += step * step;
                squares += weights[i] * weights[i];
            }
            double carriedHere = 0, plainHere = 0;
            for (int c = 0; c < rows[0].Length; c++)
            {
                (double a, double b, double s) = Column(rows, from, c, weights, random);
                (carriedHere, plainHere, shuffled) = (carriedHere + (a * a), plainHere + (b * b), shuffled + (s * s));
            }
            predicted += share / squares * plainHere;
            (carried, plain) = (carried + carriedHere, plain + plainHere);
            if (plainHere > 0)
                ratios.Add(carriedHere / plainHere);
        }
        double deviation = Spread.MeanAndDeviation(ratios).Deviation;
        return new AveragingResult(predicted / plain, carried / plain, deviation, shuffled / plain);
    }

    /// <summary>The error of one column's average: errors handed on, plain, handed on and then in another order.</summary>
    static (double Carried, double Plain, double Shuffled) Column(IReadOnlyList<float[]> rows, int from, int column, double[] weights, Philox random)
    {
        double most = 0;
        for (int i = 0; i < Length; i++)
            most = Math.Max(most, Math.Abs((double)rows[from + i][column]));
        if (most == 0 || !double.IsFinite(most))
            return default;
        double step = most / (Levels - 0.5), carry = 0, carried = 0, plain = 0, shuffled = 0;
        var errors = new double[Length];
        for (int i = 0; i < Length; i++)
        {
            double value = rows[from + i][column] / step, owed = value + carry;
            carry = owed - Math.Round(owed, MidpointRounding.ToEven);
            errors[i] = value - (owed - carry);
            carried += weights[i] * errors[i];
            plain += weights[i] * (value - Math.Round(value, MidpointRounding.ToEven));
        }
        for (int i = Length - 1; i >= 0; i--)
        {
            int j = (int)(random.Unit((uint)column, (uint)from, (uint)i) * (i + 1));
            (errors[i], errors[j]) = (errors[j], errors[i]);
            shuffled += weights[i] * errors[i];
        }
        return (carried * step, plain * step, shuffled * step);
    }

    /// <summary>Weights that halve every so many rows back.</summary>
    public static double[] Fading(double rows) => Normed([.. Enumerable.Range(0, Length).Select(i => FixedMath.Exp((i - Length + 1) / rows * FixedMath.Log(2)))]);

    /// <summary>Weights as attention has them: the softmax of the products of all rows with the row that follows, standardised.</summary>
    /// <param name="rows">As for <see cref="Check"/>.</param>
    /// <param name="from">Where the stretch begins.</param>
    /// <param name="sharpness">Deviation of the logarithms of the weights.</param>
    public static double[] Attending(IReadOnlyList<float[]> rows, int from, double sharpness)
    {
        double[] scores = new double[Length];
        for (int i = 0; i < Length; i++)
            for (int c = 0; c < rows[0].Length; c++)
                scores[i] += (double)rows[from + i][c] * rows[from + Length][c];
        double mean = scores.Average(), deviation = Math.Sqrt(scores.Average(s => (s - mean) * (s - mean)));
        return Normed([.. scores.Select(s => deviation > 0 ? FixedMath.Exp(sharpness * (s - mean) / deviation) : 1)]);
    }

    static double[] Normed(double[] weights)
    {
        double sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }
}

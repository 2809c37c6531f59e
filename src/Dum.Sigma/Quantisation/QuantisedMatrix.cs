using Dum.Numerics.Formats;
using Dum.Numerics.Kernels;

namespace Dum.Sigma.Quantisation;

/// <summary>
/// A matrix of small whole numbers, symmetric about zero, with a 16-bit scale for 32 neighbours of a row: the grid of the
/// kernels' own int4 and int8 weights, and with fewer codes a part of it.
/// </summary>
/// <param name="rows">Outputs.</param>
/// <param name="columns">Inputs.</param>
/// <param name="bits">2 … 8.</param>
sealed class QuantisedMatrix(int rows, int columns, int bits)
{
    /// <summary>Numbers that share a scale.</summary>
    public const int Group = PackedWeights.Group;

    public int Rows => rows;
    public int Columns => columns;
    public int Bits => bits;
    public int Groups { get; } = (columns + Group - 1) / Group;

    /// <summary>The smallest and the largest code; 8 bits leave out −128, as the kernels do.</summary>
    public (int Least, int Most) Range { get; } = bits == 8 ? (-127, 127) : (-(1 << (bits - 1)), (1 << (bits - 1)) - 1);

    /// <summary>[rows × columns].</summary>
    public sbyte[] Codes { get; } = new sbyte[(long)rows * columns];

    /// <summary>[rows × groups], halves.</summary>
    public ushort[] Scales { get; } = new ushort[(long)rows * ((columns + Group - 1) / Group)];

    /// <summary>Bits of all codes and scales.</summary>
    public long StoredBits => ((long)rows * columns * bits) + (Scales.LongLength * 16);

    /// <summary>A row as numbers.</summary>
    public void Read(int row, Span<float> to)
    {
        for (int g = 0; g < Groups; g++)
        {
            float scale = Float16.ToSingle(Scales[(row * Groups) + g]);
            for (int i = g * Group; i < Math.Min(columns, (g + 1) * Group); i++)
                to[i] = scale * Codes[(row * columns) + i];
        }
    }

    /// <summary>The nearest code of a number on a scale.</summary>
    public int Nearest(double value, double scale) =>
        scale == 0 ? 0 : (int)Math.Clamp(Math.Round(value / scale, MidpointRounding.ToEven), Range.Least, Range.Most);

    /// <summary>
    /// The scale of a group. The largest number goes to the end with one more step, as the kernels do it; where weights are
    /// given the range is narrowed in steps of 4 % as long as the weighted squared error falls.
    /// </summary>
    /// <param name="values">Numbers of the group.</param>
    /// <param name="weights">What a squared error of each costs; empty for the plain rule of rounding to nearest.</param>
    /// <exception cref="DumException">A number is not finite or too large for a 16-bit scale.</exception>
    public ushort Fit(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        double largest = 0;
        foreach (double value in values)
            if (!(Math.Abs(value) <= Math.Abs(largest)))
                largest = value;
        ushort best = Float16.FromSingle((float)(largest / Range.Least)), tried = best;
        if (!float.IsFinite(Float16.ToSingle(best)))
            throw new DumException(Tongue.Say("a weight is not finite, or too large for a 16-bit scale", "вес бесконечен, не число или слишком велик для 16-битного масштаба"));
        double least = double.PositiveInfinity;
        ReadOnlySpan<double> plain = bits == 8 ? [1.0] : [1.0, 16 / 15.0, 16 / 17.0];
        for (int step = 0; step < (weights.IsEmpty ? plain.Length : 18); step++)
        {
            double factor = weights.IsEmpty ? plain[step] : 1.08 - (0.04 * step);
            tried = Float16.FromSingle((float)(largest * factor / Range.Least));
            double scale = Float16.ToSingle(tried), error = 0;
            for (int i = 0; i < values.Length; i++)
            {
                double off = values[i] - (Nearest(values[i], scale) * scale);
                error += off * off * (weights.IsEmpty ? 1 : weights[i]);
            }
            if (error < least)
                (least, best) = (error, tried);
        }
        return best;
    }
}

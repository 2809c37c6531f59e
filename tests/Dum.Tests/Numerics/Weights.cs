using Dum.Numerics.Kernels;

namespace Dum.Tests.Numerics;

/// <summary>Packed weights for tests, with what they are made of.</summary>
static unsafe class Weights
{
    /// <summary>Rows of the given numbers, rounded to the format.</summary>
    public static PackedWeights Random(int seed, WeightFormat format, int outputs, int inputs)
    {
        PackedWeights weights = PackedWeights.Allocate(format, outputs, inputs);
        using Sheet values = Sheet.Random(seed, outputs, inputs, 0.5f);
        for (int n = 0; n < outputs; n++)
            weights.SetRow(n, values[n]);
        return weights;
    }

    /// <summary>The rows as a sheet, after rounding.</summary>
    public static Sheet Rows(PackedWeights weights)
    {
        var rows = new Sheet(weights.Outputs, weights.Inputs);
        for (int n = 0; n < weights.Outputs; n++)
            weights.GetRow(n, rows[n]);
        return rows;
    }

    /// <summary>A sheet as float weights.</summary>
    public static PackedWeights Of(Sheet rows)
    {
        PackedWeights weights = PackedWeights.Allocate(WeightFormat.F32, rows.Rows, rows.Columns);
        for (int n = 0; n < rows.Rows; n++)
            weights.SetRow(n, rows[n]);
        return weights;
    }

    /// <summary>True when the lanes of outputs that do not exist are all zero.</summary>
    public static bool PaddingIsZero(PackedWeights weights)
    {
        for (int n = weights.Outputs; n < weights.Panels * 16; n++)
            for (int i = 0; i < weights.Inputs; i++)
                if (((float*)weights.Panel(n / 16))[(i * 16) + (n % 16)] != 0)
                    return false;
        return true;
    }
}

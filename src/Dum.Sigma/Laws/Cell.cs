using Dum.Sigma.Formats;

namespace Dum.Sigma.Laws;

/// <summary>Where a number falls among the cells of a format.</summary>
/// <param name="Index">Of the cell, in order of its numbers.</param>
/// <param name="Center">The number it is rounded to.</param>
/// <param name="Width">Of the cell.</param>
/// <param name="Residual">In cells, −½ … ½.</param>
/// <param name="Regular">Whether the cell is symmetric about its centre: not at a power of two, not clipped, finite.</param>
readonly record struct Cell(int Index, double Center, double Width, double Residual, bool Regular)
{
    /// <summary>In a floating-point format.</summary>
    public static Cell Of(FloatFormat format, float value)
    {
        float residual = format.Residual(value, out float rounded);
        int code = format.Encode(rounded), sign = format.Codes / 2, magnitude = code & (sign - 1);
        bool edge = (magnitude & ((1 << format.MantissaBits) - 1)) == 0;
        return new Cell(code >= sign ? -magnitude : magnitude, rounded, format.Step(rounded), residual, !edge && !float.IsNaN(residual));
    }

    /// <summary>On an even grid of 2^bits cells, the outermost of which take all that lies beyond.</summary>
    public static Cell Of(int bits, double step, float value)
    {
        double cells = Math.Round(value / step, MidpointRounding.ToEven);
        int most = (1 << (bits - 1)) - 1;
        return new Cell((int)Math.Clamp(cells, -most, most), cells * step, step, (value / step) - cells, Math.Abs(cells) < most);
    }
}

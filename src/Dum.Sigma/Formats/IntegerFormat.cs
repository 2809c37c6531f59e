using System.Diagnostics.CodeAnalysis;
using Dum.Numerics.Formats;
using Dum.Numerics.Kernels;

namespace Dum.Sigma.Formats;

/// <summary>A group of numbers on an even grid: number ≈ scale · (code − zero).</summary>
/// <param name="Scale">The width of a cell; 0 for a group of zeros.</param>
/// <param name="Zero">The code that stands for 0; 0 in symmetric formats.</param>
public readonly record struct Grid(float Scale, int Zero)
{
    /// <summary>The number of a code.</summary>
    public float Decode(int code) => Scale * (code - Zero);
}

/// <summary>
/// Small whole numbers with one scale for a group, symmetric about zero or with a zero of their own. The symmetric formats of 8
/// and 4 bits choose their scales as the kernels' weights do, so that a residual here is that of the product's own weights.
/// </summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "int8 and int4 are what the field calls them.")]
public sealed class IntegerFormat
{
    /// <param name="bits">2 … 8.</param>
    /// <param name="symmetric">Whether code 0 stands for 0.</param>
    /// <param name="group">Numbers that share a scale.</param>
    public IntegerFormat(int bits, bool symmetric, int group = PackedWeights.Group)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 8);
        ArgumentOutOfRangeException.ThrowIfLessThan(group, 1);
        (Bits, Symmetric, Group) = (bits, symmetric, group);
        (Least, Most) = !symmetric ? (0, (1 << bits) - 1) : bits == 8 ? (-127, 127) : (-(1 << (bits - 1)), (1 << (bits - 1)) - 1);
    }

    /// <summary>Bytes −127 … 127, the largest magnitude on 127.</summary>
    public static IntegerFormat Int8 { get; } = new(8, true);

    /// <summary>Nibbles −8 … 7 with the scale of least squared error of three.</summary>
    public static IntegerFormat Int4 { get; } = new(4, true);

    /// <summary>Nibbles 0 … 15 over the range of the group.</summary>
    public static IntegerFormat Int4Asymmetric { get; } = new(4, false);

    /// <summary>Bits of a code.</summary>
    public int Bits { get; }

    /// <summary>Whether code 0 stands for 0.</summary>
    public bool Symmetric { get; }

    /// <summary>Numbers that share a scale.</summary>
    public int Group { get; }

    /// <summary>The smallest code.</summary>
    public int Least { get; }

    /// <summary>The largest code.</summary>
    public int Most { get; }

    /// <summary>Bits of storage for each number: its code and its share of a 16-bit scale and, where there is one, of the zero.</summary>
    public double StoredBits => Bits + ((16 + (Symmetric ? 0 : Bits)) / (double)Group);

    /// <summary>Chooses the grid of a group. Scales are halves, so that they can be stored.</summary>
    /// <param name="values">At most <see cref="Group"/> numbers.</param>
    /// <exception cref="DumException">A number is not finite, or too large for a 16-bit scale.</exception>
    public Grid Fit(ReadOnlySpan<float> values)
    {
        float low = 0, high = 0;
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                throw new DumException(Tongue.Say("a number to quantise is not finite", "число для квантования бесконечно или не число"));
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }
        ushort scale;
        if (Symmetric)
        {
            Span<sbyte> quanta = stackalloc sbyte[values.Length];
            scale = Bits == 8 ? Quantise.Int8(values, quanta) : Bits == 4 ? Quantise.Int4(values, quanta) : Float16.FromSingle(Math.Max(-low / -Least, high / Most));
        }
        else
            scale = Float16.FromSingle((high - low) / Most);
        float width = Float16.ToSingle(scale);
        if (!float.IsFinite(width))
            throw new DumException(Tongue.Say("a group to quantise is too large for a 16-bit scale", "группа для квантования слишком велика для 16-битного масштаба"));
        return new Grid(width, Symmetric || width == 0 ? 0 : Math.Clamp((int)MathF.Round(-low / width), Least, Most));
    }

    /// <summary>The nearest code, ties to even, clipped to the format.</summary>
    public int Encode(float value, Grid grid) => grid.Scale == 0 ? grid.Zero : Clip(Math.Round(Cells(value, grid), MidpointRounding.ToEven));

    /// <summary>One of the two nearest codes, the nearer the likelier, clipped to the format.</summary>
    /// <param name="value">Any finite number.</param>
    /// <param name="grid">Of its group.</param>
    /// <param name="unit">A draw, uniform over [0, 1).</param>
    public int EncodeStochastic(float value, Grid grid, double unit)
    {
        if (grid.Scale == 0)
            return grid.Zero;
        double cells = Cells(value, grid), below = Math.Floor(cells);
        return Clip(unit < cells - below ? below + 1 : below);
    }

    /// <summary>(value − rounded) / scale: −½ … ½, more where the number was clipped; 0 in a group of zeros.</summary>
    public double Residual(float value, Grid grid) => grid.Scale == 0 ? 0 : Cells(value, grid) - Encode(value, grid);

    static double Cells(float value, Grid grid) => ((double)value / grid.Scale) + grid.Zero;

    int Clip(double cells) => (int)Math.Clamp(cells, Least, Most);
}

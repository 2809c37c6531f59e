using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Sigma.Formats;

/// <summary>
/// A binary floating-point format of at most 16 bits, exactly: every code as a double, every double to its nearest code or,
/// stochastically, to one of its two neighbours. The kernels' own bfloat16 and half give the same codes; this is the wide
/// reference that residuals are taken against.
/// </summary>
public sealed class FloatFormat
{
    readonly int _least;

    FloatFormat(string name, int exponentBits, int mantissaBits, bool hasInfinity, bool saturates = false)
    {
        (Name, ExponentBits, MantissaBits, HasInfinity, Saturates) = (name, exponentBits, mantissaBits, hasInfinity, saturates);
        int bias = (1 << (exponentBits - 1)) - 1;
        _least = 1 - bias;
        // Without infinity the top exponent holds numbers too, all but the last mantissa, which is NaN.
        Largest = hasInfinity ? (2 - Power(-mantissaBits)) * Power(bias) : (2 - Power(1 - mantissaBits)) * Power(bias + 1);
    }

    /// <summary>bfloat16: 8 exponent bits, 7 of mantissa.</summary>
    public static FloatFormat BF16 { get; } = new("bf16", 8, 7, true);

    /// <summary>IEEE half: 5 exponent bits, 10 of mantissa.</summary>
    public static FloatFormat FP16 { get; } = new("fp16", 5, 10, true);

    /// <summary>FP8 E4M3 of the Open Compute Project (OFP8 1.0): no infinity, one NaN per sign, largest 448.</summary>
    public static FloatFormat E4M3 { get; } = new("e4m3", 4, 3, false);

    /// <summary>FP8 E5M2 of the Open Compute Project (OFP8 1.0): as a half with a short mantissa.</summary>
    public static FloatFormat E5M2 { get; } = new("e5m2", 5, 2, true);

    /// <summary>E4M3 in the saturating mode of OFP8: what is too large becomes the largest number, infinity too.</summary>
    public static FloatFormat E4M3Saturating { get; } = new("e4m3-sat", 4, 3, false, saturates: true);

    /// <summary>E5M2 in the saturating mode of OFP8.</summary>
    public static FloatFormat E5M2Saturating { get; } = new("e5m2-sat", 5, 2, true, saturates: true);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FloatFormat> All { get; } = [BF16, FP16, E4M3, E5M2, E4M3Saturating, E5M2Saturating];

    /// <summary>The name a user types.</summary>
    public string Name { get; }

    /// <summary>Bits of the exponent.</summary>
    public int ExponentBits { get; }

    /// <summary>Bits of the mantissa, the hidden one not counted.</summary>
    public int MantissaBits { get; }

    /// <summary>Whether there are codes for infinity. Without, numbers too large become NaN.</summary>
    public bool HasInfinity { get; }

    /// <summary>Whether numbers too large become the largest instead.</summary>
    public bool Saturates { get; }

    /// <summary>The largest finite number.</summary>
    public double Largest { get; }

    /// <summary>All codes: 2 to the number of bits.</summary>
    public int Codes => 1 << (1 + ExponentBits + MantissaBits);

    int Sign => Codes / 2;

    int InfinityCode => ((1 << ExponentBits) - 1) << MantissaBits;

    int LargestCode => HasInfinity ? InfinityCode - 1 : Sign - 2;

    int NotANumber => HasInfinity ? InfinityCode | (1 << (MantissaBits - 1)) : Sign - 1;

    /// <summary>The format of a name.</summary>
    /// <exception cref="DumException">There is no such format.</exception>
    public static FloatFormat Of(string name) =>
        All.FirstOrDefault(f => f.Name == name) ?? throw new DumException(Tongue.Say(
            $"unknown format {name}: give one of {string.Join(", ", All.Select(f => f.Name))}",
            $"неизвестный формат {name}: укажите один из {string.Join(", ", All.Select(f => f.Name))}"));

    /// <summary>The number of a code, exactly.</summary>
    /// <param name="code">0 … <see cref="Codes"/> − 1.</param>
    public double Decode(int code)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)code, (uint)Codes);
        int magnitude = code & (Sign - 1), exponent = magnitude >> MantissaBits, mantissa = magnitude & ((1 << MantissaBits) - 1);
        double sign = code >= Sign ? -1 : 1;
        if (HasInfinity && exponent == (1 << ExponentBits) - 1)
            return mantissa == 0 ? sign * double.PositiveInfinity : double.NaN;
        if (!HasInfinity && magnitude == Sign - 1)
            return double.NaN;
        double value = exponent == 0 ? mantissa * Power(_least - MantissaBits) : (mantissa + (1 << MantissaBits)) * Power(_least + exponent - 1 - MantissaBits);
        return sign * value;
    }

    /// <summary>The code of the nearest number, ties to even; too large becomes infinity, NaN or the largest, a NaN stays one, zeros keep their sign.</summary>
    public int Encode(double value) => Code(value, Math.Round(Math.Abs(value) / Step(value), MidpointRounding.ToEven));

    /// <summary>The code of one of the two neighbours, the nearer the likelier, so that the mean of many draws is the number.</summary>
    /// <param name="value">Any number.</param>
    /// <param name="unit">A draw, uniform over [0, 1).</param>
    public int EncodeStochastic(double value, double unit)
    {
        double cells = Math.Abs(value) / Step(value), below = Math.Floor(cells);
        return Code(value, unit < cells - below ? below + 1 : below);
    }

    /// <summary>The nearest number, ties to even.</summary>
    public double Round(double value) => Decode(Encode(value));

    /// <summary>The width of the cells around a number: the distance of its neighbours inside its binade.</summary>
    /// <param name="value">Any number; of numbers that are not finite, the width of the widest cells.</param>
    public double Step(double value)
    {
        double magnitude = Math.Abs(value);
        int exponent = magnitude <= Largest ? Math.Max(_least, Math.ILogB(magnitude)) : Math.ILogB(Largest);
        return Power(exponent - MantissaBits);
    }

    /// <summary>What rounding to nearest takes away, in cells: (exact − rounded) / step, −½ … ½. NaN where the result is not finite, or was cut to the largest.</summary>
    public double Residual(double exact)
    {
        double off = (exact - Round(exact)) / Step(exact);
        return Math.Abs(off) <= 0.5 ? off : double.NaN;
    }

    /// <summary>As <see cref="Residual(double)"/>, for floats, fast: from the bits that rounding drops.</summary>
    /// <param name="exact">Any float.</param>
    /// <param name="rounded">The nearest number of the format.</param>
    public float Residual(float exact, out float rounded)
    {
        uint bits = BitConverter.SingleToUInt32Bits(exact), magnitude = bits & 0x7FFF_FFFF;
        int drop = 23 - MantissaBits, exponent = (int)(magnitude >> 23) - 127;
        uint half = 1u << (drop - 1), low = magnitude & ((1u << drop) - 1), kept = magnitude - low;
        bool up = low > half || (low == half && (kept >> drop & 1) != 0);
        uint result = up ? kept + (1u << drop) : kept;
        if (exponent < Math.Max(_least, -126) || BitConverter.UInt32BitsToSingle(result) > Largest || exponent > 127)
        {
            // Beyond the format's ends the cells are others: the slow way.
            rounded = (float)Round(exact);
            return (float)Residual((double)exact);
        }
        rounded = BitConverter.UInt32BitsToSingle(result | (bits & 0x8000_0000));
        float off = (up ? low - (float)(1u << drop) : low) / (1u << drop);
        return (bits & 0x8000_0000) != 0 ? -off : off;
    }

    /// <summary>As <see cref="Residual(float, out float)"/>, for many; what has no residual is left out.</summary>
    /// <param name="exact">Any floats.</param>
    /// <param name="off">Takes the residuals, one behind the other; as many as there are floats and seven more.</param>
    /// <param name="rounded">Takes the nearest numbers in the same places; as long.</param>
    /// <returns>Residuals taken.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Residuals(ReadOnlySpan<float> exact, Span<float> off, Span<float> rounded)
    {
        int drop = 23 - MantissaBits, kept = 0, i = 0;
        Vector256<uint> cell = Vector256.Create(1u << drop), half = Vector256.Create(1u << (drop - 1)), one = Vector256<uint>.One;
        Vector256<uint> least = Vector256.Create((uint)(Math.Max(_least, -126) + 127) << 23), largest = Vector256.Create(BitConverter.SingleToUInt32Bits((float)Largest));
        Vector256<float> scale = Vector256.Create(1f / (1u << drop));
        for (; i + Vector256<float>.Count <= exact.Length; i += Vector256<float>.Count)
        {
            Vector256<uint> bits = Vector256.Create(exact[i..]).AsUInt32(), magnitude = bits & Vector256.Create(0x7FFF_FFFFu), sign = bits ^ magnitude;
            Vector256<uint> low = magnitude & (cell - one), keptBits = magnitude - low;
            // Up where more than half of a cell is dropped, or just half and the number kept is odd.
            Vector256<uint> up = Vector256.GreaterThan(low, half) | (Vector256.Equals(low, half) & ~Vector256.Equals(keptBits & cell, default));
            Vector256<uint> result = keptBits + (up & cell);
            if (Vector256.LessThanAny(magnitude, least) || Vector256.GreaterThanAny(result, largest))
            {
                // Beyond the format's ends the cells are others.
                for (int k = i; k < i + Vector256<float>.Count; k++)
                    kept += float.IsNaN(off[kept] = Residual(exact[k], out rounded[kept])) ? 0 : 1;
                continue;
            }
            (Vector256.ConvertToSingle((low - (up & cell)).AsInt32()) * scale ^ sign.AsSingle()).CopyTo(off[kept..]);
            (result | sign).AsSingle().CopyTo(rounded[kept..]);
            kept += Vector256<float>.Count;
        }
        for (; i < exact.Length; i++)
            kept += float.IsNaN(off[kept] = Residual(exact[i], out rounded[kept])) ? 0 : 1;
        if (kept < off.Length)
            off[kept..].Clear();
        return kept;
    }

    int Code(double value, double cells)
    {
        int sign = double.IsNegative(value) ? Sign : 0;
        if (double.IsNaN(value))
            return sign | NotANumber;
        double magnitude = cells * Step(value);
        if (!(magnitude <= Largest))
            return sign | (Saturates ? LargestCode : HasInfinity ? InfinityCode : NotANumber);
        if (magnitude < Power(_least))
            return sign | (int)(magnitude / Power(_least - MantissaBits));
        int exponent = Math.ILogB(magnitude);
        return sign | ((exponent - _least + 1) << MantissaBits) | ((int)(magnitude / Power(exponent - MantissaBits)) - (1 << MantissaBits));
    }

    static double Power(int exponent) => BitConverter.Int64BitsToDouble((exponent + 1023L) << 52);
}

using System.Numerics;
using System.Runtime.CompilerServices;
using Dum.Numerics;

namespace Dum.Coding;

/// <summary>Natural logarithms of whole numbers in the 256 steps per nat of <see cref="Logistic"/>, rounded down.</summary>
static class FixedLog
{
    // The mantissa's first bits choose a cell; ln is within half a step everywhere in it.
    const int MantissaBits = 11, Scale = 16;

    static readonly int[] s_mantissa = Make(1 << MantissaBits, i => FixedMath.Log(1 + ((i + 0.5) / (1 << MantissaBits))));
    static readonly int[] s_octave = Make(64, i => i * FixedMath.Log(2));

    /// <param name="value">At least 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(ulong value)
    {
        int octave = BitOperations.Log2(value);
        int mantissa = (int)(value << (63 - octave) << 1 >> (64 - MantissaBits));
        return (s_octave[octave] + s_mantissa[mantissa]) >> (Scale - 8);
    }

    static int[] Make(int length, Func<int, double> log)
    {
        var table = new int[length];
        for (int i = 0; i < length; i++)
            table[i] = (int)Math.Round(log(i) * (1 << Scale));
        return table;
    }
}

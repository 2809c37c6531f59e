using System.Runtime.CompilerServices;

namespace Dum.Coding;

/// <summary>
/// The logistic scale in whole numbers: a probability is 16 bits (65536 = certain), its logit is fixed-point with
/// 256 steps per nat, clamped to ±2047. Tables are made with IEEE additions, multiplications and divisions alone,
/// so they hold the same numbers on every machine.
/// </summary>
static class Logistic
{
    public const int Limit = 2047;

    // Squash: logit + 2048 → probability; Stretch: probability / 16 → logit.
    static readonly ushort[] s_squash = MakeSquash();
    static readonly short[] s_stretch = MakeStretch();

    /// <summary>The tables themselves, for a loop that looks into them at every step: logit + 2048 → probability, probability / 16 → logit.</summary>
    public static ushort[] SquashTable => s_squash;

    public static short[] StretchTable => s_stretch;

    /// <summary>Probability (1…65535) of a logit in ±2047; values beyond are clamped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Squash(int logit) => s_squash[Math.Clamp(logit, -Limit, Limit) + 2048];

    /// <summary>Logit of a 16-bit probability.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Stretch(int probability) => s_stretch[probability >> 4];

    static ushort[] MakeSquash()
    {
        var table = new ushort[4096];
        for (int i = 0; i < table.Length; i++)
        {
            double p = 65536 / (1 + Exp(-(i - 2048) / 256.0));
            table[i] = (ushort)Math.Clamp((int)(p + 0.5), 1, 65535);
        }
        return table;
    }

    static short[] MakeStretch()
    {
        // The inverse by search: the logit whose probability is nearest from below.
        var table = new short[4096];
        int logit = -Limit;
        for (int i = 0; i < table.Length; i++)
        {
            while (logit < Limit && s_squash[logit + 2048] < i * 16 + 8)
                logit++;
            table[i] = (short)logit;
        }
        return table;
    }

    /// <summary>e^x for |x| ≤ 8: the Taylor series of x/16, squared four times.</summary>
    static double Exp(double x)
    {
        double y = x / 16, term = 1, sum = 1;
        for (int n = 1; n < 24; n++)
        {
            term = term * y / n;
            sum += term;
        }
        for (int i = 0; i < 4; i++)
            sum *= sum;
        return sum;
    }
}

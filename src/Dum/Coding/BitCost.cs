using Dum.Numerics;

namespace Dum.Coding;

/// <summary>What a decision costs: for reports, never for coding.</summary>
static class BitCost
{
    static readonly int[] s_cost = Make();

    /// <summary>Bits times 65536 of an outcome.</summary>
    /// <param name="probability">Of the outcome, in 1…65535 of 65536.</param>
    public static int Of(int probability) => s_cost[probability];

    static int[] Make()
    {
        var table = new int[65536];
        for (int p = 1; p < table.Length; p++)
            table[p] = (int)Math.Round(-65536 * FixedMath.Log(p / 65536.0) / FixedMath.Log(2));
        return table;
    }
}

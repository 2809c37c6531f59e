using Dum.Numerics;

namespace Dum.Bench.Rhythm;

/// <summary>Random parameters of a search.</summary>
static class Draw
{
    /// <summary>A whole number in a range, both ends in it.</summary>
    public static int Whole(Philox p, uint at, int from, int to) => from + (int)(p.Unit(at, 1, 0) * (to - from + 1));

    /// <summary>A number spread evenly over the logarithm of a range.</summary>
    public static double Log(Philox p, uint at, double from, double to) => FixedMath.Exp(FixedMath.Log(from) + (p.Unit(at, 2, 0) * (FixedMath.Log(to) - FixedMath.Log(from))));
}

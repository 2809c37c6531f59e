using System.Numerics;

namespace Dum.Sigma.Controls;

/// <summary>xoshiro256** (Blackman and Vigna, 2021): a good generator that is no cipher, a second placebo of another make.</summary>
public sealed class Xoshiro256
{
    ulong _a, _b, _c, _d;

    /// <param name="seed">Spread over the state by SplitMix64.</param>
    public Xoshiro256(ulong seed)
    {
        (_a, _b, _c, _d) = (Spread(ref seed), Spread(ref seed), Spread(ref seed), Spread(ref seed));
    }

    internal Xoshiro256(ulong a, ulong b, ulong c, ulong d) => (_a, _b, _c, _d) = (a, b, c, d);

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9, t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A number in [0, 1) of 53 bits.</summary>
    public double Unit() => (Next() >> 11) / 9007199254740992.0;

    /// <summary>SplitMix64 (Steele, Lea, Flood, 2014).</summary>
    internal static ulong Spread(ref ulong seed)
    {
        ulong z = seed += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

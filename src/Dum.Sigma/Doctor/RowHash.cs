using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Sigma.Doctor;

/// <summary>
/// A 64-bit hash of the bits of a row of floats. Every step is a bijection of its lane, so one changed number always changes
/// the hash; rows that differ in more share it with a chance of 2⁻³² at worst. It finds accidents, it is no signature.
/// </summary>
static unsafe class RowHash
{
    const uint Step = 0x9E3779B1, Fold = 0x85EBCA77;

    /// <summary>The hash of <paramref name="count"/> floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Of(float* row, int count)
    {
        uint* x = (uint*)row;
        Vector256<uint> step = Vector256.Create(Step);
        Vector256<uint> a = Vector256.Create(1u, 2, 3, 4, 5, 6, 7, 8), b = a + step, c = b + step, d = c + step;
        int i = 0;
        for (; i + 32 <= count; i += 32)
        {
            a = (a ^ Vector256.Load(x + i)) * step;
            b = (b ^ Vector256.Load(x + i + 8)) * step;
            c = (c ^ Vector256.Load(x + i + 16)) * step;
            d = (d ^ Vector256.Load(x + i + 24)) * step;
            // The top bits come down, or low bits would never see them.
            a ^= a >> 15;
            b ^= b >> 15;
            c ^= c >> 15;
            d ^= d >> 15;
        }
        Vector256<uint> fold = Vector256.Create(Fold);
        // Odd multiples of four lanes: a change in one of them cannot be undone by none in the others.
        Vector256<uint> low = ((a * fold) ^ b) * fold, high = ((c * fold) ^ d) * fold;
        // In a tree, whose branches do not wait for each other.
        Vector256<ulong> p = low.AsUInt64(), q = high.AsUInt64();
        ulong first = Join(Join(p.GetElement(0), q.GetElement(0)), Join(p.GetElement(1), q.GetElement(1)));
        ulong second = Join(Join(p.GetElement(2), q.GetElement(2)), Join(p.GetElement(3), q.GetElement(3)));
        ulong hash = Mix(Join(first, second) ^ (uint)count);
        for (; i < count; i++)
            hash = Mix(hash ^ x[i]);
        return hash;
    }

    /// <summary>One of two: a bijection of either while the other stays.</summary>
    static ulong Join(ulong a, ulong b) => Mix(a) ^ (b * 0xD1B54A32D192ED03);

    /// <summary>A bijection of 64 bits that spreads every bit over all (the finaliser of SplitMix64, Steele, Lea and Flood 2014).</summary>
    public static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The hash of a name.</summary>
    public static ulong OfName(string name)
    {
        ulong hash = 0;
        foreach (char c in name)
            hash = Mix(hash ^ c);
        return hash;
    }
}

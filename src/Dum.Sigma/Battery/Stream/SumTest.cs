using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dum.Sigma.Statistics;

namespace Dum.Sigma.Battery.Stream;

/// <summary>
/// Whether a byte is the sum or the difference of two of the 64 before it, give or take one for what is carried or borrowed:
/// generators with two lags are, whatever bits of their words are put out. Of random bytes three in 256 are, exactly, whatever
/// came before.
/// </summary>
sealed unsafe class SumTest : StreamTest
{
    const int Reach = 64, Places = 2048, Lanes = 32;

    static readonly string[] s_signs = ["sum", "near less far", "far less near"];

    static readonly (int Slot, string Part)[] s_parts =
    [
        .. from sign in Enumerable.Range(0, s_signs.Length) from near in Enumerable.Range(1, Reach - 1) from far in Enumerable.Range(near + 1, Reach - near)
           select (Slot(sign, near, far), $"{near} and {far} before, {s_signs[sign]}"),
    ];

    readonly long[] _counts = new long[s_signs.Length * Reach * Reach];
    long _places;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Add(ReadOnlySpan<byte> segment)
    {
        fixed (byte* first = segment)
            for (int near = 1; near < Reach; near++)
                for (int far = near + 1; far <= Reach; far++)
                {
                    Vector256<byte> sums = default, less = default, more = default;
                    // Not more than 255 turns: each lane counts in a byte.
                    for (byte* at = first + Reach, end = at + Places; at < end; at += Lanes)
                    {
                        Vector256<byte> x = Vector256.Load(at) + Vector256<byte>.One, y = Vector256.Load(at - near), z = Vector256.Load(at - far);
                        sums -= Few(x - y - z);
                        less -= Few(x - y + z);
                        more -= Few(x + y - z);
                    }
                    _counts[Slot(0, near, far)] += Total(sums);
                    _counts[Slot(1, near, far)] += Total(less);
                    _counts[Slot(2, near, far)] += Total(more);
                }
        _places += Places;
    }

    public override void Finish(Action<PartResult> take)
    {
        // The binomial law's tails are a little lighter than those of Poisson's.
        foreach ((int slot, string part) in s_parts)
            take(new PartResult(TestNames.Sums, part, Special.PoissonTwoSided(_counts[slot], _places * 3.0 / 256)));
    }

    /// <summary>All bits where a byte is at most 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<byte> Few(Vector256<byte> x) => Vector256.Equals(Vector256.Min(x, Vector256.Create((byte)2)), x);

    static int Total(Vector256<byte> counts)
    {
        (Vector256<ushort> low, Vector256<ushort> high) = Vector256.Widen(counts);
        return Vector256.Sum(low + high);
    }

    static int Slot(int sign, int near, int far) => (((sign * Reach) + near - 1) * Reach) + far - 1;
}

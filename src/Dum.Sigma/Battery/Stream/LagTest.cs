using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Dum.Sigma.Statistics;

namespace Dum.Sigma.Battery.Stream;

/// <summary>
/// Whether bit p of a 64-bit word agrees with bit p of the word 1, 2, 4 … 8,192 words before it: the low bits of every
/// congruential generator with a modulus of a power of two repeat at such distances.
/// </summary>
sealed unsafe class LagTest : StreamTest
{
    const int Lags = 14, Planes = 64, Levels = 8;

    static readonly string[] s_parts = [.. Enumerable.Range(0, Lags * Planes).Select(i => $"{1 << (i / Planes)} words, bit {i % Planes}")];

    readonly long[] _differ = new long[Lags * Planes], _pairs = new long[Lags];

    public override void Add(ReadOnlySpan<byte> segment)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(segment);
        fixed (ulong* at = words)
            for (int lag = 0; lag < Lags; lag++)
            {
                int distance = 1 << lag, pairs = (words.Length - distance) / 4 * 4;
                Count(at, at + distance, pairs, _differ.AsSpan(lag * Planes, Planes));
                _pairs[lag] += pairs;
            }
    }

    public override void Finish(Action<PartResult> take)
    {
        for (int i = 0; i < _differ.Length; i++)
        {
            long pairs = _pairs[i / Planes];
            take(new PartResult(TestNames.Lags, s_parts[i], Special.TwoSided(((2.0 * _differ[i]) - pairs) / Math.Sqrt(pairs))));
        }
    }

    /// <summary>Adds up differing bits plane by plane in counters whose bits lie in eight words, four lanes at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Count(ulong* a, ulong* b, int pairs, Span<long> planes)
    {
        Vector256<ulong>* levels = stackalloc Vector256<ulong>[Levels];
        for (int i = 0; i < pairs;)
        {
            for (int l = 0; l < Levels; l++)
                levels[l] = default;
            for (int end = Math.Min(pairs, i + (4 * 255)); i < end; i += 4)
            {
                Vector256<ulong> carry = Vector256.Load(a + i) ^ Vector256.Load(b + i);
                for (int l = 0; l < Levels; l++)
                {
                    Vector256<ulong> next = levels[l] & carry;
                    levels[l] ^= carry;
                    carry = next;
                }
            }
            for (int l = 0; l < Levels; l++)
                for (int lane = 0; lane < 4; lane++)
                {
                    ulong bits = levels[l].GetElement(lane);
                    for (int p = 0; p < Planes; p++)
                        planes[p] += (long)((bits >> p) & 1) << l;
                }
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dum.Numerics;

namespace Dum.Coding;

/// <summary>
/// A language model's prediction of the next hyperword in whole numbers, summed up over the leaves of a
/// <see cref="SymbolTree"/>: the share of either branch of any node is a difference of two sums.
/// </summary>
sealed class LeafDistribution
{
    // The most probable entry weighs 2^30, the least 1: the sum of 65,536 of them stays below 2^47.
    const float Unit = 1 << 30;

    // Below it an entry weighs 1 in any case; also what NaN becomes.
    const float Faint = -30;

    readonly SymbolTree _tree;
    readonly float[] _weights;
    readonly ulong[] _sums;

    public LeafDistribution(SymbolTree tree)
    {
        (_tree, _sums) = (tree, new ulong[tree.Count + 1]);
        _weights = new float[(tree.Count + Lanes.Count - 1) / Lanes.Count * Lanes.Count];
    }

    /// <summary>Takes a row of logits.</summary>
    /// <param name="logits">By entry id; what stands behind the tree's entries (the id that ends a document) is left out.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Set(ReadOnlySpan<float> logits)
    {
        int n = _tree.Count;
        fixed (float* x = logits, w = _weights)
        {
            float most = Lanes.Max(x, n);
            Vector256<float> top = Vector256.Create(float.IsFinite(most) ? most : 0), faint = Vector256.Create(Faint), unit = Vector256.Create(Unit);
            for (int i = 0; i < n; i += Lanes.Count)
            {
                Vector256<float> d = (i + Lanes.Count <= n ? Vector256.Load(x + i) : Lanes.Load(x + i, n - i)) - top;
                // Both comparisons are false for NaN.
                d = Vector256.ConditionalSelect(Vector256.GreaterThan(d, faint), d, faint);
                d = Vector256.ConditionalSelect(Vector256.LessThan(d, Vector256<float>.Zero), d, Vector256<float>.Zero);
                (Lanes.Exp(d) * unit).Store(w + i);
            }
            ulong sum = 0;
            for (int p = 0; p < n; p++)
            {
                sum += (uint)(int)w[_tree.IdAt(p)] + 1;
                _sums[p + 1] = sum;
            }
        }
    }

    /// <summary>That the right branch is taken, in 1…65535 of 65536.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Probability(int lo, int middle, int hi)
    {
        ulong from = _sums[lo], cut = _sums[middle], to = _sums[hi];
        return Math.Clamp((int)(((to - cut) << 16) / (to - from)), 1, 65535);
    }

    /// <summary>The logit of the right branch on the scale of <see cref="Logistic"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Logit(int lo, int middle, int hi)
    {
        ulong from = _sums[lo], cut = _sums[middle], to = _sums[hi];
        return Math.Clamp(FixedLog.Of(to - cut) - FixedLog.Of(cut - from), -Logistic.Limit, Logistic.Limit);
    }

    /// <summary>What the entry at a leaf costs, in bits.</summary>
    public double Bits(int position) =>
        (FixedMath.Log(_sums[^1]) - FixedMath.Log(_sums[position + 1] - _sums[position])) / FixedMath.Log(2);
}

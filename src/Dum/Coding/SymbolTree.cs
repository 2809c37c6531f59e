using System.Runtime.CompilerServices;

namespace Dum.Coding;

/// <summary>
/// A binary tree over the entries of a vocabulary in byte order, so that one hyperword becomes about as many yes-or-no
/// decisions as its unigram entropy has bits. Entries are leaves; a node covers the leaf positions [lo, hi) and splits
/// them at <c>Middle</c>. Nodes are numbered in preorder: the left child of node k is k + 1, the right one
/// k + (middle − lo); no links are stored.
/// </summary>
sealed class SymbolTree
{
    readonly ushort[] _middle;
    readonly ushort[] _right;
    readonly ushort[] _positionOf;
    readonly ushort[] _idAt;

    /// <param name="idAt">The entry at each leaf position: a permutation.</param>
    /// <param name="weight">A positive weight per entry id.</param>
    /// <exception cref="DumException"><paramref name="idAt"/> is no permutation.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public SymbolTree(ReadOnlySpan<ushort> idAt, ReadOnlySpan<int> weight)
    {
        int n = idAt.Length;
        _idAt = idAt.ToArray();
        _positionOf = new ushort[n];
        var seen = new bool[n];
        var sum = new long[n + 1];
        for (int p = 0; p < n; p++)
        {
            int id = _idAt[p];
            if (id >= n || seen[id])
                throw new DumException(Tongue.Say(
                    "the lexicon's prior is damaged: its order of entries is no permutation",
                    "априорная статистика лексикона повреждена: порядок единиц — не перестановка"));
            seen[id] = true;
            _positionOf[id] = (ushort)p;
            sum[p + 1] = sum[p] + weight[id];
        }
        _middle = new ushort[Math.Max(n - 1, 1)];
        _right = new ushort[_middle.Length];
        Split(sum, 0, n, 0);
    }

    public int Count => _idAt.Length;

    public ReadOnlySpan<ushort> Middle => _middle;

    /// <summary>A fresh array: the probability (16 bits) of the right branch at each node, by weight.</summary>
    public ushort[] BranchProbabilities() => (ushort[])_right.Clone();

    public int PositionOf(int id) => _positionOf[id];

    public int IdAt(int position) => _idAt[position];

    /// <summary>Halves by weight: the split where both sides weigh most nearly the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Split(long[] sum, int lo, int hi, int node)
    {
        while (hi - lo > 1)
        {
            long half = (sum[lo] + sum[hi]) / 2;
            int at = Array.BinarySearch(sum, lo + 1, hi - lo - 1, half);
            int middle = at >= 0 ? at : ~at;
            if (middle > lo + 1 && half - sum[middle - 1] <= sum[Math.Min(middle, hi)] - half)
                middle--;
            middle = Math.Clamp(middle, lo + 1, hi - 1);
            _middle[node] = (ushort)middle;
            _right[node] = (ushort)Math.Clamp(((sum[hi] - sum[middle]) << 16) / (sum[hi] - sum[lo]), 32, 65504);
            Split(sum, lo, middle, node + 1);
            (node, lo) = (node + middle - lo, middle);
        }
    }
}

using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Models;

/// <summary>
/// Which rows of a batch run with which adapter, and what the adapters add to its products: the base's product is made once
/// for all rows, then every adapter's for its own (Punica, arXiv 2310.18547). Nothing is allocated per batch.
/// </summary>
/// <param name="most">Rows of a batch at most.</param>
sealed class AdapterRows(int most) : IDisposable
{
    readonly (LoraLayers Layers, int Row, int Rows)[] _groups = new (LoraLayers, int, int)[most];
    readonly LowRankRows[] _rows = new LowRankRows[most];
    Arena? _arena;
    Block? _reduced;
    int _count, _next;

    /// <summary>Makes room for adapters of a rank.</summary>
    /// <exception cref="DumException">There is not enough memory.</exception>
    public void MakeRoom(int rank)
    {
        if (_reduced is not null && _reduced.Columns >= rank)
            return;
        var arena = new Arena("adapters");
        Block block = arena.Take("reduced", most, rank);
        arena.Allocate();
        _arena?.Dispose();
        (_arena, _reduced) = (arena, block);
    }

    /// <summary>Begins another batch.</summary>
    public void Clear() => (_count, _next) = (0, 0);

    /// <summary>The next rows of the batch.</summary>
    /// <param name="adapter">Of <see cref="LoraAdapter.Layers"/>, or null.</param>
    /// <param name="rows">How many.</param>
    public void Add(LoraLayers? adapter, int rows)
    {
        if (adapter is not null && _count > 0 && _groups[_count - 1] is var last && last.Layers == adapter && last.Row + last.Rows == _next)
            _groups[_count - 1].Rows += rows;
        else if (adapter is not null)
            _groups[_count++] = (adapter, _next, rows);
        _next += rows;
    }

    /// <summary>y += what the adapters make of x.</summary>
    public void AddTo(KernelTable kernels, int layer, LayerProduct product, Matrix x, Matrix y)
    {
        int count = 0;
        for (int g = 0; g < _count; g++)
            if (_groups[g].Layers.Of(layer, product) is { Length: > 0 } parts)
                _rows[count++] = new LowRankRows(_groups[g].Row, _groups[g].Rows, parts);
        if (count > 0)
            kernels.AddLowRank(x, _rows, count, _reduced!, y);
    }

    /// <summary>An order of sequences in which those with the same adapter stand next to each other.</summary>
    /// <param name="adapters">Of every sequence.</param>
    /// <param name="order">Filled with their numbers.</param>
    public static void Order(ReadOnlySpan<LoraAdapter?> adapters, Span<int> order)
    {
        for (int i = 0; i < adapters.Length; i++)
            order[i] = i;
        for (int first = 0; first < adapters.Length;)
        {
            LoraAdapter? adapter = adapters[order[first++]];
            for (int i = first; i < adapters.Length; i++)
                if (adapters[order[i]] == adapter)
                {
                    (order[i], order[first]) = (order[first], order[i]);
                    first++;
                }
        }
    }

    public void Dispose() => _arena?.Dispose();
}

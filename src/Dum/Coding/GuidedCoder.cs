using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dum.Coding;

/// <summary>
/// Stands between a <see cref="HyperwordModel"/> and the arithmetic coder and brings a language model in: every decision
/// that the former predicts from statistics is mixed once more with what the latter says of the same branch.
/// Whole numbers only.
/// </summary>
ref struct GuidedCoder<TCoder>(TCoder inner, GuidedState state, SymbolTree tree) : IBitCoder where TCoder : IBitCoder, allows ref struct
{
    readonly GuidedState _state = state;
    readonly SymbolTree _tree = tree;
    LeafDistribution _model = null!;
    int _lo, _hi, _node, _depth;

    /// <summary>Where the decisions go to or come from.</summary>
    public TCoder Inner = inner;

    /// <summary>What the statistics alone would have spent on everything so far, in 1/65536 bit.</summary>
    public long StatisticsBits;

    /// <summary>Before each hyperword: what the language model expects of it.</summary>
    public void Begin(LeafDistribution model)
    {
        _model = model;
        (_lo, _hi, _node, _depth) = (0, _tree.Count, 0, 0);
    }

    /// <inheritdoc/>
    public int Code(int bit, int probability)
    {
        int middle = _tree.Middle[_node];
        int statistics = Logistic.Stretch(probability), model = _model.Logit(_lo, middle, _hi);
        int bitOut = Inner.Code(bit, _state.Predict(statistics, model, _depth));
        _state.Learn(bitOut);
        StatisticsBits += BitCost.Of(bitOut != 0 ? probability : 65536 - probability);
        if (bitOut != 0)
            (_node, _lo) = (_node + middle - _lo, middle);
        else
            (_node, _hi) = (_node + 1, middle);
        _depth++;
        return bitOut;
    }
}

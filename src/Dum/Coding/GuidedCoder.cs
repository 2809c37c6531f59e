using System.Runtime.Intrinsics;

namespace Dum.Coding;

/// <summary>
/// Stands between a <see cref="HyperwordModel"/> and the arithmetic coder and brings a language model in: every decision
/// that the former predicts is mixed once more with what the latter says of the same branch.
/// </summary>
/// <param name="inner">Where the decisions go to or come from.</param>
/// <param name="mixer">Learns on the way.</param>
/// <param name="tree">Of the lexicon.</param>
ref struct GuidedCoder<TCoder>(TCoder inner, GuidedMixer mixer, SymbolTree tree) : IBitCoder where TCoder : IBitCoder, allows ref struct
{
    readonly GuidedMixer _mixer = mixer;
    readonly SymbolTree _tree = tree;
    LeafDistribution _model = null!;
    int _lo, _hi, _node, _depth;

    /// <summary>Where the decisions go to or come from.</summary>
    public TCoder Inner = inner;

    /// <summary>What the statistics alone would have spent so far, in 1/65536 bit.</summary>
    public long StatisticsCost;

    /// <summary>Before each hyperword: what the language model expects.</summary>
    public void Begin(LeafDistribution model)
    {
        _model = model;
        (_lo, _hi, _node, _depth) = (0, _tree.Count, 0, 0);
    }

    /// <inheritdoc/>
    public int Code(int bit, int probability, Vector256<int> logits, int kind)
    {
        int middle = _tree.Middle[_node];
        int mixed = _mixer.Predict(Logistic.Stretch(probability), _model.Logit(_lo, middle, _hi), _depth++, logits, kind);
        bit = Inner.Code(bit, mixed, logits, kind);
        _mixer.Learn(bit);
        StatisticsCost += BitCost.Of(bit != 0 ? probability : 65536 - probability);
        if (bit != 0)
            (_node, _lo) = (_node + middle - _lo, middle);
        else
            (_node, _hi) = (_node + 1, middle);
        return bit;
    }

    /// <summary>Codes a hyperword by the language model alone.</summary>
    /// <param name="id">The hyperword when encoding; any id when decoding.</param>
    public int CodeAlone(int id)
    {
        int target = _tree.PositionOf(id);
        while (_hi - _lo > 1)
        {
            int middle = _tree.Middle[_node];
            if (Inner.Code(target >= middle ? 1 : 0, _model.Probability(_lo, middle, _hi), default, 0) != 0)
                (_node, _lo) = (_node + middle - _lo, middle);
            else
                (_node, _hi) = (_node + 1, middle);
        }
        return _tree.IdAt(_lo);
    }
}

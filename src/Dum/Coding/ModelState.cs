namespace Dum.Coding;

/// <summary>Everything of the model that learns while it codes. A block starts from a copy of the prior's.</summary>
sealed class ModelState
{
    /// <summary>Inputs of the mixer: the branch, three training orders, three recent orders, the repetition.</summary>
    public const int Inputs = 8;

    /// <summary>Cells of one map: left level by right level.</summary>
    public const int MapCells = EvidenceLevel.Count * EvidenceLevel.Count;

    /// <summary>A list in the training statistics may have 1, 2–3, 4–7 or more successors left: four maps per order.</summary>
    public const int Spreads = 4;

    public const int Maps = CoderPrior.Orders * Spreads + CoderPrior.Orders;

    /// <summary>Mixing weights are chosen by (repetition, longest known training order, longest known recent order) and by depth.</summary>
    public const int Contexts = 4 * 4 * 4, Depths = 32;

    /// <summary>Lengths of a repetition that are told apart, times the expected bit.</summary>
    public const int MatchCells = 16 * 2;

    /// <summary>Probability (16 bits) of the right branch, per tree node.</summary>
    public ushort[] Branch { get; private init; } = [];

    /// <summary>Probability of the right branch given evidence for both.</summary>
    public ushort[] Map { get; private init; } = [];

    /// <summary>Probability of a 1 given the length of the repetition and the bit it expects.</summary>
    public ushort[] Match { get; private init; } = [];

    /// <summary>Mixing weights, 65536 = 1, [context][input] and then [depth][input].</summary>
    public int[] Weights { get; private init; } = [];

    public static ModelState Untuned(SymbolTree tree)
    {
        var map = new ushort[Maps * MapCells];
        for (int i = 0; i < Maps; i++)
            EvidenceLevel.Start(map.AsSpan(i * MapCells, MapCells));
        var match = new ushort[MatchCells];
        for (int i = 0; i < match.Length; i++)
            match[i] = (ushort)((i & 1) != 0 ? 60000 : 5536);
        var weights = new int[(Contexts + Depths) * Inputs];
        Array.Fill(weights, 65536 / 6);
        return new ModelState { Branch = tree.BranchProbabilities(), Map = map, Match = match, Weights = weights };
    }

    public ModelState Copy() => new()
    {
        Branch = (ushort[])Branch.Clone(),
        Map = (ushort[])Map.Clone(),
        Match = (ushort[])Match.Clone(),
        Weights = (int[])Weights.Clone(),
    };

    public void CopyFrom(ModelState other)
    {
        other.Branch.CopyTo(Branch, 0);
        other.Map.CopyTo(Map, 0);
        other.Match.CopyTo(Match, 0);
        other.Weights.CopyTo(Weights, 0);
    }

    /// <summary>The same maps and weights over the tree's own branch statistics: what is kept after tuning.</summary>
    public ModelState WithFreshBranches(SymbolTree tree) => new()
    {
        Branch = tree.BranchProbabilities(),
        Map = (ushort[])Map.Clone(),
        Match = (ushort[])Match.Clone(),
        Weights = (int[])Weights.Clone(),
    };

    /// <summary>Branch statistics are not written: they follow from the tree.</summary>
    public void Write(ByteWriter to)
    {
        foreach (ushort p in Map)
            to.UInt16(p);
        foreach (ushort p in Match)
            to.UInt16(p);
        foreach (int w in Weights)
            to.UInt32((uint)w);
    }

    public static ModelState Read(ref ByteReader from, SymbolTree tree)
    {
        ModelState state = Untuned(tree);
        for (int i = 0; i < state.Map.Length; i++)
            state.Map[i] = (ushort)from.UInt16();
        for (int i = 0; i < state.Match.Length; i++)
            state.Match[i] = (ushort)from.UInt16();
        for (int i = 0; i < state.Weights.Length; i++)
            state.Weights[i] = Math.Clamp((int)from.UInt32(), -Mixer.MostWeight, Mixer.MostWeight);
        return state;
    }
}

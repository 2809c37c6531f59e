namespace Dum.Coding;

/// <summary>What the coder knows before it reads a word: the tree, n-gram statistics of the training text, and tuned maps and weights.</summary>
sealed class CoderPrior
{
    public required SymbolTree Tree { get; init; }

    /// <summary>Orders 1, 2, 3, and the one with a gap.</summary>
    public required NgramTable[] Tables { get; init; }

    /// <summary>Probability of the right branch per node.</summary>
    public required ushort[] Branch { get; init; }

    public required ushort[] Maps { get; init; }

    public required ushort[] MatchMap { get; init; }

    public required int[] Weights { get; init; }

    public required int[] DepthWeights { get; init; }
}

using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Plans;

/// <summary>
/// Weights that are learned: value and gradient in the same place of two arenas. A matrix lies packed, as products read it
/// (<see cref="PackedWeights"/>), so an optimiser that treats every number alike needs no other layout.
/// </summary>
sealed class Parameter
{
    internal Parameter(string name, Block value, Block gradient, int outputs, int inputs, bool isMatrix, IReadOnlyList<(string Name, int Rows)> parts)
    {
        (Name, Value, Gradient, Outputs, Inputs, IsMatrix, Parts) = (name, value, gradient, outputs, inputs, isMatrix, parts);
        if (isMatrix)
            (Weights, GradientWeights) = (PackedWeights.Over(value, outputs, inputs), PackedWeights.Over(gradient, outputs, inputs));
    }

    /// <summary>For messages.</summary>
    public string Name { get; }
    public Block Value { get; }
    public Block Gradient { get; }

    /// <summary>Rows of the matrix; 1 for a vector.</summary>
    public int Outputs { get; }
    public int Inputs { get; }

    /// <summary>False for gains and biases, which do not decay.</summary>
    public bool IsMatrix { get; }

    /// <summary>What a checkpoint stores separately, in the order of rows (of elements for a vector).</summary>
    public IReadOnlyList<(string Name, int Rows)> Parts { get; }

    /// <summary>The value as weights; null for a vector.</summary>
    public PackedWeights? Weights { get; }
    public PackedWeights? GradientWeights { get; }

    /// <summary>Numbers that are learned.</summary>
    public long Count => (long)Outputs * Inputs;
}

using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Plans;

/// <summary>
/// Weights that are learned: value and gradient in the same place of two arenas. A matrix lies packed, as products read it
/// (<see cref="PackedWeights"/>), so an optimiser that treats every number alike needs no other layout.
/// </summary>
sealed class Parameter
{
    internal Parameter(string name, Block value, Block gradient, int outputs, int inputs, bool decays)
    {
        (Name, Value, Gradient, Outputs, Inputs, Decays) = (name, value, gradient, outputs, inputs, decays);
        if (IsMatrix)
            (Weights, GradientWeights) = (PackedWeights.Over(value, outputs, inputs), PackedWeights.Over(gradient, outputs, inputs));
    }

    /// <summary>As in the checkpoint, without ".weight".</summary>
    public string Name { get; }
    public Block Value { get; }
    public Block Gradient { get; }

    /// <summary>Rows of the matrix; 1 for a vector.</summary>
    public int Outputs { get; }
    public int Inputs { get; }

    /// <summary>True where weight decay applies: matrices, not gains and biases.</summary>
    public bool Decays { get; }
    public bool IsMatrix => Outputs > 1;

    /// <summary>The value as weights; null for a vector.</summary>
    public PackedWeights? Weights { get; }
    public PackedWeights? GradientWeights { get; }

    /// <summary>Numbers that are learned.</summary>
    public long Count => (long)Outputs * Inputs;
}

using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Plans;

/// <summary>
/// Weights that a plan computes with. Where they are learned, value and gradient have the same place in two arenas; a matrix
/// lies packed, as products read it (<see cref="PackedWeights"/>), so an optimiser that treats every number alike needs no
/// other layout. Where they are frozen, they are somebody else's, of any format, and have no gradient.
/// </summary>
sealed unsafe class Parameter
{
    readonly Block? _value, _gradient;
    readonly float* _vector;

    internal Parameter(string name, Block value, Block gradient, int outputs, int inputs, bool isMatrix, IReadOnlyList<(string Name, int Rows)> parts)
    {
        (Name, _value, _gradient, Outputs, Inputs, IsMatrix, Parts) = (name, value, gradient, outputs, inputs, isMatrix, parts);
        if (isMatrix)
            (Weights, GradientWeights) = (PackedWeights.Over(value, outputs, inputs), PackedWeights.Over(gradient, outputs, inputs));
    }

    /// <summary>A frozen matrix.</summary>
    internal Parameter(string name, PackedWeights weights, IReadOnlyList<(string Name, int Rows)> parts) =>
        (Name, Weights, Outputs, Inputs, IsMatrix, Parts) = (name, weights, weights.Outputs, weights.Inputs, true, parts);

    /// <summary>A frozen vector.</summary>
    internal Parameter(string name, float* vector, int length, IReadOnlyList<(string Name, int Rows)> parts)
    {
        (Name, Outputs, Inputs, Parts) = (name, 1, length, parts);
        _vector = vector;
    }

    /// <summary>For messages.</summary>
    public string Name { get; }

    /// <summary>True where nothing is learned: no value in the plan's arena, no gradient.</summary>
    public bool IsFrozen => _value is null;

    public Block Value => _value ?? throw new InvalidOperationException($"{Name} is frozen");
    public Block Gradient => _gradient ?? throw new InvalidOperationException($"{Name} is frozen");

    /// <summary>A vector's numbers.</summary>
    public float* Data => _value is null ? _vector : _value.Data;

    /// <summary>Their gradient; null where they are frozen.</summary>
    public float* GradientData => _gradient is null ? null : _gradient.Data;

    /// <summary>Rows of the matrix; 1 for a vector.</summary>
    public int Outputs { get; }
    public int Inputs { get; }

    /// <summary>False for gains and biases, which do not decay.</summary>
    public bool IsMatrix { get; }

    /// <summary>What a checkpoint stores separately, in the order of rows (of elements for a vector).</summary>
    public IReadOnlyList<(string Name, int Rows)> Parts { get; }

    /// <summary>The value as weights; null for a vector.</summary>
    public PackedWeights? Weights { get; }

    /// <summary>The gradient as weights; null for a vector, and where they are frozen.</summary>
    public PackedWeights? GradientWeights { get; }

    /// <summary>Numbers in it.</summary>
    public long Count => (long)Outputs * Inputs;
}

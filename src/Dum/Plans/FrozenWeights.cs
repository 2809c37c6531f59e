using Dum.Numerics.Kernels;

namespace Dum.Plans;

/// <summary>Weights that a plan reads and does not change, by the names of its parameters. They belong to somebody else and must outlive the plan.</summary>
sealed unsafe class FrozenWeights
{
    readonly Dictionary<string, PackedWeights> _matrices = [];
    readonly Dictionary<string, nint> _vectors = [];

    /// <summary>All matrices by name.</summary>
    public IReadOnlyDictionary<string, PackedWeights> Matrices => _matrices;

    /// <summary>The addresses of all vectors by name; 0 for what an architecture does not have.</summary>
    public IReadOnlyDictionary<string, nint> Vectors => _vectors;

    public void Add(string name, PackedWeights weights) => _matrices.Add(name, weights);

    /// <param name="name">Of the parameter.</param>
    /// <param name="vector">May be null, for what an architecture does not have.</param>
    public void Add(string name, float* vector) => _vectors.Add(name, (nint)vector);

    /// <exception cref="ArgumentException">There is none, or it is of another size.</exception>
    public PackedWeights Matrix(string name, int outputs, int inputs) =>
        _matrices.TryGetValue(name, out PackedWeights? weights) && weights.Outputs == outputs && weights.Inputs == inputs ? weights
            : throw new ArgumentException($"no frozen {name} of {outputs} × {inputs}");

    /// <exception cref="ArgumentException">There is none.</exception>
    public float* Vector(string name) =>
        _vectors.TryGetValue(name, out nint vector) && vector != 0 ? (float*)vector : throw new ArgumentException($"no frozen {name}");
}

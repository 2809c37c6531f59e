using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Plans;

/// <summary>
/// A fixed list of operations over arenas: a model's constructor appends them once, forward walks the list up, backward
/// walks it down. Nothing is allocated after <see cref="Allocate"/>.
/// </summary>
/// <param name="training">Whether there is a backward pass.</param>
/// <param name="frozen">Where given, all weights are taken from it, and only adapters are learned.</param>
/// <param name="adapters">Which products get an adapter; null for none.</param>
sealed class Plan(bool training, FrozenWeights? frozen = null, LoraSettings? adapters = null) : IDisposable
{
    readonly List<Operation> _operations = [];
    readonly List<Parameter> _parameters = [];
    readonly Dictionary<(int Outputs, int Inputs), Block> _rooms = [];

    public Arena Values { get; } = new("parameters");
    public Arena Gradients { get; } = new("gradients");
    public Arena Activations { get; } = new("activations");
    public Arena ActivationGradients { get; } = new("activation gradients");

    public bool Training => training;
    public IReadOnlyList<Operation> Operations => _operations;

    /// <summary>What is learned: frozen weights are not among them.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>False for the first micro-batch of a step, which overwrites the gradients of the step before.</summary>
    public bool Accumulates { get; set; }

    public T Append<T>(T operation) where T : Operation
    {
        _operations.Add(operation);
        return operation;
    }

    /// <summary>A matrix of the rows of all parts, which a checkpoint stores one by one.</summary>
    public Parameter Matrix(string name, int inputs, params ReadOnlySpan<(string Name, int Rows)> parts)
    {
        int outputs = 0;
        foreach ((_, int rows) in parts)
            outputs += rows;
        return frozen is null ? Learned(name, outputs, inputs, parts.ToArray()) : new Parameter(name, frozen.Matrix(name, outputs, inputs), parts.ToArray());
    }

    /// <summary>A matrix that is learned beside frozen ones.</summary>
    public Parameter Adapter(string name, int outputs, int inputs) => Learned(name, outputs, inputs, [(name + ".weight", outputs)]);

    public unsafe Parameter Vector(string name, params ReadOnlySpan<(string Name, int Length)> parts)
    {
        int length = 0;
        foreach ((_, int part) in parts)
            length += part;
        return frozen is not null ? new Parameter(name, frozen.Vector(name), length, parts.ToArray()) : Add(new Parameter(name, Values.Take(name, 1, length), Gradients.Take(name, 1, length), 1, length, isMatrix: false, parts.ToArray()));
    }

    /// <summary>A new activation.</summary>
    public Tensor Tensor(string name, int rows, int channels) =>
        new(Activations.Take(name, rows, channels), training ? ActivationGradients.Take(name, rows, channels) : null);

    /// <summary>A new value whose gradient is another's: the residual stream after an addition.</summary>
    public Tensor After(Tensor stream, string name) =>
        new(Activations.Take(name, stream.Value.Rows, stream.Value.Columns), stream.Gradient);

    /// <summary>One number per row.</summary>
    public Block Column(string name, int rows) => Activations.Take(name, 1, rows);

    /// <summary>
    /// Room for a matrix transposed, which only the way back needs: null in a plan that only runs forward. Frozen matrices of
    /// one size share it, so that their way back costs the memory of one of them.
    /// </summary>
    public Block? Room(Parameter weights)
    {
        if (!training)
            return null;
        if (weights.IsFrozen && _rooms.TryGetValue((weights.Outputs, weights.Inputs), out Block? shared))
            return shared;
        Block room = ActivationGradients.Take(weights.Name + " transposed", Numerics.Matrix.Padded(weights.Inputs) / Numerics.Matrix.Lane, weights.Outputs * 16);
        if (weights.IsFrozen)
            _rooms.Add((weights.Outputs, weights.Inputs), room);
        return room;
    }

    /// <summary>Appends y = x·Wᵀ + b, or y = stream + x·Wᵀ + b, with the adapters that these weights have.</summary>
    public void Product(Parameter weights, Parameter? bias, Tensor x, Tensor y, Tensor? stream = null)
    {
        var adapted = new List<LoraPart>();
        int column = 0;
        foreach ((string name, int outputs) in weights.Parts)
        {
            if (adapters?.Applies(name) == true)
                adapted.Add(new LoraPart(this, adapters, name[..^".weight".Length], column, outputs, weights.Inputs, x.Value.Rows));
            column += outputs;
        }
        if (adapted.Count == 0)
            Append(new Linear(this, weights, bias, Room(weights), x, y, stream));
        else
            Append(new LoraLinear(new Linear(this, weights, bias, Room(weights), x, y), adapted, x, y, stream));
    }

    /// <summary>Gets the memory of everything declared.</summary>
    public void Allocate()
    {
        Values.Allocate();
        Activations.Allocate();
        if (!training)
            return;
        Gradients.Allocate();
        ActivationGradients.Allocate();
    }

    public void Forward(KernelTable kernels)
    {
        foreach (Operation operation in _operations)
            operation.Forward(kernels);
    }

    public void Backward(KernelTable kernels)
    {
        // Matrices are assigned by the first micro-batch; vectors always add, and are few.
        if (!Accumulates)
            foreach (Parameter parameter in _parameters)
                if (!parameter.IsMatrix)
                    parameter.Gradient.Span.Clear();
        for (int i = _operations.Count - 1; i >= 0; i--)
            _operations[i].Backward(kernels);
    }

    Parameter Learned(string name, int outputs, int inputs, (string Name, int Rows)[] parts)
    {
        int panels = Numerics.Matrix.Padded(outputs) / Numerics.Matrix.Lane;
        return Add(new Parameter(name, Values.Take(name, panels, inputs * 16), Gradients.Take(name, panels, inputs * 16), outputs, inputs, isMatrix: true, parts));
    }

    Parameter Add(Parameter parameter)
    {
        _parameters.Add(parameter);
        return parameter;
    }

    public void Dispose()
    {
        Values.Dispose();
        Gradients.Dispose();
        Activations.Dispose();
        ActivationGradients.Dispose();
    }
}

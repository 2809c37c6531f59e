using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Plans;

namespace Dum.Sigma.Doctor;

/// <summary>Whose rows the result of an operation has.</summary>
enum RowsOf
{
    /// <summary>The tokens of a walk.</summary>
    Tokens,

    /// <summary>The scenes that end in a walk.</summary>
    Scenes,

    /// <summary>The last token of every sequence of a walk.</summary>
    Heads,
}

/// <summary>An operation of a model by a name that is the same in every run of it, whatever the batch.</summary>
/// <param name="Id">In the order of first appearance in this run.</param>
/// <param name="Name">Of the weights that it reads; of the weights read last, for operations without any.</param>
/// <param name="Rows">Whose rows its result has.</param>
sealed record NamedOperation(int Id, string Name, RowsOf Rows)
{
    /// <summary>A number for the name that does not depend on the run.</summary>
    public ulong Key { get; } = RowHash.OfName(Name);
}

/// <summary>A table that knows which operation of the model every call of inference is.</summary>
/// <param name="inner">Does the work.</param>
/// <param name="weights">Of the model.</param>
abstract unsafe class NamedKernels(KernelTable inner, FrozenWeights weights) : PassKernels(inner)
{
    /// <summary>The operation that looks the tokens up.</summary>
    internal const string Embedding = "model.embed_tokens";

    const string Projection = ".o_proj";
    static readonly string[] s_ofScenes = ["global.", "scene.fold", "scene.unfold"], s_ofHeads = ["model.norm", "head"];

    readonly Dictionary<nint, string> _names = Names(weights);
    readonly Dictionary<(string Kind, string Place), Slot> _slots = [];
    readonly List<NamedOperation> _operations = [];
    string _after = "";
    int _walk;

    /// <summary>All operations in the order of first appearance.</summary>
    public IReadOnlyList<NamedOperation> Operations => _operations;

    /// <summary>Walks through the model that have begun.</summary>
    protected int Walks => _walk;

    /// <summary>The result of an operation, which may be changed.</summary>
    protected abstract void See(NamedOperation operation, Matrix y);

    /// <summary>A product has been computed; <see cref="See"/> follows.</summary>
    protected virtual void SeeProduct(NamedOperation operation, Matrix x, PackedWeights w, float* bias, Matrix y)
    {
    }

    public override void Embed(ReadOnlySpan<int> ids, PackedWeights table, Matrix y)
    {
        _after = NameOf((nint)table.Data);
        if (_after == Embedding)
            _walk++;
        base.Embed(ids, table, y);
        See(Operation("", _after), y);
    }

    public override void Norm(Matrix x, float* gain, float epsilon, Matrix y, float* inverse)
    {
        base.Norm(x, gain, epsilon, y, inverse);
        See(Operation("", NameOf((nint)gain)), y);
    }

    public override void Linear(Matrix x, PackedWeights w, float* bias, Matrix y)
    {
        string name = NameOf((nint)w.Data);
        _after = name is Embedding or "lm_head" ? "head" : name;
        // Attention runs outside the table; what it has made is what its projection reads.
        if (name.EndsWith(Projection, StringComparison.Ordinal))
            See(Operation("", name[..^Projection.Length]), x);
        base.Linear(x, w, bias, y);
        NamedOperation operation = Operation("", _after);
        SeeProduct(operation, x, w, bias, y);
        See(operation, y);
    }

    public override void Add(Matrix a, Matrix b, Matrix y)
    {
        base.Add(a, b, y);
        See(Operation("add after ", _after), y);
    }

    public override void AddRows(Matrix x, Matrix from, ReadOnlySpan<int> rows, Matrix y)
    {
        base.AddRows(x, from, rows, y);
        See(Operation("", "context"), y);
    }

    public override void SwiGlu(Matrix x, Matrix y)
    {
        base.SwiGlu(x, y);
        See(Operation("gate after ", _after), y);
    }

    public override void Rotate(Matrix x, int heads, RotaryTable table, ReadOnlySpan<int> positions, bool back)
    {
        base.Rotate(x, heads, table, positions, back);
        See(Operation("rotation after ", _after), x);
    }

    /// <summary>The operation of this kind at this place; where a walk does the same several times, each time is another.</summary>
    NamedOperation Operation(string kind, string place)
    {
        if (!_slots.TryGetValue((kind, place), out Slot? slot))
            _slots[(kind, place)] = slot = new Slot();
        if (slot.Walk != _walk)
            (slot.Walk, slot.Times) = (_walk, 0);
        if (slot.Times == slot.Operations.Count)
        {
            string name = kind + place + (slot.Times > 0 || place == "context" ? $" {slot.Times}" : "");
            RowsOf rows = s_ofHeads.Contains(place) ? RowsOf.Heads : s_ofScenes.Any(p => place.StartsWith(p, StringComparison.Ordinal)) ? RowsOf.Scenes : RowsOf.Tokens;
            var operation = new NamedOperation(_operations.Count, name, rows);
            _operations.Add(operation);
            slot.Operations.Add(operation);
        }
        return slot.Operations[slot.Times++];
    }

    string NameOf(nint address) => _names.GetValueOrDefault(address, "product");

    static Dictionary<nint, string> Names(FrozenWeights weights)
    {
        var names = new Dictionary<nint, string>();
        // A head that is tied to the embedding has two names; the first stands.
        foreach ((string name, PackedWeights matrix) in weights.Matrices)
            names.TryAdd((nint)matrix.Data, name);
        foreach ((string name, nint vector) in weights.Vectors)
            names.TryAdd(vector, name);
        return names;
    }

    sealed class Slot
    {
        public List<NamedOperation> Operations { get; } = [];
        public int Walk { get; set; }
        public int Times { get; set; }
    }
}

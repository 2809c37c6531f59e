using Dum.Checkpoints;
using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Models;

/// <summary>
/// A LoRA adapter (arXiv 2106.09685), packed as products read it and ready for any sequence: a session takes one for each,
/// so exchanging adapters is a matter of naming another object. Immutable and thread-safe; nothing may use it after
/// <see cref="Dispose"/>.
/// </summary>
public sealed class LoraAdapter : IDisposable
{
    readonly List<IDisposable> _own = [];
    readonly Dictionary<string, LoraLayers> _stacks = new(StringComparer.Ordinal);

    LoraAdapter(string path) => Path = path;

    /// <summary>Where it was read from.</summary>
    public string Path { get; }

    /// <summary>Matrices that it adapts.</summary>
    public int Modules { get; private set; }

    /// <summary>The largest rank among them.</summary>
    public int Rank { get; private set; }

    /// <summary>Bytes in memory.</summary>
    public long Bytes { get; private set; }

    /// <summary>Packs an adapter that was read.</summary>
    /// <param name="file">The adapter.</param>
    /// <param name="stacks">The layers of its base.</param>
    /// <exception cref="DumException">It adapts what the base does not have, or what has another size there.</exception>
    internal static LoraAdapter Load(AdapterFile file, IReadOnlyList<LoraStack> stacks)
    {
        Dictionary<string, (LoraStack Stack, LoraTarget Target)> targets = stacks.SelectMany(s => s.Targets.Select(t => (s, t))).ToDictionary(x => x.t.Name, StringComparer.Ordinal);
        var adapter = new LoraAdapter(file.Path);
        try
        {
            foreach (LoraStack stack in stacks)
                adapter._stacks.Add(stack.Prefix, new LoraLayers(stack));
            foreach (AdapterModule module in file.Modules)
            {
                if (!targets.TryGetValue(module.Name, out (LoraStack Stack, LoraTarget Target) found))
                    throw file.Other(Tongue.Say($"the model has no {RawTensor.Shown(module.Name)}", $"в модели нет {RawTensor.Shown(module.Name)}"));
                LoraTarget t = found.Target;
                if (module.Outputs != t.Outputs || module.Inputs != t.Inputs)
                    throw file.Other(Tongue.Say(
                        $"{module.Name} is [{t.Outputs}, {t.Inputs}] in the model and [{module.Outputs}, {module.Inputs}] in the adapter",
                        $"{module.Name} в модели [{t.Outputs}, {t.Inputs}], в адаптере [{module.Outputs}, {module.Inputs}]"));
                adapter._stacks[found.Stack.Prefix].Add(t, adapter.Pack(module, t.Column));
            }
            return adapter;
        }
        catch
        {
            adapter.Dispose();
            throw;
        }
    }

    /// <summary>What is added to the products of a stack.</summary>
    /// <exception cref="DumException">The adapter was loaded for another model.</exception>
    internal LoraLayers Layers(LoraStack stack) =>
        _stacks.TryGetValue(stack.Prefix, out LoraLayers? found) && found.Stack.Fits(stack) ? found
            : throw new DumException(Tongue.Say($"{Path} is an adapter for another base: it was loaded for a model of another shape", $"{Path} — адаптер для другой модели: он загружен для модели другой формы"));

    /// <summary>Frees its memory.</summary>
    public void Dispose()
    {
        foreach (IDisposable part in _own)
            part.Dispose();
        _own.Clear();
    }

    LowRankPart Pack(AdapterModule module, int column)
    {
        var part = new LowRankPart(PackA(module), PackB(module), column, module.Scale);
        (Modules, Rank, Bytes) = (Modules + 1, Math.Max(Rank, module.Rank), Bytes + part.Bytes);
        return part;
    }

    LowRankInput PackA(AdapterModule module)
    {
        var memory = new NativeFloats((long)LowRankInput.VectorsOf(module.Rank) * LowRankInput.Lanes * module.Inputs, "an adapter");
        _own.Add(memory);
        return new LowRankInput(memory, module.Rank, module.Inputs, module.A);
    }

    PackedWeights PackB(AdapterModule module)
    {
        PackedWeights packed = PackedWeights.Allocate(WeightFormat.F32, module.Outputs, module.Rank);
        _own.Add(packed);
        for (int n = 0; n < module.Outputs; n++)
            packed.SetRow(n, module.B.AsSpan(n * module.Rank, module.Rank));
        return packed;
    }
}

/// <summary>What an adapter adds to the products of a stack of layers.</summary>
sealed class LoraLayers(LoraStack stack)
{
    readonly LowRankPart[,][] _parts = new LowRankPart[stack.Shape.Layers, Enum.GetValues<LayerProduct>().Length][];

    public LoraStack Stack => stack;

    /// <summary>Empty where the product is not adapted.</summary>
    public LowRankPart[] Of(int layer, LayerProduct product) => _parts[layer, (int)product] ?? [];

    public void Add(LoraTarget target, LowRankPart part) => _parts[target.Layer, (int)target.Product] = [.. Of(target.Layer, target.Product), part];
}

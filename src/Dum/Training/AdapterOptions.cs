using Dum.Models;

namespace Dum.Training;

/// <summary>The size of an adapter, and what of its base it adapts.</summary>
public sealed record AdapterOptions
{
    /// <summary>The highest learning rate where none is given, from the sweep in LOG.md.</summary>
    public const double DefaultRate = 4e-3;

    const int MostRank = 1024;

    /// <summary>Inner channels.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>The adapter's product is multiplied by this over the rank.</summary>
    public double Alpha { get; init; } = 16;

    /// <summary>Kinds of matrices: q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj. All of them: the same weights do more there than on queries and values alone (arXiv 2305.14314).</summary>
    public IReadOnlyList<string> Targets { get; init; } = LoraStack.Kinds;

    /// <summary>Which layers of a scene model: those between scenes, those inside them, or both.</summary>
    public AdapterPart Part { get; init; } = AdapterPart.Both;

    /// <summary>The kinds that a list such as <c>q,v</c> or <c>q_proj,v_proj</c> names.</summary>
    /// <exception cref="DumException">There is no such kind.</exception>
    public static IReadOnlyList<string> Kinds(string list)
    {
        var asked = new List<string>();
        foreach (string word in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            asked.Add(LoraStack.Kinds.FirstOrDefault(k => k == word || k == word + "_proj") ?? throw new DumException(Tongue.Say(
                $"--targets {word}: give some of q,k,v,o,gate,up,down", $"--targets {word}: бывают q,k,v,o,gate,up,down")));
        return asked.Count > 0 ? [.. LoraStack.Kinds.Where(asked.Contains)] : throw new DumException(Tongue.Say("--targets: name at least one of q,k,v,o,gate,up,down", "--targets: укажите хотя бы одно из q,k,v,o,gate,up,down"));
    }

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="DumException">One is out of range.</exception>
    public void Validate()
    {
        if (Rank is < 1 or > MostRank)
            throw new DumException(Tongue.Say($"rank: give 1 to {MostRank}", $"ранг: от 1 до {MostRank}"));
        if (!(Alpha > 0 && Alpha <= 1e6))
            throw new DumException(Tongue.Say("alpha: give a number above 0", "alpha: число больше 0"));
    }

    /// <summary>Says of a weight's name whether it is adapted.</summary>
    /// <exception cref="DumException">The base does not have the part that was asked for.</exception>
    internal Func<string, bool> Selector(IReadOnlyList<LoraStack> stacks)
    {
        Validate();
        // "global.layers.": the layers over scenes. A model without them is one part.
        LoraStack[] chosen = [.. stacks.Where(s => Part == AdapterPart.Both || (stacks.Count > 1 && s.Prefix.StartsWith("global.", StringComparison.Ordinal) == (Part == AdapterPart.Global)))];
        if (chosen.Length == 0)
            throw new DumException(Tongue.Say(
                $"--part {(Part == AdapterPart.Global ? "global" : "local")}: this model has no scenes, its layers are one part: leave --part out", $"--part {(Part == AdapterPart.Global ? "global" : "local")}: в этой модели нет сцен, её слои — одна часть: не указывайте --part"));
        HashSet<string> names = [.. chosen.SelectMany(s => s.Targets).Where(t => Targets.Contains(t.Kind)).Select(t => t.Name + ".weight")];
        return names.Contains;
    }
}

/// <summary>Parts of a scene model.</summary>
public enum AdapterPart
{
    /// <summary>All layers.</summary>
    Both,

    /// <summary>The layers over scenes.</summary>
    Global,

    /// <summary>The layers over hyperwords.</summary>
    Local,
}

using System.Globalization;
using Dum.Checkpoints;
using Dum.Models;

namespace Dum.Training;

/// <summary>
/// Single sizes of a preset replaced, for experiments: <c>window=64,global.layers=6</c>. Names: layers, width, heads, keys,
/// feed, window of a model over units; the same after <c>encoder.</c>, <c>global.</c> or <c>decoder.</c>, where width, heads,
/// keys and feed of encoder and decoder go together as <c>local.</c>; window for both of these; least, clause and most for
/// the rule of scenes, or scene for a fixed length; pairs for the rows of the table of pairs.
/// </summary>
public static class ShapeOverrides
{
    /// <summary>No size of a model is larger.</summary>
    const int Most = 1 << 22;

    /// <summary>The preset with these sizes.</summary>
    /// <param name="preset">Stays as it is.</param>
    /// <param name="sizes">Names and whole numbers, with commas between; may be empty.</param>
    /// <exception cref="DumException">A name is unknown, or the sizes do not go together.</exception>
    public static TrainingPreset Apply(TrainingPreset preset, string sizes)
    {
        foreach (string part in sizes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split('=', StringSplitOptions.TrimEntries);
            if (pair.Length != 2 || !int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value > Most)
                throw new DumException(Tongue.Say($"--sizes {part}: give a name and a whole number up to {Most:N0}, such as window=64", $"--sizes {part}: нужны имя и целое число до {Most:N0}, например window=64"));
            preset = preset.Scene is { } scene ? preset with { Scene = Scene(scene, pair[0], value) } : preset with { Token = Stack(preset.Token!, pair[0], pair[0], value) };
        }
        Check(preset);
        return preset;
    }

    /// <summary>A model in words: <c>6 layers × 192, 6 heads over 2</c>.</summary>
    public static string Describe(TrainingPreset preset)
    {
        if (preset.Scene is not { } s)
            return Stack(preset.Token!);
        return Tongue.Say(
            $"local {s.Encoder.Layers} + {Stack(s.Decoder)}, window {s.Decoder.Window}; over scenes {Stack(s.Global)}; scenes of at most {s.Rule.Most}",
            $"местные {s.Encoder.Layers} + {Stack(s.Decoder)}, окно {s.Decoder.Window}; по сценам {Stack(s.Global)}; сцены не длиннее {s.Rule.Most}");

        static string Stack(ModelShape m) => Tongue.Say($"{m.Layers} layers × {m.Width}, {m.Heads} heads over {m.KeyValueHeads}", $"слоёв {m.Layers} × {m.Width}, голов {m.Heads} на {m.KeyValueHeads}");
    }

    static SceneShape Scene(SceneShape s, string name, int value) => name switch
    {
        "window" => s with { Encoder = s.Encoder with { Window = value }, Decoder = s.Decoder with { Window = value } },
        "most" => s with { Rule = s.Rule with { Most = value } },
        "least" => s with { Rule = s.Rule with { Least = value } },
        "clause" => s with { Rule = s.Rule with { ClauseLeast = value } },
        "scene" => s with { Rule = Scenes.SceneRule.Fixed(value) },
        "pairs" => s with { Pairs = value },
        "encoder.layers" => s with { Encoder = s.Encoder with { Layers = value } },
        "decoder.layers" => s with { Decoder = s.Decoder with { Layers = value } },
        _ when name.StartsWith("global.", StringComparison.Ordinal) => s with { Global = Stack(s.Global, name, name[7..], value) },
        _ when name.StartsWith("local.", StringComparison.Ordinal) && name != "local.layers" => s with { Encoder = Stack(s.Encoder, name, name[6..], value), Decoder = Stack(s.Decoder, name, name[6..], value) },
        _ => throw Unknown(name),
    };

    static ModelShape Stack(ModelShape m, string full, string name, int value) => name switch
    {
        "layers" => m with { Layers = value },
        "width" => m with { Width = value, HeadSize = value / Math.Max(1, m.Heads) },
        "heads" => m with { Heads = value, HeadSize = m.Width / Math.Max(1, value) },
        "keys" => m with { KeyValueHeads = value },
        "feed" => m with { FeedForward = value },
        "window" => m with { Window = value },
        _ => throw Unknown(full),
    };

    static void Check(TrainingPreset preset)
    {
        if (preset.Scene is { } s)
            s.Checked("--sizes");
        else
            Checkpoint.Checked(preset.Token! with { Vocabulary = 2 }, "--sizes");
    }

    static DumException Unknown(string name) => new(Tongue.Say(
        $"--sizes: there is no '{name}'; a model over units has layers, width, heads, keys, feed, window; a model over scenes window, most, least, clause, scene, pairs, encoder.layers, decoder.layers, local.width, global.layers and so on",
        $"--sizes: нет «{name}»; у модели по единицам есть layers, width, heads, keys, feed, window; у модели по сценам window, most, least, clause, scene, pairs, encoder.layers, decoder.layers, local.width, global.layers и так далее"));
}

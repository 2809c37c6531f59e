using System.Globalization;
using Dum.Models;

namespace Dum.Hypersymbols;

/// <summary>How an atlas was made.</summary>
/// <param name="ModelId">The model whose scenes it names.</param>
/// <param name="Seed">Of all random draws.</param>
/// <param name="Scenes">Scenes that the codes were learned from.</param>
/// <param name="HeldScenes">Scenes held back to measure on; 0 for a text too short.</param>
/// <param name="Used">Codes that occur in the held-back scenes.</param>
/// <param name="Perplexity">2 to the entropy of codes there: how many codes are in use, weighted.</param>
/// <param name="Distortion">Mean squared distance of a learned scene from its code's centre; scenes have length 1.</param>
public sealed record AtlasFacts(string ModelId, ulong Seed, int Scenes, int HeldScenes, int Used, double Perplexity, double Distortion);

/// <summary>
/// The map of a model's meanings: about a thousand hypersymbols with names, examples, places and neighbours. Immutable and
/// thread-safe. Scenes of a text are given their codes by a <see cref="SceneTagger"/>.
/// </summary>
/// <example><code>
/// using LanguageModel model = LanguageModel.Open("mymodel");
/// Atlas atlas = Atlas.Load("my.dumatlas", model);
/// using var tagger = new SceneTagger(atlas, model);
/// foreach (SceneTag tag in tagger.Tags(model.Lexicon!.Vocabulary.Encoder.Encode(text)))
///     Console.WriteLine(atlas.Symbols[tag.Code].Name);
/// </code></example>
public sealed class Atlas
{
    readonly float[] _centroids, _directions;

    internal Atlas(AtlasFacts facts, IReadOnlyList<string> files, IReadOnlyList<(int File, int Part)> bins, IReadOnlyList<string> regions, IReadOnlyList<Hypersymbol> symbols, SceneSpace space, float[] centroids, float[] directions) =>
        (Facts, Files, Bins, Regions, Symbols, Space, _centroids, _directions) = (facts, files, bins, regions, symbols, space, centroids, directions);

    /// <summary>How it was made.</summary>
    public AtlasFacts Facts { get; }

    /// <summary>The texts it was learned from.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>What <see cref="Hypersymbol.Strength"/> counts over: parts of texts, in order.</summary>
    public IReadOnlyList<(int File, int Part)> Bins { get; }

    /// <summary>Names of the regions of the map.</summary>
    public IReadOnlyList<string> Regions { get; }

    /// <summary>All hypersymbols, by code.</summary>
    public IReadOnlyList<Hypersymbol> Symbols { get; }

    internal SceneSpace Space { get; }

    /// <summary>[codes × channels of the space].</summary>
    internal ReadOnlySpan<float> Centroids => _centroids;

    /// <summary>[codes × global width]: what a thought has more of where the next scene has this code.</summary>
    internal ReadOnlySpan<float> Direction(int code) => _directions.AsSpan(code * (_directions.Length / Symbols.Count), _directions.Length / Symbols.Count);

    internal ReadOnlySpan<float> Directions => _directions;

    /// <summary>The hypersymbols whose centres point most nearly the same way, with the cosine between them, nearest first.</summary>
    /// <param name="code">Whose neighbours.</param>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<(int Code, double Cosine)> Neighbours(int code, int count)
    {
        double own = Dot(code, code);
        return [.. Enumerable.Range(0, Symbols.Count).Where(c => c != code)
            .Select(c => (Code: c, Cosine: Dot(code, c) / Math.Sqrt(Math.Max(own * Dot(c, c), 1e-30))))
            .OrderByDescending(p => p.Cosine).ThenBy(p => p.Code).Take(count)];
    }

    /// <summary>The hypersymbol that a person means: its number, its name, or a part of a name that only one has.</summary>
    /// <exception cref="DumException">None or several.</exception>
    public Hypersymbol Find(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int code))
            return code < Symbols.Count ? Symbols[code] : throw new DumException(Tongue.Say(
                $"there is no hypersymbol {code}: they go from 0 to {Symbols.Count - 1}", $"гиперсимвола {code} нет: они от 0 до {Symbols.Count - 1}"));
        List<Hypersymbol> found = [.. Symbols.Where(s => s.Name.Equals(text, StringComparison.OrdinalIgnoreCase))];
        if (found.Count == 0)
            found = [.. Symbols.Where(s => s.Name.Contains(text, StringComparison.OrdinalIgnoreCase)).OrderByDescending(s => s.Scenes)];
        return found.Count switch
        {
            1 => found[0],
            0 => throw new DumException(Tongue.Say($"no hypersymbol is called '{text}': 'dum atlas show' lists them", $"нет гиперсимвола с именем «{text}»: список даёт 'dum atlas show'")),
            _ => throw new DumException(Tongue.Say($"'{text}' is in {found.Count} names, such as {List()}: give a number or a whole name", $"«{text}» есть в именах ({found.Count}), например {List()}: укажите номер или имя целиком")),
        };

        string List() => string.Join(", ", found.Take(3).Select(s => $"{s.Code} ({s.Name})"));
    }

    /// <summary>Reads an atlas.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model it must be of; null takes any.</param>
    /// <exception cref="DumException">Missing, torn, no atlas, or that of another model.</exception>
    public static Atlas Load(string path, LanguageModel? model = null)
    {
        Atlas atlas = AtlasFile.Load(path);
        if (model is not null && ModelIdentity.Of(model.Path, model.Lexicon!) is var id && id != atlas.Facts.ModelId)
            throw new DumException(Tongue.Say(
                $"{path} was made for the model {atlas.Facts.ModelId}, {model.Name} is {id}: make one with 'dum atlas {model.Name} TEXT… -o FILE'",
                $"{path} сделан для модели {atlas.Facts.ModelId}, а {model.Name} — это {id}: создайте свой: 'dum atlas {model.Name} ТЕКСТ… -o ФАЙЛ'"));
        return atlas;
    }

    /// <summary>Writes the atlas beside <paramref name="path"/> and renames it over it.</summary>
    /// <exception cref="DumException">It cannot be written.</exception>
    public void Save(string path) => AtlasFile.Save(this, path);

    double Dot(int a, int b)
    {
        int channels = Space.Outputs;
        double sum = 0;
        for (int i = 0; i < channels; i++)
            sum += (double)_centroids[(a * channels) + i] * _centroids[(b * channels) + i];
        return sum;
    }
}

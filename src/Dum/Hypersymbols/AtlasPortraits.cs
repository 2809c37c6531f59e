using Dum.Lexicon;
using Dum.Numerics;
using Dum.Scenes;

namespace Dum.Hypersymbols;

/// <summary>What a person sees of codes: names, typical scenes, regions of the map, and where in the texts they are strong.</summary>
sealed class AtlasPortraits
{
    const int Examples = 6, Candidates = 40, ShortExample = 48, LongExample = 160, CodesPerRegion = 60, MostBins = 120, RegionRounds = 50;

    readonly SceneCodes _codes;
    readonly double[] _places;
    readonly int[] _region, _scenes, _named;
    readonly int[][] _strength;
    readonly List<string>[] _examples;
    readonly (string English, string Russian)[] _names;

    /// <param name="vocabulary">Of the model's lexicon.</param>
    /// <param name="sample">Scenes.</param>
    /// <param name="codes">Their codes.</param>
    /// <param name="places">[codes × 2] on the map.</param>
    /// <param name="seed">Of the regions.</param>
    /// <param name="pool">Threads.</param>
    public AtlasPortraits(Vocabulary vocabulary, SceneSample sample, SceneCodes codes, double[] places, ulong seed, WorkerPool pool)
    {
        int count = places.Length / 2;
        (_codes, _places, _scenes, _named) = (codes, places, new int[count], new int[count]);
        _region = RegionsOf(places, seed, pool);
        int regions = _region.Max() + 1;
        var symbolNames = new SceneNames(count);
        var regionNames = new SceneNames(regions);
        (int[] firstBin, int[] bins) = Parts(sample, out List<(int, int)> list);
        Bins = list;
        _strength = [.. Enumerable.Range(0, count).Select(_ => new int[list.Count])];
        ForEach(sample, (stretch, scene, row) =>
        {
            List<string> words = SceneWords.Of(SceneWords.Raw(vocabulary, SceneWords.Ids(stretch, scene)));
            int code = codes.Codes[row];
            symbolNames.Add(code, words);
            regionNames.Add(_region[code], words);
            _scenes[code]++;
            int part = (int)((long)stretch.Stretch * bins[stretch.File] / sample.Lengths[stretch.File]);
            _strength[code][firstBin[stretch.File] + part]++;
        });
        _examples = ExamplesOf(vocabulary, sample, count);
        int[] strongest = [.. Enumerable.Range(0, count).OrderByDescending(c => _scenes[c]).ThenBy(c => c)];
        _names = symbolNames.All(code => _examples[code].Count > 0 ? Cut(_examples[code].FirstOrDefault(e => e.Length <= ShortExample, _examples[code][0]), ShortExample) : $"{code}", strongest);
        Regions = [.. regionNames.All(r => $"{r}", Enumerable.Range(0, regions)).Select(n => n.English.Length > 0 && n.Russian.Length > 0 ? $"{First(n.English)} / {First(n.Russian)}" : First(n.English + n.Russian))];
        var sets = _names.Select(n => (n.English + " · " + n.Russian).Split(" · ").ToHashSet()).ToArray();
        ForEach(sample, (stretch, scene, row) =>
        {
            int code = codes.Codes[row];
            if (SceneWords.Of(SceneWords.Raw(vocabulary, SceneWords.Ids(stretch, scene))).Exists(sets[code].Contains))
                _named[code]++;
        });
    }

    /// <summary>Parts of texts, in order.</summary>
    public IReadOnlyList<(int File, int Part)> Bins { get; }

    /// <summary>Names of the regions of the map.</summary>
    public IReadOnlyList<string> Regions { get; }

    public Hypersymbol[] Symbols() => [.. Enumerable.Range(0, _scenes.Length).Select(c => new Hypersymbol(
        c, _names[c].English, _names[c].Russian, _scenes[c], _scenes[c] == 0 ? 0 : (float)_named[c] / _scenes[c], _examples[c],
        (float)_places[2 * c], (float)_places[(2 * c) + 1], _region[c], _strength[c]))];

    static void ForEach(SceneSample sample, Action<SceneStretch, Scene, int> act)
    {
        int row = 0;
        foreach (SceneStretch stretch in SceneCodes.Ordered(sample))
            foreach (Scene scene in stretch.Vectors.Scenes)
                act(stretch, scene, row++);
    }

    static unsafe int[] RegionsOf(double[] places, ulong seed, WorkerPool pool)
    {
        int count = places.Length / 2;
        using var arena = new Arena("map");
        Block points = arena.Take("places", count, 2);
        arena.Allocate();
        for (int c = 0; c < count; c++)
            (points.Row(c)[0], points.Row(c)[1]) = ((float)places[2 * c], (float)places[(2 * c) + 1]);
        return KMeans.Fit(points, Math.Max(1, (count + CodesPerRegion - 1) / CodesPerRegion), seed, RegionRounds, pool, null, CancellationToken.None).Codes;
    }

    /// <summary>Up to ten parts for every text; many texts have fewer, and more texts than bins share them in order.</summary>
    static (int[] First, int[] Parts) Parts(SceneSample sample, out List<(int File, int Part)> bins)
    {
        int files = sample.Files.Count, each = Math.Clamp(MostBins / files, 1, 10);
        int[] first = new int[files], parts = new int[files];
        bins = [];
        for (int file = 0; file < files; file++)
        {
            parts[file] = Math.Max(1, Math.Min(each, sample.Lengths[file]));
            bool shares = files > MostBins && file > 0 && (long)file * MostBins / files == (file - 1L) * MostBins / files;
            first[file] = shares ? bins.Count - 1 : bins.Count;
            for (int part = 0; part < parts[file] && !shares; part++)
                bins.Add((file, part));
        }
        return (first, parts);
    }

    /// <summary>The scenes nearest to every centre, each text once.</summary>
    List<string>[] ExamplesOf(Vocabulary vocabulary, SceneSample sample, int count)
    {
        var nearest = new PriorityQueue<(SceneStretch, Scene), (float, int)>[count];
        for (int c = 0; c < count; c++)
            nearest[c] = new PriorityQueue<(SceneStretch, Scene), (float, int)>();
        ForEach(sample, (stretch, scene, row) =>
        {
            PriorityQueue<(SceneStretch, Scene), (float, int)> queue = nearest[_codes.Codes[row]];
            // The farthest comes out first; of equally near ones the later.
            queue.Enqueue((stretch, scene), (_codes.Nearness[row], -row));
            if (queue.Count > Candidates)
                queue.Dequeue();
        });
        return [.. nearest.Select(queue =>
        {
            var texts = new List<string>();
            while (queue.TryDequeue(out (SceneStretch Stretch, Scene Scene) one, out _))
                texts.Add(Cut(SceneWords.Text(vocabulary, SceneWords.Ids(one.Stretch, one.Scene)), LongExample));
            texts.Reverse();
            return texts.Where(t => t.Length > 0).Distinct().Take(Examples).ToList();
        })];
    }

    static string First(string name) => string.Join(" · ", name.Split(" · ").Take(2));

    static string Cut(string text, int most) => text.Length <= most ? text : text[..most].TrimEnd() + "…";
}

using System.Runtime.InteropServices;
using Dum.Numerics;

namespace Dum.Hypersymbols;

/// <summary>
/// Names for groups of scenes, from the scenes' own words: those that set a group apart from all others, by log-odds with an
/// informative Dirichlet prior (Monroe, Colaresi and Quinn, "Fightin' Words", Political Analysis 2008).
/// </summary>
sealed class SceneNames
{
    /// <summary>Weight of the prior, in words: the whole text counts as so many words of every group.</summary>
    const double Prior = 300;

    /// <summary>A word names a group when its log-odds are so many standard deviations from zero.</summary>
    const double LeastScore = 2;

    /// <summary>A language is named where it has this share of a group's words.</summary>
    const double LeastShare = 0.15;

    /// <summary>A word that makes up this share of everything says little by itself: its score counts for less.</summary>
    const double Common = 0.002, CommonWeight = 0.35;

    const int Words = 3, SameStem = 4;

    readonly Dictionary<string, int> _ids = [];
    readonly List<string> _words = [];
    readonly List<long> _totals = [];
    readonly Dictionary<int, int>[] _counts;
    readonly long[] _sums;

    /// <param name="groups">How many groups there are.</param>
    public SceneNames(int groups) => (_counts, _sums) = ([.. Enumerable.Range(0, groups).Select(_ => new Dictionary<int, int>())], new long[groups]);

    /// <summary>Counts a scene's words for its group.</summary>
    public void Add(int group, IEnumerable<string> words)
    {
        foreach (string word in words)
        {
            if (!_ids.TryGetValue(word, out int id))
            {
                _ids[word] = id = _words.Count;
                _words.Add(word);
                _totals.Add(0);
            }
            _totals[id]++;
            _sums[group]++;
            CollectionsMarshal.GetValueRefOrAddDefault(_counts[group], id, out _)++;
        }
    }

    /// <summary>Names for all groups, no two the same.</summary>
    /// <param name="fallback">What a group is called where no word sets it apart, or to tell it from another: a typical scene.</param>
    /// <param name="order">Groups, those first that may choose first.</param>
    /// <returns>English and Russian part of every name; one of them may be empty.</returns>
    public (string English, string Russian)[] All(Func<int, string> fallback, IEnumerable<int> order)
    {
        var names = new (string, string)[_counts.Length];
        var taken = new HashSet<(string, string)>();
        foreach (int group in order)
        {
            List<string> ranked = Ranked(group);
            (string English, string Russian) nameless = ("", ""), name = nameless;
            for (int words = Words; words <= Words + 2; words++)
                if (!taken.Contains(name = Name(group, ranked, words)) && name != nameless)
                    break;
            if (name == nameless || taken.Contains(name))
            {
                string scene = $"“{fallback(group)}”";
                name = SceneWords.IsRussian(scene) ? (name.English, Join(name.Russian, scene)) : (Join(name.English, scene), name.Russian);
            }
            (string English, string Russian) first = name;
            for (int number = 2; !taken.Add(name); number++)
                name = first.English.Length > 0 ? ($"{first.English} {number}", first.Russian) : ("", $"{first.Russian} {number}");
            names[group] = name;
        }
        return names;

        static string Join(string name, string scene) => name.Length > 0 ? $"{name} {scene}" : scene;
    }

    (string English, string Russian) Name(int group, List<string> ranked, int words)
    {
        double russian = _counts[group].Where(c => SceneWords.IsRussian(_words[c.Key])).Sum(c => (double)c.Value);
        double all = _counts[group].Where(c => SceneWords.IsWord(_words[c.Key])).Sum(c => (double)c.Value);
        bool english = all - russian >= LeastShare * all, also = russian >= LeastShare * all && russian > 0;
        string en = english ? Pick(w => !SceneWords.IsRussian(w)) : "", ru = also ? Pick(SceneWords.IsRussian) : "";
        return (en, ru);

        string Pick(Func<string, bool> fits)
        {
            var chosen = new List<string>();
            // Marks and numbers name a group only where words do not.
            foreach (string word in ranked.Where(SceneWords.IsWord).Where(fits).Concat(ranked.Where(w => !SceneWords.IsWord(w) && (english != also || !SceneWords.IsRussian(w)))))
                if (chosen.Count < words && (SceneWords.IsWord(word) || chosen.Count < 2) && !chosen.Exists(c => Alike(c, word)))
                    chosen.Add(word);
            return string.Join(" · ", chosen);
        }
    }

    /// <summary>The words that set a group apart, best first.</summary>
    List<string> Ranked(int group)
    {
        long everything = _sums.Sum(), mine = _sums[group];
        var scored = new List<(double Score, string Word)>();
        foreach ((int id, int here) in _counts[group])
        {
            if (here < 2)
                continue;
            double prior = Prior * _totals[id] / everything, there = _totals[id] - here;
            double odds = FixedMath.Log((here + prior) / (mine + Prior - here - prior)) - FixedMath.Log((there + prior) / (everything - mine + Prior - there - prior));
            double score = odds / Math.Sqrt((1 / (here + prior)) + (1 / (there + prior)));
            if (score >= LeastScore)
                scored.Add((score * (_totals[id] > Common * everything ? CommonWeight : 1), _words[id]));
        }
        return [.. scored.OrderByDescending(s => s.Score).ThenBy(s => s.Word, StringComparer.Ordinal).Select(s => s.Word)];
    }

    /// <summary>Forms of one word, as far as their beginning tells.</summary>
    static bool Alike(string a, string b)
    {
        int same = 0;
        while (same < Math.Min(a.Length, b.Length) && a[same] == b[same])
            same++;
        return same >= SameStem && same >= Math.Max(a.Length, b.Length) / 2;
    }
}

using System.Runtime.InteropServices;
using Dum.Mind.Words;

namespace Dum.Mind.Recall;

/// <summary>What a period was about: the words that its titles and gists use more than those of the other periods (tf · idf over periods).</summary>
sealed class Topics
{
    const int Most = 5;

    /// <summary>Shorter words and numbers are no topics.</summary>
    const int LeastChars = 4;

    readonly List<Dictionary<ulong, int>> _periods = [];
    readonly Dictionary<ulong, Dictionary<string, int>> _forms = [];
    readonly Dictionary<ulong, int> _in = [];

    /// <summary>Adds a period with the texts that stand for it; periods are numbered in this order.</summary>
    public void Add(IEnumerable<string> texts)
    {
        var counts = new Dictionary<ulong, int>();
        foreach (string text in texts)
        {
            var once = new HashSet<ulong>();
            var reader = new TermReader(text);
            while (reader.Next())
            {
                if (!reader.IsTerm || reader.Word.Length < LeastChars || char.IsDigit(reader.Word[0]))
                    continue;
                string word = reader.Word.ToString();
                ulong stem = reader.Stem();
                CollectionsMarshal.GetValueRefOrAddDefault(Forms(stem), word, out _)++;
                if (once.Add(stem))
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, stem, out _)++;
            }
        }
        foreach (ulong stem in counts.Keys)
            CollectionsMarshal.GetValueRefOrAddDefault(_in, stem, out _)++;
        _periods.Add(counts);
    }

    /// <summary>The words of a period, the most telling first; empty when nothing was said twice.</summary>
    public string Of(int period) => string.Join(" · ", _periods[period]
        .Where(p => p.Value > 1)
        .Select(p => (Stem: p.Key, Score: p.Value * Math.Log((_periods.Count + 1.0) / (_in[p.Key] + 0.5) + 0.2)))
        .OrderByDescending(p => p.Score).ThenBy(p => p.Stem).Take(Most).Select(p => Form(p.Stem)));

    Dictionary<string, int> Forms(ulong stem)
    {
        ref Dictionary<string, int>? forms = ref CollectionsMarshal.GetValueRefOrAddDefault(_forms, stem, out _);
        return forms ??= [];
    }

    string Form(ulong stem) => _forms[stem].OrderByDescending(f => f.Value).ThenBy(f => f.Key, StringComparer.Ordinal).First().Key;
}

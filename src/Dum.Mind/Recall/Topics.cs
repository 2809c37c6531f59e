using System.Runtime.InteropServices;
using Dum.Mind.Words;

namespace Dum.Mind.Recall;

/// <summary>What a period was about: the words that its titles and gists use oftener than those of other periods do.</summary>
sealed class Topics
{
    const int Most = 5;

    /// <summary>Shorter words and numbers are no topics.</summary>
    const int LeastChars = 4;

    /// <summary>What being rare anywhere counts, beside being commoner here than elsewhere: it decides where there is but one period.</summary>
    const double Rarity = 0.3;

    readonly List<Dictionary<ulong, int>> _periods = [];
    readonly Dictionary<ulong, Dictionary<string, int>> _forms = [];
    readonly Dictionary<ulong, int> _in = [];
    readonly List<int> _texts = [];

    /// <summary>Adds a period with the texts that stand for it; periods are numbered in this order.</summary>
    public void Add(IEnumerable<string> texts)
    {
        var counts = new Dictionary<ulong, int>();
        int n = 0;
        foreach (string text in texts)
        {
            n++;
            var once = new HashSet<ulong>();
            var reader = new TermReader(text);
            while (reader.Next())
            {
                if (!reader.IsTerm || reader.Word.Length < LeastChars || char.IsDigit(reader.Word[0]))
                    continue;
                string word = reader.Word.ToString();
                ulong stem = reader.Stem;
                CollectionsMarshal.GetValueRefOrAddDefault(Forms(stem), word, out _)++;
                if (once.Add(stem))
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, stem, out _)++;
            }
        }
        _texts.Add(n);
        foreach ((ulong stem, int count) in counts)
            CollectionsMarshal.GetValueRefOrAddDefault(_in, stem, out _) += count;
        _periods.Add(counts);
    }

    /// <summary>The words of a period, the most telling first; empty when nothing was said twice.</summary>
    public string Of(int period)
    {
        double here = _texts[period], all = _texts.Sum();
        return string.Join(" · ", _periods[period].Where(p => p.Value > 1)
            .Select(p => (Stem: p.Key, Score: p.Value * (Math.Log(p.Value / here * (all / _in[p.Key])) + Rarity * Math.Log(all / _in[p.Key]))))
            .Where(p => p.Score > 0).OrderByDescending(p => p.Score).ThenBy(p => p.Stem).Take(Most).Select(p => Form(p.Stem)));
    }

    Dictionary<string, int> Forms(ulong stem)
    {
        ref Dictionary<string, int>? forms = ref CollectionsMarshal.GetValueRefOrAddDefault(_forms, stem, out _);
        return forms ??= [];
    }

    string Form(ulong stem) => _forms[stem].OrderByDescending(f => f.Value).ThenBy(f => f.Key, StringComparer.Ordinal).First().Key;
}

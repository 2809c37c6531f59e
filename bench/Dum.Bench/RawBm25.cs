using System.Globalization;
using System.Text.RegularExpressions;
using Dum.Mind.Recall;

namespace Dum.Bench;

/// <summary>The baseline anybody would write: BM25 (k1 1.2, b 0.75) over lower-case words, no stems, no stop words.</summary>
static class RawBm25
{
    /// <summary>Recall of every question of a haystack.</summary>
    public static double[] Recall(RecallData data, int most)
    {
        var turns = new List<long>();
        var lists = new Dictionary<string, List<(int Doc, int Count)>>();
        var lengths = new List<int>();
        foreach ((long first, string id) in data.Memory.Store.Db.Rows("SELECT first, CAST(id AS TEXT) FROM conversation", r => (r.GetInt64(0), r.GetString(1))))
            foreach (ExpandedTurn turn in data.Memory.Expand(id).Turns)
            {
                string[] words = Words(turn.Text);
                foreach (IGrouping<string, string> word in words.GroupBy(w => w))
                {
                    if (!lists.TryGetValue(word.Key, out List<(int, int)>? list))
                        lists[word.Key] = list = [];
                    list.Add((turns.Count, word.Count()));
                }
                turns.Add(first + int.Parse(turn.Id.Split('.')[1], CultureInfo.InvariantCulture));
                lengths.Add(words.Length);
            }
        double mean = lengths.Average();
        var results = new double[data.Questions.Count];
        for (int q = 0; q < results.Length; q++)
        {
            var scores = new Dictionary<int, double>();
            foreach (string word in Words(data.Questions[q].Text).Distinct())
                if (lists.TryGetValue(word, out List<(int Doc, int Count)>? list))
                    foreach ((int doc, int count) in list)
                        scores[doc] = scores.GetValueOrDefault(doc) + Math.Log(1 + (turns.Count - list.Count + 0.5) / (list.Count + 0.5)) * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * lengths[doc] / mean));
            long[] best = [.. scores.OrderByDescending(s => s.Value).ThenBy(s => s.Key).Take(most).Select(s => turns[s.Key])];
            results[q] = RecallBench.Found(best, data.Questions[q].Evidence, most);
        }
        return results;
    }

    static string[] Words(string text) => [.. Regex.Matches(text.ToLowerInvariant(), @"\w+").Select(m => m.Value)];
}

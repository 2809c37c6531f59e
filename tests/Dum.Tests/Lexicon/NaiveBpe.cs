using Dum.Lexicon;

namespace Dum.Tests.Lexicon;

/// <summary>Byte-pair merging exactly as its definition says, one merge at a time: the twin of the fast encoder.</summary>
static class NaiveBpe
{
    public static List<int> Encode(Vocabulary vocabulary, ReadOnlySpan<byte> text)
    {
        var rank = new Dictionary<(int, int), int>();
        for (int id = Vocabulary.ByteCount; id < vocabulary.Count; id++)
            rank.TryAdd(vocabulary.MergeOf(id), id);
        var ids = new List<int>();
        foreach (byte b in text)
            ids.Add(b);
        while (true)
        {
            int best = int.MaxValue;
            for (int i = 0; i + 1 < ids.Count; i++)
                if (rank.TryGetValue((ids[i], ids[i + 1]), out int id) && id < best)
                    best = id;
            if (best == int.MaxValue)
                return ids;
            (int left, int right) = vocabulary.MergeOf(best);
            var next = new List<int>();
            for (int i = 0; i < ids.Count; i++)
            {
                bool merges = i + 1 < ids.Count && ids[i] == left && ids[i + 1] == right;
                next.Add(merges ? best : ids[i]);
                if (merges)
                    i++;
            }
            ids = next;
        }
    }

    /// <summary>A vocabulary of the most frequent pairs of a text (plain BPE training, quadratic and obvious).</summary>
    public static Vocabulary Train(ReadOnlySpan<byte> text, int merges)
    {
        var made = new List<(int, int)>();
        var ids = new List<int>();
        foreach (byte b in text)
            ids.Add(b);
        int Length(int id) => id < Vocabulary.ByteCount ? 1 : Length(made[id - 256].Item1) + Length(made[id - 256].Item2);
        for (int m = 0; m < merges; m++)
        {
            var counts = new Dictionary<(int, int), int>();
            for (int i = 0; i + 1 < ids.Count; i++)
                if (Length(ids[i]) + Length(ids[i + 1]) <= 40)
                    counts[(ids[i], ids[i + 1])] = counts.GetValueOrDefault((ids[i], ids[i + 1])) + 1;
            if (counts.Count == 0)
                break;
            (int, int) best = counts.MaxBy(p => (p.Value, -p.Key.Item1, -p.Key.Item2)).Key;
            made.Add(best);
            var next = new List<int>();
            for (int i = 0; i < ids.Count; i++)
            {
                bool merge = i + 1 < ids.Count && (ids[i], ids[i + 1]) == best;
                next.Add(merge ? Vocabulary.ByteCount + m : ids[i]);
                if (merge)
                    i++;
            }
            ids = next;
        }
        return Vocabulary.FromMerges([.. made]);
    }
}

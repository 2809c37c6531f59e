using Dum.Mind.Search;
using Dum.Mind.Words;

namespace Dum.Mind.Recall;

/// <summary>
/// Ranks the best turns anew by what they mean: how near a turn is to the question as a whole, and how near its words come to
/// words of the question that it does not hold. Vectors of turns are worked out from their words when asked for; nothing is stored.
/// </summary>
sealed class Meaning(MindMemory memory, WordVectors vectors)
{
    /// <summary>What nearness counts against the best score by words: of the whole, and of single words. Chosen on LoCoMo conversations 1 and 2.</summary>
    const float Whole = 0.2f, Single = 0.15f;

    /// <summary>So many of the best are looked at; those after them keep their order.</summary>
    public const int Most = 60;

    public Hit[] Rank(string question, Hit[] hits)
    {
        int n = Math.Min(hits.Length, Most);
        int[] asked = WordsOf(question, withNames: false);
        if (n < 2 || asked.Length == 0 || hits[0].Score <= 0)
            return hits;
        float[] direction = vectors.Of(asked), near = new float[n], singles = new float[n];
        for (int i = 0; i < n; i++)
        {
            int[] said = WordsOf(memory.TurnAt(memory.Index.TurnOf(hits[i].Slot), out _, out _).Text, withNames: true);
            near[i] = Math.Max(0, WordVectors.Dot(direction, vectors.Of(said)));
            singles[i] = Singles(asked, said);
        }
        float best = hits[0].Score, most = Math.Max(singles.Max(), 1e-9f);
        // what comes after those looked at stays after them
        float floor = n < hits.Length ? hits[n].Score : 0;
        Hit[] ranked = [.. hits];
        for (int i = 0; i < n; i++)
            ranked[i] = hits[i] with { Score = Math.Max(floor, hits[i].Score + best * (Whole * near[i] + Single * singles[i] / most)) };
        return [.. ranked.Take(n).OrderByDescending(h => h.Score), .. ranked.Skip(n)];
    }

    /// <summary>For each word of the question the nearest word said, if it is another one and near enough.</summary>
    float Singles(int[] asked, int[] said)
    {
        float sum = 0;
        foreach (int word in asked)
        {
            float best = 0;
            foreach (int other in said)
                if (other != word)
                    best = Math.Max(best, vectors.Cosine(word, other));
            if (best > WordVectors.Alike)
                sum += vectors.Rarity(word) * (best - WordVectors.Alike);
        }
        return sum;
    }

    /// <summary>Known words of a text. A question's names of those who speak here mean just them, not what is like them.</summary>
    int[] WordsOf(string text, bool withNames)
    {
        var words = new List<int>();
        var reader = new TermReader(text);
        while (reader.Next())
            if (reader.IsTerm && reader.Stem is var term && vectors.Find(term) is >= 0 and int word && (withNames || !memory.Index.IsSpeaker(term)))
                words.Add(word);
        return [.. words];
    }
}

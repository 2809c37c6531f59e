using System.Runtime.InteropServices;
using System.Text;
using Dum.Mind.Turns;
using Dum.Mind.Words;

namespace Dum.Mind.Store;

/// <summary>What turns are about, in their own words: the sentence that holds most of what they repeat.</summary>
static class Gist
{
    const int MostChars = 160, MostSentences = 400;

    /// <summary>Shorter turns say themselves what they are about.</summary>
    public const int WorthOne = 500;

    /// <param name="turns">What it is to stand for.</param>
    /// <param name="least">Fewer characters get none.</param>
    public static string Of(ReadOnlySpan<Turn> turns, int least = WorthOne)
    {
        int chars = 0;
        foreach (Turn turn in turns)
            chars += turn.Text.Length;
        if (chars < least)
            return "";
        var counts = new Dictionary<ulong, int>();
        var sentences = new List<(string Text, int Words, int End)>();
        // the terms of all sentences, one after the other: reading words costs more than keeping them
        var terms = new List<ulong>();
        foreach (Turn turn in turns)
        {
            if ((turn.Flags & (TurnMarks.Hidden | TurnMarks.Branch)) != 0 || turn.Role is TurnRole.System or TurnRole.Tool)
                continue;
            foreach (string sentence in Sentences(turn.Text))
            {
                if (sentences.Count >= MostSentences)
                    break;
                int words = 0;
                var reader = new TermReader(sentence);
                while (reader.Next())
                {
                    words++;
                    if (!reader.IsTerm)
                        continue;
                    ulong term = reader.Stem;
                    terms.Add(term);
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, term, out _)++;
                }
                sentences.Add((sentence, words, terms.Count));
            }
        }
        (string best, double score) = ("", -1);
        var once = new HashSet<ulong>();
        int at = 0;
        foreach ((string sentence, int words, int end) in sentences)
        {
            double s = 0;
            once.Clear();
            for (; at < end; at++)
                if (once.Add(terms[at]))
                    s += Math.Log2(1 + counts[terms[at]]);
            s /= Math.Sqrt(words + 8);
            if (s > score)
                (best, score) = (sentence, s);
        }
        return best.Length > MostChars ? Chars.First(best, MostChars).TrimEnd() + "…" : best;
    }

    static List<string> Sentences(string text)
    {
        var found = new List<string>();
        var one = new StringBuilder();
        bool fence = false;
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                fence = !fence;
                continue;
            }
            if (fence)
                continue;
            for (int i = 0; i < line.Length; i++)
            {
                one.Append(line[i]);
                if (line[i] is '.' or '!' or '?' or '…' && (i + 1 == line.Length || line[i + 1] == ' '))
                    End();
            }
            End();
        }
        return found;

        void End()
        {
            string sentence = one.ToString().Trim(' ', '\t', '\r', '-', '*', '#', '>', '|');
            if (sentence.Length > 3)
                found.Add(sentence);
            one.Clear();
        }
    }
}

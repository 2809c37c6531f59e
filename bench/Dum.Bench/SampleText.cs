using System.Text;
using Dum.Coding;
using Dum.Lexicon;

namespace Dum.Bench;

/// <summary>
/// Text made up from a lexicon: each hyperword drawn after the one before as the lexicon's statistics have it, the
/// same each time. It means nothing, but it is spelled, and repeats itself, as text does.
/// </summary>
static class SampleText
{
    public static IReadOnlyList<string> Languages { get; } = ["english", "russian"];

    public static byte[] Make(LexiconFile lexicon, string language, int bytes)
    {
        Vocabulary words = lexicon.Vocabulary;
        CoderPrior prior = lexicon.Prior;
        NgramTable after = prior.Tables[0];
        bool[] fits = [.. Enumerable.Range(0, words.Count).Select(id => Fits(words[id], language == "russian"))];
        double[] weights = [.. Enumerable.Range(0, words.Count).Select(id => fits[id] ? UnigramLevel.Weight(prior.UnigramLevels[id]) : 0.0)];
        var contexts = new Dictionary<uint, int>();
        for (int i = 0; i < after.Contexts; i++)
            contexts[after.Keys[i]] = i;
        // SplitMix64: fixed for ever, unlike the library's generator.
        ulong state = 1;
        using var text = new MemoryStream();
        int last = Draw(weights, Next());
        while (text.Length < bytes)
        {
            text.Write(words[last]);
            int next = -1;
            if (contexts.TryGetValue(NgramTable.Key(1, last, 0, 0), out int context))
            {
                (ReadOnlyMemory<ushort> positions, byte[] levels) = after.ListOf(context);
                int[] ids = [.. positions.ToArray().Select(p => prior.Tree.IdAt(p))];
                next = Draw([.. ids.Select((id, i) => fits[id] ? NgramTable.Weight(levels[i]) : 0.0)], Next());
                next = next < 0 ? -1 : ids[next];
            }
            last = next >= 0 ? next : Draw(weights, Next());
        }
        text.SetLength(bytes);
        return text.ToArray();

        double Next()
        {
            ulong z = state += 0x9E3779B97F4A7C15UL;
            z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ z >> 27) * 0x94D049BB133111EBUL;
            return ((z ^ z >> 31) >> 11) * (1.0 / (1UL << 53));
        }
    }

    /// <summary>The index that a number in [0, 1) falls on; -1 when all weights are 0.</summary>
    static int Draw(double[] weights, double at)
    {
        double left = at * weights.Sum();
        int found = -1;
        for (int i = 0; i < weights.Length && left >= 0; i++)
            if (weights[i] > 0)
                (found, left) = (i, left - weights[i]);
        return found;
    }

    /// <summary>True when the entry is whole characters and its letters, if any, are of the language.</summary>
    static bool Fits(ReadOnlySpan<byte> entry, bool russian)
    {
        while (entry.Length > 0)
        {
            if (Rune.DecodeFromUtf8(entry, out Rune rune, out int taken) != System.Buffers.OperationStatus.Done)
                return false;
            entry = entry[taken..];
            if (Rune.IsLetter(rune) && (russian ? rune.Value is not (>= 0x400 and < 0x460) : !rune.IsAscii))
                return false;
            if (Rune.IsControl(rune) && rune.Value != '\n')
                return false;
        }
        return true;
    }
}

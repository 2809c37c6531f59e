using System.Text;
using Dum.Coding;

namespace Dum.Lexicon;

/// <summary>A lexicon in figures and examples.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Entries">How many hyperwords.</param>
/// <param name="Bytes">Its size as a file.</param>
/// <param name="ByWords">Entries by how many words they hold; 0 = a piece, punctuation, a byte.</param>
/// <param name="ByScript">Entries by the script of their letters.</param>
/// <param name="MostUseful">The entries that save most in the training text, best first.</param>
/// <param name="Longest">The longest entries, longest first.</param>
public sealed record LexiconPortrait(string Id, int Entries, long Bytes, IReadOnlyList<PortraitRow> ByWords, IReadOnlyList<PortraitRow> ByScript, IReadOnlyList<string> MostUseful, IReadOnlyList<string> Longest)
{
    /// <summary>Looks at a lexicon.</summary>
    /// <param name="lexicon">Which.</param>
    /// <param name="top">How many examples of each kind.</param>
    public static LexiconPortrait Of(LexiconFile lexicon, int top)
    {
        Vocabulary words = lexicon.Vocabulary;
        byte[] levels = lexicon.Prior.UnigramLevels;
        double[] use = [.. levels.Select(l => (double)UnigramLevel.Weight(l))];
        int[] ids = [.. Enumerable.Range(0, words.Count)];
        return new LexiconPortrait(lexicon.Id, words.Count, lexicon.Bytes,
            Rows(words, use, id => Words(words[id]) switch { 0 => "0", 1 => "1", 2 => "2", 3 => "3", var n => n.ToString(System.Globalization.CultureInfo.InvariantCulture) }),
            Rows(words, use, id => Script(words[id])),
            [.. ids.Where(id => id >= Vocabulary.ByteCount).OrderByDescending(id => use[id] * (words[id].Length - 1)).Take(top).Select(id => Display(words[id]))],
            [.. ids.OrderByDescending(id => words[id].Length).ThenBy(id => id).Take(top).Select(id => Display(words[id]))]);
    }

    /// <summary>An entry as one printable line: spaces as they are, control characters and torn characters in hexadecimal.</summary>
    public static string Display(ReadOnlySpan<byte> entry)
    {
        var text = new StringBuilder();
        while (entry.Length > 0)
        {
            bool whole = Rune.DecodeFromUtf8(entry, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            if (whole && rune.Value == '\n')
                text.Append('⏎');
            else if (whole && !Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune) != System.Globalization.UnicodeCategory.Format)
                text.Append(rune);
            else
                foreach (byte b in entry[..length])
                    text.Append('‹').Append(b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)).Append('›');
            entry = entry[length..];
        }
        return text.ToString();
    }

    static List<PortraitRow> Rows(Vocabulary words, double[] use, Func<int, string> kind)
    {
        double all = use.Sum();
        return [.. Enumerable.Range(0, words.Count).GroupBy(kind).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new PortraitRow(
            g.Key, g.Count(), (double)g.Count() / words.Count, g.Sum(id => use[id]) / all, g.Average(id => words[id].Length)))];
    }

    /// <summary>Words in an entry: runs of letters, with apostrophes and hyphens inside, that a space or the start begins.</summary>
    static int Words(ReadOnlySpan<byte> entry)
    {
        int words = 0;
        bool inside = false;
        foreach (Rune rune in Encoding.UTF8.GetString(entry).EnumerateRunes())
        {
            bool letter = Rune.IsLetter(rune) || (inside && rune.Value is '\'' or '’' or '-');
            words += letter && !inside ? 1 : 0;
            inside = letter;
        }
        return words;
    }

    static string Script(ReadOnlySpan<byte> entry)
    {
        bool latin = false, cyrillic = false, other = false;
        foreach (Rune rune in Encoding.UTF8.GetString(entry).EnumerateRunes())
            if (rune.Value is >= 0x400 and < 0x530)
                cyrillic = true;
            else if (Rune.IsLetter(rune))
                (latin, other) = (latin || rune.Value < 0x250, other || rune.Value >= 0x250);
        return (latin, cyrillic, other) switch
        {
            (true, false, false) => "Latin",
            (false, true, false) => "Cyrillic",
            (false, false, false) => "none",
            _ => "other or mixed",
        };
    }
}

/// <summary>One kind of entries.</summary>
/// <param name="Name">The kind.</param>
/// <param name="Entries">How many there are.</param>
/// <param name="Share">Their share of the lexicon, 0…1.</param>
/// <param name="Use">Their share of the hyperwords in the training text, 0…1, from rounded counts.</param>
/// <param name="BytesEach">Mean length in bytes.</param>
public sealed record PortraitRow(string Name, int Entries, double Share, double Use, double BytesEach);

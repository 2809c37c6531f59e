using Dum.Lexicon;
using Dum.Scenes;

namespace Dum.Hypersymbols;

/// <summary>The words of scenes as names are made of them: runs of letters in lower case, a number as <c>0–9</c>, marks that end a sentence, line ends.</summary>
static class SceneWords
{
    /// <summary>Stands for any number.</summary>
    public const string Number = "0–9";

    /// <summary>Stands for the end of a line.</summary>
    public const string LineEnd = "↵";

    /// <summary>The words of a text, in order.</summary>
    public static List<string> Of(string text)
    {
        var words = new List<string>();
        for (int at = 0; at < text.Length;)
        {
            int start = at;
            if (char.IsLetter(text[at]))
            {
                while (at < text.Length && (char.IsLetter(text[at]) || (text[at] is '\'' or '’' or '-' && at + 1 < text.Length && char.IsLetter(text[at + 1]))))
                    at++;
                words.Add(text[start..at].ToLowerInvariant());
                continue;
            }
            if (char.IsAsciiDigit(text[at]))
            {
                while (at < text.Length && char.IsAsciiDigit(text[at]))
                    at++;
                words.Add(Number);
                continue;
            }
            if (text[at] is '?' or '!' or '…' or '*' or '=' or '|' or '"' or '(' or '—' or '«' or ':')
                words.Add(text[at].ToString());
            else if (text[at] == '\n')
                words.Add(LineEnd);
            at++;
        }
        return words;
    }

    /// <summary>Whether a word is made of letters.</summary>
    public static bool IsWord(string word) => char.IsLetter(word[0]);

    /// <summary>Whether a word is written in Cyrillic.</summary>
    public static bool IsRussian(string word) => word.Any(c => c is >= '\u0400' and <= '\u04FF');

    /// <summary>The text of a scene as a person reads it: one line, its characters made harmless.</summary>
    public static string Text(Vocabulary vocabulary, ReadOnlySpan<int> ids)
    {
        string text = Raw(vocabulary, ids);
        return string.Join(' ', string.Concat(text.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format ? ' ' : c)).Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The text of a scene, line ends included; bytes that are no characters become U+FFFD.</summary>
    public static string Raw(Vocabulary vocabulary, ReadOnlySpan<int> ids)
    {
        var bytes = new byte[vocabulary.CountBytes(ids)];
        vocabulary.Decode(ids, bytes);
        return System.Text.Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The hyperwords of a scene.</summary>
    public static ReadOnlySpan<int> Ids(SceneStretch stretch, Scene scene) => stretch.Ids.AsSpan(scene.First, scene.Hyperwords);
}

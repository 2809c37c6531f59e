using System.Globalization;

namespace Dum.Mind.Words;

/// <summary>Cuts text into words and words into stems. A term is the 64-bit hash of a stem, so that no word of a forgotten text stays in an index.</summary>
ref struct TermReader(ReadOnlySpan<char> text)
{
    /// <summary>Longer runs of letters are no words of a language; their beginning stands for them.</summary>
    public const int MostChars = 40;

    readonly ReadOnlySpan<char> _text = text;
    readonly char[] _word = new char[MostChars];
    readonly StemCache _stems = StemCache.Own;
    StemCache.Entry _entry = default;
    int _at = 0;

    /// <summary>Where the word last read begins in the text, and how long it is there.</summary>
    public int Start { get; private set; }

    /// <summary>Characters of the word as it stands in the text.</summary>
    public int Length { get; private set; }

    /// <summary>The word in lower case, before its ending was taken off.</summary>
    public readonly ReadOnlySpan<char> Word => _word.AsSpan(0, _length);

    int _length = 0;

    /// <summary>Reads the next word, whatever it is.</summary>
    public bool Next()
    {
        int at = _at;
        while (at < _text.Length && !IsWord(_text[at]))
            at++;
        Start = at;
        int n = 0;
        uint hash = 2166136261;
        while (at < _text.Length)
        {
            char c = _text[at];
            if (!IsWord(c))
            {
                // it's, O'Neil: what stands before the apostrophe is the word, the s after it is none
                break;
            }
            if (n < MostChars)
            {
                c = Lower(c);
                _word[n++] = c;
                hash = (hash ^ c) * 16777619;
            }
            at++;
        }
        (_at, _length, Length) = (at, n, at - Start);
        if (n > 0)
            _entry = _stems.Of(Word, hash);
        return n > 0;
    }

    /// <summary>True when the word last read is worth an entry in an index.</summary>
    public readonly bool IsTerm => _entry.IsTerm;

    /// <summary>The hash of the stem of the word last read.</summary>
    public readonly ulong Stem => _entry.Stem;

    /// <summary>The stem of a word in lower case.</summary>
    public static int StemLength(Span<char> word)
    {
        if (word.Length < 3)
            return word.Length;
        bool latin = true, cyrillic = true;
        foreach (char c in word)
        {
            latin &= c is >= 'a' and <= 'z';
            cyrillic &= c is >= 'а' and <= 'я';
        }
        return latin ? EnglishStemmer.Stem(word) : cyrillic ? RussianStemmer.Stem(word) : word.Length;
    }

    /// <summary>FNV-1a over the characters, then mixed so that the high bits are as good as the low ones.</summary>
    public static ulong Hash(ReadOnlySpan<char> stem)
    {
        ulong h = 14695981039346656037;
        foreach (char c in stem)
            h = (h ^ c) * 1099511628211;
        h ^= h >> 32;
        h *= 0xd6e8feb86659fd93;
        return h ^ (h >> 32);
    }

    static bool IsWord(char c) => c < 128 ? char.IsAsciiLetterOrDigit(c) : c is >= 'А' and <= 'я' || char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark;

    static char Lower(char c) => c switch
    {
        >= 'A' and <= 'Z' => (char)(c | 32),
        < (char)128 or (>= 'а' and <= 'я') => c,
        >= 'А' and <= 'Я' => (char)(c + 32),
        'ё' or 'Ё' => 'е',
        _ => Plain(char.ToLowerInvariant(c)),
    };

    // é and e are one letter to a searcher.
    static char Plain(char c) => c switch
    {
        'à' or 'á' or 'â' or 'ã' or 'ä' or 'å' => 'a',
        'è' or 'é' or 'ê' or 'ë' => 'e',
        'ì' or 'í' or 'î' or 'ï' => 'i',
        'ò' or 'ó' or 'ô' or 'õ' or 'ö' => 'o',
        'ù' or 'ú' or 'û' or 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        _ => c,
    };
}

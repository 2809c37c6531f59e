namespace Dum.Mind.Words;

/// <summary>The English stemmer of Snowball (Porter 2), written anew. Words come in lower case without apostrophes.</summary>
static class EnglishStemmer
{
    static readonly (string From, string To)[] s_step2 =
    [
        ("ational", "ate"), ("ization", "ize"), ("fulness", "ful"), ("ousness", "ous"), ("iveness", "ive"), ("tional", "tion"),
        ("biliti", "ble"), ("lessli", "less"), ("entli", "ent"), ("ation", "ate"), ("alism", "al"), ("aliti", "al"), ("ousli", "ous"),
        ("iviti", "ive"), ("fulli", "ful"), ("enci", "ence"), ("anci", "ance"), ("abli", "able"), ("izer", "ize"), ("ator", "ate"),
        ("alli", "al"), ("bli", "ble"),
    ];

    static readonly (string From, string To)[] s_step3 =
        [("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("icate", "ic"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

    static readonly string[] s_step4 =
        ["ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "al", "er", "ic"];

    /// <returns>How many characters of the word are its stem; the word may have been changed in place.</returns>
    public static int Stem(Span<char> word)
    {
        int end = word.Length;
        if (end < 3)
            return end;
        // y after a vowel or at the start is a consonant, marked Y while the rules run.
        for (int i = 0; i < end; i++)
            if (word[i] == 'y' && (i == 0 || IsVowel(word[i - 1])))
                word[i] = 'Y';
        int first = First(word), second = After(word, first);
        Plural(word, ref end);
        Past(word, ref end, first);
        if (end > 2 && word[end - 1] is 'y' or 'Y' && !IsVowel(word[end - 2]))
            word[end - 1] = 'i';
        if (!Swap(word, ref end, first, s_step2))
        {
            if (Ends(word, end, "ogi") && end - 3 >= first && end > 3 && word[end - 4] == 'l')
                end--;
            else if (Ends(word, end, "li") && end - 2 >= first && end > 2 && word[end - 3] is 'c' or 'd' or 'e' or 'g' or 'h' or 'k' or 'm' or 'n' or 'r' or 't')
                end -= 2;
        }
        if (!Swap(word, ref end, first, s_step3) && Ends(word, end, "ative") && end - 5 >= second)
            end -= 5;
        Suffix(word, ref end, second);
        if (end > 0 && word[end - 1] == 'e' && (end - 1 >= second || (end - 1 >= first && !Short(word, end - 1))))
            end--;
        else if (end > 1 && word[end - 1] == 'l' && end - 1 >= second && word[end - 2] == 'l')
            end--;
        for (int i = 0; i < end; i++)
            if (word[i] == 'Y')
                word[i] = 'y';
        return end;
    }

    static void Plural(Span<char> word, ref int end)
    {
        if (Ends(word, end, "sses"))
            end -= 2;
        else if (Ends(word, end, "ied") || Ends(word, end, "ies"))
            end -= end > 4 ? 2 : 1;
        else if (word[end - 1] == 's' && end > 2 && word[end - 2] is not ('s' or 'u') && HasVowel(word[..(end - 2)]))
            end--;
    }

    static void Past(Span<char> word, ref int end, int first)
    {
        if (Ends(word, end, "eedly") || Ends(word, end, "eed"))
        {
            int cut = Ends(word, end, "eed") ? 3 : 5;
            if (end - cut >= first)
                end = end - cut + 2;
            return;
        }
        int off = Ends(word, end, "ingly") ? 5 : Ends(word, end, "edly") ? 4 : Ends(word, end, "ing") ? 3 : Ends(word, end, "ed") ? 2 : 0;
        if (off == 0 || !HasVowel(word[..(end - off)]))
            return;
        end -= off;
        if (Ends(word, end, "at") || Ends(word, end, "bl") || Ends(word, end, "iz"))
            word[end++] = 'e';
        else if (end > 1 && word[end - 1] == word[end - 2] && word[end - 1] is 'b' or 'd' or 'f' or 'g' or 'm' or 'n' or 'p' or 'r' or 't')
            end--;
        else if (first >= end && Short(word, end))
            word[end++] = 'e';
    }

    static void Suffix(Span<char> word, ref int end, int second)
    {
        foreach (string suffix in s_step4)
            if (Ends(word, end, suffix))
            {
                if (end - suffix.Length >= second)
                    end -= suffix.Length;
                return;
            }
        if (Ends(word, end, "ion") && end - 3 >= second && end > 3 && word[end - 4] is 's' or 't')
            end -= 3;
    }

    static bool Swap(Span<char> word, ref int end, int first, (string From, string To)[] rules)
    {
        foreach ((string from, string to) in rules)
            if (Ends(word, end, from))
            {
                if (end - from.Length >= first)
                {
                    to.CopyTo(word[(end - from.Length)..]);
                    end += to.Length - from.Length;
                }
                return true;
            }
        return false;
    }

    static int First(ReadOnlySpan<char> word)
    {
        foreach (string start in (ReadOnlySpan<string>)["gener", "commun", "arsen"])
            if (word.StartsWith(start))
                return start.Length;
        return After(word, 0);
    }

    static int After(ReadOnlySpan<char> word, int from)
    {
        for (int i = from + 1; i < word.Length; i++)
            if (!IsVowel(word[i]) && IsVowel(word[i - 1]))
                return i + 1;
        return word.Length;
    }

    // Ends in consonant, vowel, consonant other than w, x, Y; or is vowel, consonant at the start of the word.
    static bool Short(ReadOnlySpan<char> word, int end) =>
        end == 2 ? IsVowel(word[0]) && !IsVowel(word[1])
        : end > 2 && !IsVowel(word[end - 3]) && IsVowel(word[end - 2]) && !IsVowel(word[end - 1]) && word[end - 1] is not ('w' or 'x' or 'Y');

    static bool Ends(ReadOnlySpan<char> word, int end, string ending) => word[..end].EndsWith(ending);

    static bool HasVowel(ReadOnlySpan<char> word)
    {
        foreach (char c in word)
            if (IsVowel(c))
                return true;
        return false;
    }

    static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';
}

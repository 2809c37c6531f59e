namespace Dum.Mind.Words;

/// <summary>
/// The Russian stemmer of Snowball (Porter), written anew: takes the endings of nouns, adjectives, verbs and participles off.
/// Words come in lower case with ё already written as е.
/// </summary>
static class RussianStemmer
{
    static readonly string[] s_gerundAfterA = ["вшись", "вши", "в"];
    static readonly string[] s_gerund = ["ившись", "ывшись", "ивши", "ывши", "ив", "ыв"];
    static readonly string[] s_adjective = ["ими", "ыми", "его", "ого", "ему", "ому", "ее", "ие", "ые", "ое", "ей", "ий", "ый", "ой", "ем", "им", "ым", "ом", "их", "ых", "ую", "юю", "ая", "яя", "ою", "ею"];
    static readonly string[] s_participleAfterA = ["ем", "нн", "вш", "ющ", "щ"];
    static readonly string[] s_participle = ["ивш", "ывш", "ующ"];
    static readonly string[] s_verbAfterA = ["ешь", "нно", "ете", "йте", "ла", "на", "ли", "ем", "ло", "но", "ет", "ют", "ны", "ть", "й", "л", "н"];
    static readonly string[] s_verb = ["ейте", "уйте", "ила", "ыла", "ена", "ите", "или", "ыли", "ило", "ыло", "ено", "ует", "уют", "ены", "ить", "ыть", "ишь", "ей", "уй", "ил", "ыл", "им", "ым", "ен", "ят", "ит", "ыт", "ую", "ю"];
    static readonly string[] s_noun = ["иями", "ями", "ами", "ией", "иям", "ием", "иях", "ев", "ов", "ие", "ье", "еи", "ии", "ей", "ой", "ий", "ям", "ем", "ам", "ом", "ах", "ях", "ию", "ью", "ия", "ья", "а", "е", "и", "й", "о", "у", "ы", "ь", "ю", "я"];

    /// <returns>How many characters of the word are its stem.</returns>
    public static int Stem(Span<char> word)
    {
        int region = 0;
        while (region < word.Length && !IsVowel(word[region]))
            region++;
        region++;
        if (region >= word.Length)
            return word.Length;
        int end = word.Length;
        if (Off(word, region, ref end, s_gerund, false) || Off(word, region, ref end, s_gerundAfterA, true))
        {
        }
        else
        {
            if (!OffOne(word, region, ref end, "ся"))
                OffOne(word, region, ref end, "сь");
            if (Off(word, region, ref end, s_adjective, false))
            {
                if (!Off(word, region, ref end, s_participle, false))
                    Off(word, region, ref end, s_participleAfterA, true);
            }
            else if (!Off(word, region, ref end, s_verb, false) && !Off(word, region, ref end, s_verbAfterA, true))
                Off(word, region, ref end, s_noun, false);
        }
        OffOne(word, region, ref end, "и");
        if (!OffOne(word, Second(word[..end], region), ref end, "ость"))
            OffOne(word, Second(word[..end], region), ref end, "ост");
        if (!OffOne(word, region, ref end, "ейше"))
            OffOne(word, region, ref end, "ейш");
        if (word[..end].EndsWith("нн") && end - 1 >= region)
            end--;
        else
            OffOne(word, region, ref end, "ь");
        return end;
    }

    // The part of the region after its first consonant that follows a vowel, and again.
    static int Second(ReadOnlySpan<char> word, int region)
    {
        int at = region;
        while (at < word.Length && IsVowel(word[at]))
            at++;
        at++;
        while (at < word.Length && !IsVowel(word[at]))
            at++;
        while (at < word.Length && IsVowel(word[at]))
            at++;
        return at + 1;
    }

    static bool Off(ReadOnlySpan<char> word, int region, ref int end, string[] endings, bool afterA)
    {
        ReadOnlySpan<char> rest = word[..end];
        foreach (string ending in endings)
        {
            int at = end - ending.Length;
            if (at < region || !rest.EndsWith(ending))
                continue;
            if (afterA && (at - 1 < region || rest[at - 1] is not ('а' or 'я')))
                continue;
            end = at;
            return true;
        }
        return false;
    }

    static bool OffOne(ReadOnlySpan<char> word, int region, ref int end, string ending)
    {
        if (end - ending.Length < region || !word[..end].EndsWith(ending))
            return false;
        end -= ending.Length;
        return true;
    }

    static bool IsVowel(char c) => c is 'а' or 'е' or 'и' or 'о' or 'у' or 'ы' or 'э' or 'ю' or 'я';
}

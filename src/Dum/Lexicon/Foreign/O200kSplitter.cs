using System.Runtime.CompilerServices;

namespace Dum.Lexicon.Foreign;

/// <summary>
/// With U = <c>\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}</c>, W = <c>\p{Ll}\p{Lm}\p{Lo}\p{M}</c> and C the contractions in any case:
/// <c>[^\r\n\p{L}\p{N}]?[U]*[W]+C?|[^\r\n\p{L}\p{N}]?[U]+[W]*C?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
/// </summary>
/// <param name="name">The rule's name.</param>
/// <param name="contractions">False leaves C out.</param>
sealed class O200kSplitter(string name, bool contractions) : PreTokenizer(name)
{
    internal override int Next(ref byte text, int start, int end)
    {
        int kind = CharClass.At(ref text, start, out int length);
        int rest = start + length;
        // A character in front that is no letter, number or line end may open the word.
        bool opens = (kind & (CharClass.Letter | CharClass.Number | CharClass.Break)) == 0;
        int word = opens
            ? Word(ref text, rest, end, mustEndLower: true)
            : (kind & CharClass.Letter) != 0 ? Word(ref text, start, end, mustEndLower: true) : -1;
        // A mark opens a word or, failing that, belongs to it.
        if (word < 0 && opens && (kind & CharClass.Lower) != 0)
            word = Word(ref text, start, end, mustEndLower: true);
        if (word < 0 && (opens || (kind & CharClass.Letter) != 0))
            word = Word(ref text, opens ? rest : start, end, mustEndLower: false);
        if (word >= 0)
        {
            if (contractions && word < end && Unsafe.Add(ref text, word) == '\'')
                word += Contraction.Length(ref text, word, end, anyCase: true);
            return word;
        }
        if ((kind & CharClass.Number) != 0)
            return CharClass.EndOfNumbers(ref text, rest, end, 3);
        bool symbols = (kind & CharClass.Space) == 0 ||
            (Unsafe.Add(ref text, start) == ' ' && rest < end && (CharClass.At(ref text, rest, out _) & CharClass.Named) == 0);
        if (!symbols)
            return Cl100kSplitter.SpaceRun(ref text, start, end, keepsLastSpaces: false);
        int i = CharClass.EndOfSymbols(ref text, rest, end);
        while (i < end && Unsafe.Add(ref text, i) is (byte)'\r' or (byte)'\n' or (byte)'/')
            i++;
        return i;
    }

    /// <summary>
    /// Where <c>[U]*[W]+</c> ends (<paramref name="mustEndLower"/>) or <c>[U]+</c>, matched at <paramref name="i"/>; -1 if it
    /// does not match. The second is asked for only where the first failed, so <c>[W]*</c> has nothing to match behind it.
    /// </summary>
    static int Word(ref byte text, int i, int end, bool mustEndLower)
    {
        int start = i, afterBoth = -1;
        while (i < end)
        {
            int kind = CharClass.At(ref text, i, out int length);
            if ((kind & CharClass.Upper) == 0)
                break;
            i += length;
            // In both sets: [U]* may give it back to [W]+ when no other follows.
            if ((kind & CharClass.Lower) != 0)
                afterBoth = i;
        }
        if (!mustEndLower)
            return i > start ? i : -1;
        int lower = CharClass.EndOfRun(ref text, i, end, CharClass.Lower);
        return lower > i ? lower : afterBoth;
    }
}

using System.Runtime.CompilerServices;

namespace Dum.Lexicon.Foreign;

/// <summary><c>\p{N}{1,3}| ?[^\s\p{L}\p{N}]{2,}[\r\n/]*| +(?!\S)</c>; what no alternative matches is a piece as well.</summary>
sealed class SuperBpeStage2Splitter() : PreTokenizer("superbpe-stage2")
{
    internal override int Next(ref byte text, int start, int end)
    {
        int matched = Match(ref text, start, end);
        if (matched >= 0)
            return matched;
        int i = start;
        do
        {
            CharClass.At(ref text, i, out int length);
            i += length;
            // A run of spaces, or of symbols without two in a row, is looked at once.
        }
        while (i < end && Match(ref text, i, end) < 0);
        return i;
    }

    static int Match(ref byte text, int start, int end)
    {
        int kind = CharClass.At(ref text, start, out int length);
        if ((kind & CharClass.Letter) != 0)
            return -1;
        int i = start + length;
        if ((kind & CharClass.Number) != 0)
            return CharClass.EndOfNumbers(ref text, i, end, 3);
        bool space = Unsafe.Add(ref text, start) == ' ';
        if (!space && (kind & CharClass.Space) != 0)
            return -1;
        int first = space ? i : start;
        int second = first < end && (CharClass.At(ref text, first, out length) & CharClass.Named) == 0 ? first + length : end;
        if (second < end && (CharClass.At(ref text, second, out _) & CharClass.Named) == 0)
        {
            i = CharClass.EndOfSymbols(ref text, second, end);
            while (i < end && Unsafe.Add(ref text, i) is (byte)'\r' or (byte)'\n' or (byte)'/')
                i++;
            return i;
        }
        if (!space)
            return -1;
        while (i < end && Unsafe.Add(ref text, i) == ' ')
            i++;
        if (i == end || (CharClass.At(ref text, i, out _) & CharClass.Space) != 0)
            return i;
        return i - 1 > start ? i - 1 : -1;
    }
}

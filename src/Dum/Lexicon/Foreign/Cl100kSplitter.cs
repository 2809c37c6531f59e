using System.Runtime.CompilerServices;

namespace Dum.Lexicon.Foreign;

/// <summary>
/// <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>
/// and its later form in tiktoken, <c>…|\s++$|\s*[\r\n]|\s+(?!\S)|\s</c>.
/// </summary>
/// <param name="name">The rule's name.</param>
/// <param name="maxDigits">Numbers are cut after so many characters.</param>
/// <param name="keepsLastSpaces">The later form: white space at the end of the text is one piece, whatever line ends it holds.</param>
sealed class Cl100kSplitter(string name, int maxDigits, bool keepsLastSpaces) : PreTokenizer(name)
{
    internal override int Next(ref byte text, int start, int end)
    {
        int kind = CharClass.At(ref text, start, out int length);
        int rest = start + length;
        if ((kind & CharClass.Letter) != 0)
            return CharClass.EndOfRun(ref text, rest, end, CharClass.Letter);
        byte first = Unsafe.Add(ref text, start);
        if (first == '\'')
        {
            int contraction = Contraction.Length(ref text, start, end, anyCase: true);
            if (contraction > 0)
                return start + contraction;
        }
        if ((kind & CharClass.Number) != 0)
            return CharClass.EndOfNumbers(ref text, rest, end, maxDigits);
        int next = rest < end ? CharClass.At(ref text, rest, out length) : CharClass.Space;
        if ((kind & CharClass.Break) == 0 && (next & CharClass.Letter) != 0)
            return CharClass.EndOfRun(ref text, rest + length, end, CharClass.Letter);
        if ((kind & CharClass.Space) == 0 || (first == ' ' && (next & CharClass.Named) == 0))
            return CharClass.EndOfRun(ref text, CharClass.EndOfSymbols(ref text, rest, end), end, CharClass.Break);
        return SpaceRun(ref text, start, end, keepsLastSpaces);
    }

    /// <summary><c>\s*[\r\n]+|\s+(?!\S)|\s+</c> at a white space.</summary>
    internal static int SpaceRun(ref byte text, int start, int end, bool keepsLastSpaces)
    {
        int i = start, afterBreak = -1;
        while (i < end)
        {
            int kind = CharClass.At(ref text, i, out int length);
            if ((kind & CharClass.Space) == 0)
                break;
            i += length;
            if ((kind & CharClass.Break) != 0)
                afterBreak = i;
        }
        if (keepsLastSpaces && i == end)
            return end;
        return afterBreak >= 0 ? afterBreak : LeaveLastSpace(ref text, start, i, end);
    }
}

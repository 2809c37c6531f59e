using System.Runtime.CompilerServices;

namespace Dum.Lexicon.Foreign;

/// <summary><c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c></summary>
sealed class Gpt2Splitter() : PreTokenizer("gpt2")
{
    internal override int Next(ref byte text, int start, int end)
    {
        byte first = Unsafe.Add(ref text, start);
        if (first == '\'')
        {
            int contraction = Contraction.Length(ref text, start, end, anyCase: false);
            if (contraction > 0)
                return start + contraction;
        }
        int body = first == ' ' && start + 1 < end ? start + 1 : start;
        int kind = CharClass.At(ref text, body, out int length);
        int rest = body + length;
        if ((kind & CharClass.Letter) != 0)
            return CharClass.EndOfRun(ref text, rest, end, CharClass.Letter);
        if ((kind & CharClass.Number) != 0)
            return CharClass.EndOfRun(ref text, rest, end, CharClass.Number);
        if ((kind & CharClass.Space) == 0)
            return CharClass.EndOfSymbols(ref text, rest, end);
        return LeaveLastSpace(ref text, start, CharClass.EndOfRun(ref text, rest, end, CharClass.Space), end);
    }
}

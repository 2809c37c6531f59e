using System.Runtime.CompilerServices;

namespace Dum.Lexicon.Foreign;

/// <summary>
/// The pre-tokenizers published with the SuperBPE paper: Hugging Face <c>Digits(individual_digits=false)</c>, which sets
/// runs of <c>\p{N}</c> apart, then in each part <c>Split</c> on <c>(?=(\d{3})+(?!\d))</c>, and for the plain twin also on
/// <c> ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>. (Source: PythonNut/superbpe, <c>utils.py</c> at the time of the paper;
/// llama.cpp lists the same pair of expressions under <c>superbpe</c>.)
/// </summary>
sealed class DigitSplitter(string name, bool words) : PreTokenizer(name)
{
    internal override int Next(ref byte text, int start, int end)
    {
        if ((CharClass.At(ref text, start, out int length) & CharClass.Number) != 0)
            return Digits(ref text, start, end);
        return words ? Word(ref text, start, end) : EndOfOthers(ref text, start + length, end);
    }

    /// <summary>Up to the next place in the run from which a multiple of three digits follows.</summary>
    static int Digits(ref byte text, int start, int end)
    {
        int i = start;
        while (i < end)
        {
            int kind = CharClass.At(ref text, i, out int length);
            if ((kind & CharClass.Number) == 0)
                break;
            if ((kind & CharClass.Digit) == 0)
            {
                i += length; // ½ and the like stay with what is in front of them
                continue;
            }
            // A piece that starts inside a run of numbers was cut there, so a multiple of three follows: no need to
            // count, and a megabyte of digits stays linear.
            bool cutHere = i == start && start > 0 && IsNumberBefore(ref text, start);
            int digits = cutHere ? 3 : CountDigits(ref text, i, end);
            int ahead = cutHere || (i == start && digits % 3 == 0) ? 3 : digits % 3;
            int group = i;
            i = Skip(ref text, i, Math.Min(ahead, digits));
            if (i == group && i > start || i < end && (CharClass.At(ref text, i, out _) & CharClass.Digit) != 0)
                return i;
        }
        return i;
    }

    static int CountDigits(ref byte text, int i, int end)
    {
        int digits = 0;
        for (; i < end && (CharClass.At(ref text, i, out int length) & CharClass.Digit) != 0; i += length)
            digits++;
        return digits;
    }

    static int Skip(ref byte text, int i, int characters)
    {
        for (; characters > 0; characters--)
        {
            CharClass.At(ref text, i, out int length);
            i += length;
        }
        return i;
    }

    static bool IsNumberBefore(ref byte text, int i)
    {
        do
            i--;
        while (i > 0 && (Unsafe.Add(ref text, i) & 0xC0) == 0x80);
        return (CharClass.At(ref text, i, out _) & CharClass.Number) != 0;
    }

    static int EndOfOthers(ref byte text, int i, int end)
    {
        while (i < end && (CharClass.At(ref text, i, out int length) & CharClass.Number) == 0)
            i += length;
        return i;
    }

    static int Word(ref byte text, int start, int end)
    {
        int body = Unsafe.Add(ref text, start) == ' ' && start + 1 < end ? start + 1 : start;
        int kind = CharClass.At(ref text, body, out int length);
        if ((kind & CharClass.Number) != 0)
            return body; // a space before a number ends its part
        int rest = body + length;
        if ((kind & CharClass.Letter) != 0)
            return CharClass.EndOfRun(ref text, rest, end, CharClass.Letter);
        if ((kind & CharClass.Space) == 0)
            return CharClass.EndOfSymbols(ref text, rest, end);
        int runEnd = CharClass.EndOfRun(ref text, rest, end, CharClass.Space);
        bool ends = runEnd == end || (CharClass.At(ref text, runEnd, out _) & CharClass.Number) != 0;
        return ends ? runEnd : LeaveLastSpace(ref text, start, runEnd, end);
    }
}

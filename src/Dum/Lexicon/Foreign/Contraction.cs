using System.Runtime.CompilerServices;

namespace Dum.Lexicon.Foreign;

/// <summary>English contractions, <c>'s|'t|'re|'ve|'m|'ll|'d</c>, as the published patterns match them.</summary>
static class Contraction
{
    /// <summary>Bytes of the contraction at <paramref name="i"/>, where an apostrophe stands; 0 if there is none.</summary>
    public static int Length(ref byte text, int i, int end, bool anyCase)
    {
        if (i + 1 >= end)
            return 0;
        int first = Unsafe.Add(ref text, i + 1), second = i + 2 < end ? Unsafe.Add(ref text, i + 2) : 0;
        if (anyCase)
        {
            // Unicode case folding makes the long s (U+017F) an s.
            if (first == 0xC5 && second == 0xBF)
                return 3;
            (first, second) = (first | 0x20, second | 0x20);
            // Folding by a bit must not make letters of what is none.
            if ((Unsafe.Add(ref text, i + 1) & 0x40) == 0)
                return 0;
        }
        return first switch
        {
            's' or 't' or 'm' or 'd' => 2,
            'r' or 'v' when second == 'e' => IsLetter(ref text, i + 2) ? 3 : 0,
            'l' when second == 'l' => IsLetter(ref text, i + 2) ? 3 : 0,
            _ => 0,
        };
    }

    static bool IsLetter(ref byte text, int i) => (Unsafe.Add(ref text, i) & 0xC0) == 0x40;
}

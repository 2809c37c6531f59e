using System.Globalization;
using System.Text;

namespace Dum.App.Views.Report;

/// <summary>Counts words as a reader would: runs of letters, marks and digits, with apostrophes and hyphens inside them.</summary>
static class Words
{
    public static int In(ReadOnlySpan<byte> text)
    {
        int words = 0;
        bool inside = false, joiner = false;
        while (text.Length > 0)
        {
            bool valid = Rune.DecodeFromUtf8(text, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            bool letter = valid && (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);
            if (letter && !inside && !joiner)
                words++;
            joiner = !letter && inside && rune.Value is '\'' or '’' or '-';
            inside = letter;
            text = text[length..];
        }
        return words;
    }
}

using System.Globalization;
using System.Text;

namespace Dum.Lexicon;

/// <summary>What a character is to the lexicon.</summary>
enum CharClass : byte
{
    Letter,
    Digit,
    Newline,
    Space,
    Blank,
    Opener,
    Closer,
    Quote,
    Apostrophe,
    Hyphen,
    Dash,
    Mark,

    /// <summary>A byte that is not, or not yet, a character.</summary>
    Fragment,
}

/// <summary>Classifies characters of UTF-8 text.</summary>
static class CharClasses
{
    static readonly CharClass[] s_low = BuildLow();

    public static bool IsMark(CharClass c) => c is >= CharClass.Opener and <= CharClass.Mark;

    /// <summary>The class of the character at the start of <paramref name="text"/> and its length in bytes; a byte that begins no character is a fragment of length 1.</summary>
    public static CharClass At(ReadOnlySpan<byte> text, out int length)
    {
        byte b = text[0];
        if (b < 0x80)
        {
            length = 1;
            return s_low[b];
        }
        if (b is >= 0xC2 and < 0xE0 && text.Length > 1 && (text[1] & 0xC0) == 0x80)
        {
            length = 2;
            return s_low[(b & 0x1F) << 6 | text[1] & 0x3F];
        }
        if (Rune.DecodeFromUtf8(text, out Rune rune, out length) == System.Buffers.OperationStatus.Done)
            return Of(rune);
        length = 1;
        return CharClass.Fragment;
    }

    static CharClass[] BuildLow()
    {
        var table = new CharClass[0x800];
        for (int i = 0; i < table.Length; i++)
            table[i] = Of(new Rune(i));
        return table;
    }

    static CharClass Of(Rune rune)
    {
        switch (rune.Value)
        {
            case '\n' or '\r': return CharClass.Newline;
            case ' ': return CharClass.Space;
            case '\t': return CharClass.Blank;
            case '\'' or 0x2019: return CharClass.Apostrophe;
            case '-' or 0x2010 or 0x2011: return CharClass.Hyphen;
            case 0x2013 or 0x2014 or 0x2015: return CharClass.Dash;
            case '"' or 0x201C or 0x2018 or '`': return CharClass.Quote;
            case '.' or ',' or ';' or ':' or '!' or '?' or 0x2026: return CharClass.Closer;
            case 0x3001 or 0x3002 or 0xFF0C or 0xFF01 or 0xFF1F: return CharClass.Closer;
        }
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharClass.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharClass.Digit,
            UnicodeCategory.OpenPunctuation or UnicodeCategory.InitialQuotePunctuation => CharClass.Opener,
            UnicodeCategory.ClosePunctuation or UnicodeCategory.FinalQuotePunctuation => CharClass.Closer,
            _ => CharClass.Mark,
        };
    }
}

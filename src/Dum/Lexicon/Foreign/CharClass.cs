using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dum.Lexicon.Foreign;

/// <summary>What published splitting patterns ask of a character, as bits, read straight from UTF-8.</summary>
static class CharClass
{
    /// <summary><c>\p{L}</c></summary>
    public const int Letter = 1;

    /// <summary><c>\p{N}</c></summary>
    public const int Number = 2;

    /// <summary><c>\s</c>: Unicode White_Space.</summary>
    public const int Space = 4;

    /// <summary><c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]</c></summary>
    public const int Upper = 8;

    /// <summary><c>[\p{Ll}\p{Lm}\p{Lo}\p{M}]</c></summary>
    public const int Lower = 16;

    /// <summary><c>[\r\n]</c></summary>
    public const int Break = 32;

    /// <summary><c>\d</c>, that is <c>\p{Nd}</c></summary>
    public const int Digit = 64;

    /// <summary>Letters, numbers and white space; what has none of these bits is punctuation, a symbol, a mark or a control.</summary>
    public const int Named = Letter | Number | Space;

    // The basic plane and the first supplementary one (emoji, ancient scripts); the rest is asked for one by one.
    const int TableSize = 0x20000;

    static readonly byte[] s_table = BuildTable();

    /// <summary>The bits of the character at <paramref name="i"/>. The text must be valid UTF-8 and <paramref name="i"/> a character's start.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(ref byte text, int i, out int length)
    {
        uint lead = Unsafe.Add(ref text, i);
        if (lead < 0x80)
        {
            length = 1;
            return Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(s_table), lead);
        }
        return BeyondAscii(ref text, i, lead, out length);
    }

    /// <summary>Where the run of characters with one of the bits of <paramref name="mask"/> ends that starts at <paramref name="i"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EndOfRun(ref byte text, int i, int end, int mask)
    {
        while (i < end && (At(ref text, i, out int length) & mask) != 0)
            i += length;
        return i;
    }

    /// <summary>Where the run of characters that are neither letters nor numbers nor white space ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EndOfSymbols(ref byte text, int i, int end)
    {
        while (i < end && (At(ref text, i, out int length) & Named) == 0)
            i += length;
        return i;
    }

    /// <summary>Where a run of numbers ends that is cut after <paramref name="most"/> characters, of which the first ends at <paramref name="i"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EndOfNumbers(ref byte text, int i, int end, int most)
    {
        for (int n = 1; n < most && i < end && (At(ref text, i, out int length) & Number) != 0; n++)
            i += length;
        return i;
    }

    /// <summary>Bytes of the character of valid UTF-8 that starts with <paramref name="lead"/>.</summary>
    public static int LengthOf(byte lead) => lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

    static int BeyondAscii(ref byte text, int i, uint lead, out int length)
    {
        uint second = Unsafe.Add(ref text, i + 1) & 0x3Fu;
        if (lead < 0xE0)
        {
            length = 2;
            return s_table[(lead & 0x1F) << 6 | second];
        }
        uint third = Unsafe.Add(ref text, i + 2) & 0x3Fu;
        if (lead < 0xF0)
        {
            length = 3;
            return s_table[(lead & 0xF) << 12 | second << 6 | third];
        }
        length = 4;
        uint point = (lead & 7) << 18 | second << 12 | third << 6 | Unsafe.Add(ref text, i + 3) & 0x3Fu;
        return point < TableSize ? s_table[point] : Compute((int)point);
    }

    static byte[] BuildTable()
    {
        var table = new byte[TableSize];
        for (int point = 0; point < TableSize; point++)
            table[point] = (byte)Compute(point);
        return table;
    }

    static int Compute(int point) => CharUnicodeInfo.GetUnicodeCategory(point) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => Letter | Upper,
        UnicodeCategory.LowercaseLetter => Letter | Lower,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Letter | Upper | Lower,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => Upper | Lower,
        UnicodeCategory.DecimalDigitNumber => Number | Digit,
        UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Number,
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => Space,
        _ => point is '\r' or '\n' ? Space | Break : point is '\t' or '\v' or '\f' or 0x85 ? Space : 0,
    };
}

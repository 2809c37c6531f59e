using System.Buffers;
using System.Globalization;
using System.Text;

namespace Dum.App.Views.Report;

/// <summary>Makes text harmless in a page, and says things in both languages at once; the page shows one.</summary>
static class Html
{
    const char NarrowSpace = '\u202f';

    /// <summary>Both sentences, already HTML.</summary>
    public static string Say(string english, string russian) =>
        $"<span class=\"en\" lang=\"en\">{english}</span><span class=\"ru\" lang=\"ru\">{russian}</span>";

    public static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', NarrowSpace);

    public static string En(double value, int digits = 1) => value.ToString("F" + digits, CultureInfo.InvariantCulture);

    public static string Ru(double value, int digits = 1) => En(value, digits).Replace('.', ',');

    public static string Both(double value, int digits = 1) => digits == 0 ? En(value, 0) : Say(En(value, digits), Ru(value, digits));

    /// <summary>The Russian form that goes with a number: 1 слово, 2 слова, 5 слов.</summary>
    public static string Form(long n, string one, string few, string many) =>
        n % 10 == 1 && n % 100 != 11 ? one : n % 10 is >= 2 and <= 4 && n % 100 is < 12 or > 14 ? few : many;

    public static string Text(string text) => Bytes(Encoding.UTF8.GetBytes(text), edges: false);

    /// <summary>Plain text for a place where no elements may stand: what cannot be seen is named by its number.</summary>
    public static string Plain(string text)
    {
        var to = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
            to.Append(IsHidden(rune) ? $"‹U+{rune.Value:X4}›" : Escape(rune));
        return to.ToString();
    }

    /// <summary>Any bytes: characters where they are UTF-8, boxes with hexadecimal digits where they are not or cannot be seen.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="edges">Show the spaces at both ends.</param>
    public static string Bytes(ReadOnlySpan<byte> text, bool edges = true)
    {
        var to = new StringBuilder();
        int end = edges ? text.TrimEnd((byte)' ').Length : text.Length;
        bool leading = edges;
        for (int at = 0; at < text.Length;)
        {
            bool valid = Rune.DecodeFromUtf8(text[at..], out Rune rune, out int length) == OperationStatus.Done;
            leading &= valid && rune.Value == ' ';
            if (!valid)
                foreach (byte b in text.Slice(at, length))
                    to.Append(CultureInfo.InvariantCulture, $"<b class=\"x\">{b:X2}</b>");
            else if (rune.Value == ' ' && (leading || at >= end))
                to.Append("<b class=\"g\">␣</b>");
            else if (rune.Value is '\n' or '\t' or '\r')
                to.Append(rune.Value == '\n' ? "<b class=\"g\">↵</b>" : rune.Value == '\t' ? "<b class=\"g\">⇥</b>" : "<b class=\"g\">␍</b>");
            else if (IsHidden(rune))
                to.Append(CultureInfo.InvariantCulture, $"<b class=\"x\">{(rune.IsAscii ? $"{rune.Value:X2}" : $"U+{rune.Value:X4}")}</b>");
            else
                to.Append(Escape(rune));
            at += length;
        }
        return to.ToString();
    }

    // Controls, line and paragraph separators, and format characters (bidirectional overrides, zero widths, byte order
    // marks) are named, not obeyed; the joiners stay, because scripts and emoji are spelled with them.
    static bool IsHidden(Rune rune) => rune.Value is not (0x200C or 0x200D) && Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    static string Escape(Rune rune) => rune.Value switch
    {
        '<' => "&lt;",
        '>' => "&gt;",
        '&' => "&amp;",
        '"' => "&quot;",
        '\'' => "&#39;",
        _ => rune.ToString(),
    };
}

using System.Text;
using System.Text.RegularExpressions;

namespace Dum.Host;

/// <summary>Makes the output of a foreign program harmless: bounded, printable, without serial numbers.</summary>
static partial class Scrub
{
    /// <summary>Characters kept of one source and of one line of it.</summary>
    public const int LongestText = 256 * 1024, LongestLine = 4096;

    /// <summary>Cuts, drops control and direction characters (a terminal would obey them), and masks UUIDs and serial numbers.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, LongestText));
        int column = 0;
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, LongestText)))
        {
            if (c == '\n')
            {
                column = 0;
                clean.Append(c);
            }
            else if (++column <= LongestLine)
            {
                if (c == '\t')
                    clean.Append(' ');
                else if (c != '\r' && !IsUnsafe(c))
                    clean.Append(c);
            }
        }
        return Home().Replace(Serial().Replace(Uuid().Replace(clean.ToString(), "$1-0"), "$1 0"), "~");
    }

    // Bidirectional overrides and zero-width marks can make one text look like another.
    static bool IsUnsafe(char c) =>
        char.IsControl(c) || c is (>= '\u200b' and <= '\u200f') or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\ufeff' or '\ufffe' or '\uffff'
        || char.IsSurrogate(c);

    [GeneratedRegex(@"\b(GPU|MIG)-[0-9a-fA-F]{8}-[0-9a-fA-F-]{20,40}")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"/home/[^/\s]+")]
    private static partial Regex Home();

    [GeneratedRegex(@"((?:Serial Number|Board Serial|UUID|Asset Tag)\s*:)\s*\S.*", RegexOptions.IgnoreCase)]
    private static partial Regex Serial();
}

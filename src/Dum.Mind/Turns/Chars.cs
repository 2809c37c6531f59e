namespace Dum.Mind.Turns;

/// <summary>Text cut where a character ends.</summary>
static class Chars
{
    /// <summary>The beginning of a text: at most <paramref name="most"/> UTF-16 units, and no half of a surrogate pair at its end.</summary>
    public static string First(string text, int most) =>
        text.Length <= most ? text : text[..(most > 0 && char.IsHighSurrogate(text[most - 1]) && char.IsLowSurrogate(text[most]) ? most - 1 : most)];
}

using System.Text;

namespace Dum.Tests.Lexicon;

/// <summary>Russian and English sentences from a few words, with the marks, digits and line ends that the rules are about.</summary>
static class SmallText
{
    public static string[] English { get; } = ["the", "old", "house", "of", "my", "friend", "don't", "well-known", "I", "was", "going", "to", "see", "it", "in", "a", "river", "night"];
    public static string[] Russian { get; } = ["я", "не", "знаю", "кто-нибудь", "из-за", "дом", "в", "старом", "городе", "и", "он", "сказал", "что", "это", "была", "ночь", "д’Артаньян"];

    static readonly string[] s_ends = [". ", ", ", "! ", "?\n", ".\n\n", ".\r\n", "; ", " — ", "... ", ".\" ", ",» ", " (", ") ", ": 1999 ", " 12345, ", "\n- ", "\n    "];

    public static string Write(int words, string[]? only = null)
    {
        var random = new Random(1);
        var text = new StringBuilder();
        for (int i = 0; i < words; i++)
        {
            string[] language = only ?? (i / 500 % 2 == 0 ? English : Russian);
            // The squares make some words frequent, so that some neighbours repeat.
            double x = random.NextDouble();
            text.Append(language[(int)(x * x * language.Length)]);
            int end = random.Next(60);
            text.Append(end < s_ends.Length ? s_ends[end] : end == 20 ? " \"" : end == 21 ? " «" : " ");
        }
        return text.ToString();
    }
}

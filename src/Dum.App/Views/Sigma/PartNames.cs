using System.Text.RegularExpressions;

namespace Dum.App.Views.Sigma;

/// <summary>The parts of the battery's tests as a person reads them. The library and JSON spell them in English.</summary>
static class PartNames
{
    /// <summary>Longer phrases stand before those that they begin with.</summary>
    static readonly (string English, string Russian)[] s_phrases =
    [
        ("words of 32 bits", "слова по 32 бита"), ("words of 64 bits", "слова по 64 бита"), ("words, halves exchanged", "слова, половины переставлены"),
        ("tops of pairs", "верхние биты пар"), ("ends of pairs", "нижние биты пар"), ("tops of triples", "верхние биты троек"),
        ("lowest of bytes", "низший бит байтов"), ("lowest of", "низший из"), ("highest of", "высший из"), ("magnitude", "модуль"), ("value", "значение"),
        ("forward", "вперёд"), ("backward", "назад"), ("before", "назад"), ("first", "первая"), ("second", "вторая"), ("period", "период"),
        ("place", "место"), ("mask", "маска"), ("exact", "точно"), ("tie", "пополам"), ("words", "слова"), ("bytes", "байты"), ("bits", "бита"), ("bit", "бит"), ("all", "все"),
    ];

    static readonly Dictionary<string, string> s_russian = s_phrases.ToDictionary(p => p.English, p => p.Russian);

    /// <summary>A part in the language of the terminal.</summary>
    public static string Say(string part) => Tongue.Say(part, s_phrase.Replace(part, match => s_russian[match.Value]));

    static readonly Regex s_phrase = new(@"\b(" + string.Join('|', s_phrases.Select(p => Regex.Escape(p.English))) + @")\b", RegexOptions.CultureInvariant);
}

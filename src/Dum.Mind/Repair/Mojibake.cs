using System.Text;

namespace Dum.Mind.Repair;

/// <summary>One place that was put right.</summary>
/// <param name="At">Where it begins in the repaired text, counted after all earlier edits of its layer.</param>
/// <param name="Wrong">What stood there.</param>
/// <param name="Right">What stands there now.</param>
/// <param name="Layer">Decoding that had gone wrong twice is undone twice.</param>
readonly record struct Edit(int At, string Wrong, string Right, int Layer);

/// <summary>A text with its wrongly decoded characters put right, and the way back.</summary>
sealed record RepairedText(string Text, IReadOnlyList<Edit> Edits)
{
    /// <summary>The text as it was, character for character.</summary>
    public string Undo()
    {
        string text = Text;
        for (int i = Edits.Count; i > 0;)
        {
            int layer = Edits[i - 1].Layer;
            var back = new StringBuilder(text);
            for (; i > 0 && Edits[i - 1].Layer == layer; i--)
                back.Remove(Edits[i - 1].At, Edits[i - 1].Right.Length).Insert(Edits[i - 1].At, Edits[i - 1].Wrong);
            text = back.ToString();
        }
        return text;
    }
}

/// <summary>
/// Undoes UTF-8 that was read as something else. A sequence of three bytes or more, or three of two bytes in a row, is
/// evidence; single pairs are only touched where the same text has much of it, since √π and « may be meant.
/// </summary>
static class Mojibake
{
    const int MostLayers = 3, Enough = 3;

    /// <summary>Repairs a text by its own evidence.</summary>
    public static RepairedText Repair(string text) => Repair(text, [text]);

    /// <summary>Repairs a text by the evidence of all the texts that came with it.</summary>
    public static RepairedText Repair(string text, IReadOnlyList<string> document) => Repair(text, Layers(document));

    /// <summary>Repairs a text of which is known what went wrong.</summary>
    public static RepairedText Repair(string text, IReadOnlyList<(Codec Codec, bool Pairs)> layers)
    {
        var edits = new List<Edit>();
        for (int layer = 0; layer < layers.Count && !Ascii.IsValid(text); layer++)
        {
            string next = Apply(text, layers[layer].Codec, layers[layer].Pairs, layer, edits);
            if (next == text)
                break;
            text = next;
        }
        return new RepairedText(text, edits);
    }

    /// <summary>What went wrong with texts that belong together, the last decoding first; empty when nothing did.</summary>
    public static IReadOnlyList<(Codec Codec, bool Pairs)> Layers(IReadOnlyList<string> document)
    {
        var layers = new List<(Codec, bool)>();
        while (layers.Count < MostLayers && Judge(document) is { } verdict)
        {
            layers.Add(verdict);
            document = [.. document.Select(t => Apply(t, verdict.Codec, verdict.Pairs, 0, null))];
        }
        return layers;
    }

    /// <summary>Which decoding went wrong, and whether there is enough of it to believe single pairs; null for none.</summary>
    static (Codec Codec, bool Pairs)? Judge(IReadOnlyList<string> document)
    {
        (Codec? best, int most, bool pairs) = (null, 0, false);
        List<string> texts = [.. document.Where(t => !Ascii.IsValid(t))];
        int high = texts.Sum(t => t.Count(c => c >= 0x80));
        foreach (Codec codec in high > 0 ? Codec.All : [])
        {
            (int strong, int covered, int sequences) = (0, 0, 0);
            foreach (string text in texts)
                Count(text, codec, ref strong, ref covered, ref sequences);
            if (strong > 0 && covered > most)
                (best, most, pairs) = (codec, covered, strong >= Enough || (sequences > 1 && covered * 10 > high * 9));
        }
        return best is null ? null : (best, pairs);
    }

    static void Count(string text, Codec codec, ref int strong, ref int covered, ref int sequences)
    {
        int run = 0;
        for (int i = 0; i + 1 < text.Length;)
        {
            // most characters begin nothing: a second one that cannot follow says so soonest
            if (codec[text[i + 1]] is < 0x80 or > 0xBF)
            {
                run = 0;
                i++;
                continue;
            }
            int length = Sequence(text, i, codec, out string right);
            if (length == 2 ? codec.IsCyrillic && right[0] is < 'Ѐ' or > 'џ' : codec.IsCyrillic)
                length = 0;
            if (length == 0)
            {
                run = 0;
                i++;
                continue;
            }
            sequences++;
            covered += length;
            run = length == 2 ? run + 1 : 0;
            strong += length > 2 || run == Enough ? 1 : 0;
            i += length;
        }
    }

    static string Apply(string text, Codec codec, bool pairs, int layer, List<Edit>? edits)
    {
        if (Ascii.IsValid(text))
            return text;
        StringBuilder? to = null;
        int copied = 0;
        for (int i = 0; i < text.Length;)
        {
            int length = Sequence(text, i, codec, out string right);
            if (length == 0 || (length == 2 && !pairs && !InRun(text, i, codec)) || (length > 2 && codec.IsCyrillic && (!pairs || right[0] is < '\u2010' or (> '\u2bff' and < '\ud800'))))
            {
                i += Math.Max(1, length);
                continue;
            }
            to ??= new StringBuilder(text.Length);
            to.Append(text, copied, i - copied);
            edits?.Add(new Edit(to.Length, text.Substring(i, length), right, layer));
            to.Append(right);
            i += length;
            copied = i;
        }
        return to is null ? text : to.Append(text, copied, text.Length - copied).ToString();
    }

    static bool InRun(string text, int at, Codec codec)
    {
        int run = 1, from = at;
        while (from >= 2 && Sequence(text, from - 2, codec, out _) == 2)
            (from, run) = (from - 2, run + 1);
        for (int to = at + 2; run < Enough && to < text.Length && Sequence(text, to, codec, out _) == 2; to += 2)
            run++;
        return run >= Enough;
    }

    /// <summary>The characters from a place on that were one character of UTF-8; 0 for none.</summary>
    static int Sequence(string text, int at, Codec codec, out string right)
    {
        right = "";
        byte lead = codec[text[at]];
        Span<byte> bytes = stackalloc byte[4];
        int length = lead switch { >= 0xC2 and < 0xE0 => 2, >= 0xE0 and < 0xF0 => 3, >= 0xF0 and < 0xF5 => 4, _ => 0 };
        int shift = 0;
        if (length == 0 && codec.MayLackLead && lead == 0x9F)
            (length, shift, bytes[0]) = (4, 1, 0xF0);
        if (length == 0 || at + length - shift > text.Length)
            return 0;
        for (int i = shift; i < length; i++)
        {
            bytes[i] = codec[text[at + i - shift]];
            if (i > 0 && bytes[i] is < 0x80 or > 0xBF)
                return 0;
        }
        if (Rune.DecodeFromUtf8(bytes[..length], out Rune rune, out int used) != System.Buffers.OperationStatus.Done || used != length || !IsLikely(rune))
            return 0;
        right = rune.ToString();
        return length - shift;
    }

    // Controls, private places and unassigned numbers are nobody's text.
    static bool IsLikely(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.PrivateUse or System.Globalization.UnicodeCategory.OtherNotAssigned or System.Globalization.UnicodeCategory.Surrogate);
}

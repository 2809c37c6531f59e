using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Dum.Lexicon.Foreign;

/// <summary>
/// Hugging Face <c>tokenizer.json</c> with a BPE model: byte-level (GPT-2 and its heirs), or by characters with byte
/// fallback (converted SentencePiece models). Special and added tokens are kept for decoding; text is never made of them.
/// </summary>
static class HuggingFaceFormat
{
    public static ForeignTokenizer Read(TokenizerSource source, JsonElement root, JsonElement model)
    {
        string? type = Text(model, "type");
        if (type is not (null or "BPE"))
            throw source.Bad($"its model is {type}; only BPE is supported", $"модель {type}; поддерживается только BPE");
        if (!model.TryGetProperty("vocab", out JsonElement vocabulary) || vocabulary.ValueKind != JsonValueKind.Object)
            throw source.Bad("its model has no vocabulary", "в модели нет словаря");
        if (Text(model, "continuing_subword_prefix") is { Length: > 0 } || Text(model, "end_of_word_suffix") is { Length: > 0 })
            throw source.Bad("it marks parts of words by prefixes or suffixes; that is not supported", "части слов отмечены приставками или окончаниями; это не поддерживается");
        bool byCharacter = model.TryGetProperty("byte_fallback", out JsonElement fallback) && fallback.ValueKind == JsonValueKind.True;
        bool wholeFirst = model.TryGetProperty("ignore_merges", out JsonElement ignore) && ignore.ValueKind == JsonValueKind.True;
        TokenTable tokens = byCharacter ? ReadCharacters(source, vocabulary) : MergesFormat.ReadByteLevel(source, vocabulary);
        AddSpecial(source, root, tokens);
        List<(int, int, int)> merges = ReadMerges(source, model, tokens, byCharacter);
        Merger merger = new MergerBuilder(tokens, byCharacter, wholeFirst).FromMerges(merges);
        if (!byCharacter)
        {
            if (HasValue(root, "normalizer") && !(source.TakesTextAsIs && Text(root.GetProperty("normalizer"), "type") == "NFC"))
                throw source.Bad("it normalises text before bytes; that is not supported", "текст нормализуется до байтов; это не поддерживается");
            return new ForeignTokenizer(source.Name, tokens, merger, source.Rule ?? HuggingFaceRule.Read(source, root));
        }
        bool prefix = HuggingFaceRule.ReadSpaces(source, root);
        return new ForeignTokenizer(source.Name, tokens, merger, source.Rule ?? PreTokenizer.None, spaces: true, prefix);
    }

    static TokenTable ReadCharacters(TokenizerSource source, JsonElement vocabulary)
    {
        var tokens = new TokenTable(1 << 16);
        foreach ((string token, long id) in MergesFormat.Entries(source, vocabulary))
        {
            int b = ByteToken(token);
            // A token with a real space can never be met: spaces are U+2581 before merging.
            bool isText = b < 0 && token.Length > 0 && !token.Contains(' ');
            byte[] bytes = b >= 0 ? [(byte)b] : Encoding.UTF8.GetBytes(token.Replace('▁', ' '));
            if (!tokens.TryAdd(id, bytes, isText))
                throw source.Bad($"token {id} repeats an id or another token, or is out of bounds", $"токен {id} повторяет номер или другой токен либо вне границ");
            if (b >= 0)
                tokens.ByteIds[b] = (int)id;
        }
        return tokens;
    }

    /// <summary>The byte of a token like <c>&lt;0x0A&gt;</c>, or -1.</summary>
    public static int ByteToken(string token) =>
        token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>' &&
        int.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int b) ? b : -1;

    static void AddSpecial(TokenizerSource source, JsonElement root, TokenTable tokens)
    {
        if (!root.TryGetProperty("added_tokens", out JsonElement added) || added.ValueKind != JsonValueKind.Array)
            return;
        foreach (JsonElement token in added.EnumerateArray())
        {
            if (token.ValueKind != JsonValueKind.Object || !token.TryGetProperty("id", out JsonElement id) ||
                id.ValueKind != JsonValueKind.Number || !id.TryGetInt64(out long number))
                throw source.Bad("an added token has no id", "у добавленного токена нет номера");
            bool special = token.TryGetProperty("special", out JsonElement flag) && flag.ValueKind == JsonValueKind.True;
            string content = Text(token, "content") ?? "";
            byte[] bytes = special ? [] : Encoding.UTF8.GetBytes(content);
            // One that the vocabulary lists already stays as it is.
            if (!tokens.TryAdd(number, bytes, isText: false) && (number < 0 || number >= tokens.Count || tokens[(int)number] is null))
                throw source.Bad($"the added token {number} is out of bounds", $"добавленный токен {number} вне границ");
            if (special)
                tokens.Controls.TryAdd(content, (int)number);
        }
    }

    static List<(int, int, int)> ReadMerges(TokenizerSource source, JsonElement model, TokenTable tokens, bool byCharacter)
    {
        if (!model.TryGetProperty("merges", out JsonElement merges) || merges.ValueKind != JsonValueKind.Array)
            throw source.Bad("its model has no merges", "в модели нет слияний");
        var pairs = new List<(int, int, int)>(merges.GetArrayLength());
        foreach (JsonElement merge in merges.EnumerateArray())
        {
            (string left, string right) = Pair(source, merge, pairs.Count);
            pairs.Add(MergesFormat.Merge(source, tokens, Bytes(left), Bytes(right), pairs.Count));
        }
        return pairs;

        byte[]? Bytes(string token) => byCharacter ? Encoding.UTF8.GetBytes(token.Replace('▁', ' ')) : ByteAlphabet.ToBytes(token);
    }

    /// <summary>A merge is <c>"a b"</c>, or <c>["a", "b"]</c> in newer files.</summary>
    static (string, string) Pair(TokenizerSource source, JsonElement merge, int number)
    {
        if (merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2 && String(merge[0]) is { } left && String(merge[1]) is { } right)
            return (left, right);
        string[] parts = (String(merge) ?? "").Split(' ');
        return parts.Length == 2 ? (parts[0], parts[1]) : throw source.Bad($"merge {number} is not a pair", $"слияние {number} — не пара");
    }

    static bool HasValue(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A property that is a string, else null.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? String(value) : null;

    static string? String(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException) // half of a surrogate pair
        {
            return null;
        }
    }
}

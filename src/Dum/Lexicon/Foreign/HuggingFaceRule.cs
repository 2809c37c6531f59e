using System.Text.Json;

namespace Dum.Lexicon.Foreign;

/// <summary>Recognises the pre-tokenizers and normalizers of <c>tokenizer.json</c> among those that are written here by hand.</summary>
static class HuggingFaceRule
{
    const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    const string Cl100k = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    const string O200kWords =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|" +
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|";

    const string O200kRest = @"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    static readonly Dictionary<string, PreTokenizer> s_patterns = new()
    {
        [Cl100k] = PreTokenizer.Llama3,
        [Cl100k.Replace("{1,3}", "")] = PreTokenizer.Qwen2,
        [O200kWords + O200kRest] = PreTokenizer.O200k,
        [O200kWords.Replace("(?i:'s|'t|'re|'ve|'m|'ll|'d)?", "") + O200kRest] = PreTokenizer.SuperBpeStage1,
        [@"\p{N}{1,3}| ?[^\s\p{L}\p{N}]{2,}[\r\n/]*| +(?!\S)"] = PreTokenizer.SuperBpeStage2,
        [Gpt2] = PreTokenizer.Gpt2,
        [@"digits (?=(\d{3})+(?!\d))"] = PreTokenizer.SuperBpe,
        [@"digits (?=(\d{3})+(?!\d))| ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"] = PreTokenizer.SuperBpeTwin,
    };

    /// <summary>The rule of a byte-level tokenizer.</summary>
    public static PreTokenizer Read(TokenizerSource source, JsonElement root)
    {
        root.TryGetProperty("pre_tokenizer", out JsonElement rule);
        List<JsonElement> steps = Steps(source, rule, "pretokenizers");
        string pattern = "";
        bool byteLevel = false;
        foreach (JsonElement step in steps)
        {
            string? type = HuggingFaceFormat.Text(step, "type");
            if (byteLevel)
                throw source.UnknownRule("its pre-tokenizer cuts after the byte alphabet", "текст режется и после байтового алфавита");
            if (type == "ByteLevel" && !IsTrue(step, "add_prefix_space"))
            {
                byteLevel = true;
                if (step.TryGetProperty("use_regex", out JsonElement regex) && regex.ValueKind == JsonValueKind.False)
                    continue;
                if (pattern.Length > 0)
                    throw source.UnknownRule("its pre-tokenizer is not one of those known", "правило разбивки неизвестно");
                pattern = Gpt2;
            }
            else if (type == "Digits" && !IsTrue(step, "individual_digits") && pattern.Length == 0)
                pattern = "digits ";
            else if (type == "Split" && HuggingFaceFormat.Text(step, "behavior") == "Isolated" && !IsTrue(step, "invert") &&
                step.TryGetProperty("pattern", out JsonElement text) && HuggingFaceFormat.Text(text, "Regex") is { } found)
                pattern += found;
            else
                throw source.UnknownRule($"its pre-tokenizer {type} is not one of those known", $"правило разбивки {type} неизвестно");
        }
        if (!byteLevel)
            throw source.Bad("it is neither byte-level nor by characters with byte fallback", "он ни побайтовый, ни посимвольный с запасными байтами");
        return pattern.Length == 0 ? PreTokenizer.None
            : s_patterns.GetValueOrDefault(pattern) ?? throw source.UnknownRule("its pattern is not one of those known", "выражение разбивки неизвестно");
    }

    /// <summary>Checks that a tokenizer by characters only turns spaces into U+2581.</summary>
    /// <returns>True when a space is put in front of the text.</returns>
    public static bool ReadSpaces(TokenizerSource source, JsonElement root)
    {
        bool prefix = false, spaces = false;
        root.TryGetProperty("normalizer", out JsonElement normalizer);
        foreach (JsonElement step in Steps(source, normalizer, "normalizers"))
        {
            string? type = HuggingFaceFormat.Text(step, "type");
            if (type == "Prepend" && HuggingFaceFormat.Text(step, "prepend") == "▁")
                prefix = true;
            else if (type == "Replace" && HuggingFaceFormat.Text(step, "content") == "▁" &&
                step.TryGetProperty("pattern", out JsonElement pattern) && HuggingFaceFormat.Text(pattern, "String") == " ")
                spaces = true;
            else
                throw source.Bad($"its normalizer {type} is not supported", $"нормализация {type} не поддерживается");
        }
        if (!spaces || (root.TryGetProperty("pre_tokenizer", out JsonElement rule) && rule.ValueKind != JsonValueKind.Null && source.Rule is null))
            throw source.Bad("only the SentencePiece-like kind with U+2581 for spaces and no pre-tokenizer is supported", "поддерживается только вид SentencePiece: U+2581 вместо пробелов, без правила разбивки");
        return prefix;
    }

    static List<JsonElement> Steps(TokenizerSource source, JsonElement element, string name)
    {
        if (element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return [];
        if (element.ValueKind != JsonValueKind.Object)
            throw source.Bad("a step of its pipeline is not an object", "шаг обработки — не объект");
        if (HuggingFaceFormat.Text(element, "type") != "Sequence")
            return [element];
        if (!element.TryGetProperty(name, out JsonElement steps) || steps.ValueKind != JsonValueKind.Array ||
            steps.EnumerateArray().Any(step => step.ValueKind != JsonValueKind.Object))
            throw source.Bad("a step of its pipeline is not an object", "шаг обработки — не объект");
        return [.. steps.EnumerateArray()];
    }

    static bool IsTrue(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;
}

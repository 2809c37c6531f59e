using System.Text;
using System.Text.Json;

namespace Dum.Lexicon.Foreign;

/// <summary>
/// GPT-2's pair of files: a JSON object of tokens to ids, in the byte alphabet, and a text file with one merge a line in
/// rank order (openai/gpt-2, <c>encoder.py</c>; Hugging Face's <c>vocab.json</c> and <c>merges.txt</c>).
/// </summary>
static class MergesFormat
{
    public static ForeignTokenizer Read(TokenizerSource source, byte[] vocabulary, byte[] merges)
    {
        using JsonDocument json = TokenizerFile.ParseJson(source, vocabulary);
        TokenTable tokens = ReadByteLevel(source, json.RootElement);
        var pairs = new List<(int, int, int)>();
        int number = 0;
        foreach (string raw in Text(source, merges).Split('\n'))
        {
            number++;
            string line = raw.TrimEnd('\r');
            if (line.Length == 0 || (number == 1 && line.StartsWith("#version", StringComparison.Ordinal)))
                continue;
            int space = line.IndexOf(' ');
            if (space <= 0 || line.LastIndexOf(' ') != space)
                throw source.Bad($"line {number} of its merges is not a pair", $"строка {number} слияний — не пара");
            pairs.Add(Merge(source, tokens, ByteAlphabet.ToBytes(line[..space]), ByteAlphabet.ToBytes(line[(space + 1)..]), number));
        }
        Merger merger = new MergerBuilder(tokens, byCharacter: false, wholeFirst: false).FromMerges(pairs);
        // The pair of files is GPT-2's own format, so its rule applies unless the name says otherwise.
        return new ForeignTokenizer(source.Name, tokens, merger, source.Rule ?? source.RuleByName() ?? PreTokenizer.Gpt2);
    }

    /// <summary>Reads an object of tokens to ids whose tokens are written in the byte alphabet.</summary>
    public static TokenTable ReadByteLevel(TokenizerSource source, JsonElement vocabulary)
    {
        if (vocabulary.ValueKind != JsonValueKind.Object)
            throw source.Bad("its vocabulary is not an object of tokens to ids", "словарь — не объект с номерами токенов");
        var tokens = new TokenTable(1 << 16);
        foreach ((string token, long id) in Entries(source, vocabulary))
        {
            byte[]? bytes = ByteAlphabet.ToBytes(token);
            // A token outside the alphabet (a special one) is never made of text.
            if (!tokens.TryAdd(id, bytes ?? Encoding.UTF8.GetBytes(token), isText: bytes is { Length: > 0 }))
                throw source.Bad($"token {id} repeats an id or another token, or is out of bounds", $"токен {id} повторяет номер или другой токен либо вне границ");
        }
        tokens.FindByteIds();
        return tokens;
    }

    /// <summary>The pairs of an object of tokens to ids.</summary>
    public static IEnumerable<(string Token, long Id)> Entries(TokenizerSource source, JsonElement vocabulary)
    {
        foreach (JsonProperty property in vocabulary.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Number || !property.Value.TryGetInt64(out long id))
                throw source.Bad("its vocabulary has a token without an id", "в словаре есть токен без номера");
            yield return (NameOf(source, property), id);
        }
    }

    /// <summary>Looks a merge's three tokens up.</summary>
    public static (int Left, int Right, int Made) Merge(TokenizerSource source, TokenTable tokens, byte[]? left, byte[]? right, int number)
    {
        if (left is null || right is null)
            throw source.Bad($"merge {number} has a character that stands for no byte", $"в слиянии {number} есть знак, который не означает байта");
        (int l, int r, int made) = (tokens.Find(left), tokens.Find(right), tokens.Find([.. left, .. right]));
        return l >= 0 && r >= 0 && made >= 0
            ? (l, r, made)
            : throw source.Bad($"merge {number} joins or makes a token that the vocabulary does not have", $"слияние {number} берёт или даёт токен, которого нет в словаре");
    }

    static string NameOf(TokenizerSource source, JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException) // half of a surrogate pair, or bytes that are not UTF-8
        {
            throw source.Bad("its vocabulary has a token that is not text", "в словаре есть токен, который не текст");
        }
    }

    static string Text(TokenizerSource source, byte[] merges)
    {
        try
        {
            return new UTF8Encoding(false, true).GetString(merges);
        }
        catch (ArgumentException)
        {
            throw source.Bad("its merges are not UTF-8", "слияния не в UTF-8");
        }
    }
}

using System.Buffers;
using System.Buffers.Text;

namespace Dum.Lexicon.Foreign;

/// <summary>
/// tiktoken's rank files: on every line a token's bytes in base64, a space, its rank, which is also its id
/// (openai/tiktoken, <c>load.py</c>). A piece that is a token is that token; else the neighbours whose joint bytes are
/// the token of the lowest rank merge first.
/// </summary>
static class TiktokenFormat
{
    public static bool Looks(ReadOnlySpan<byte> start)
    {
        int end = start.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = (end < 0 ? start : start[..end]).TrimEnd((byte)'\r');
        return TryParse(line, out _, out _);
    }

    public static ForeignTokenizer Read(TokenizerSource source, byte[] file)
    {
        var tokens = new TokenTable(1 << 17);
        int number = 0;
        foreach (Range range in file.AsSpan().Split((byte)'\n'))
        {
            number++;
            ReadOnlySpan<byte> line = file.AsSpan(range).TrimEnd((byte)'\r');
            if (line.IsEmpty)
                continue;
            if (!TryParse(line, out byte[] bytes, out long rank))
                throw source.Bad($"line {number} is not 'base64 rank'", $"строка {number} — не «base64 ранг»");
            if (!tokens.TryAdd(rank, bytes, isText: true))
                throw source.Bad($"line {number} repeats a token or a rank, or its rank is out of bounds", $"строка {number} повторяет токен или ранг, либо ранг вне границ");
        }
        tokens.FindByteIds();
        var ranked = new List<int>(tokens.Count);
        for (int id = 0; id < tokens.Count; id++)
            if (tokens[id] is { Length: > 1 })
                ranked.Add(id);
        Merger merger = new MergerBuilder(tokens, byCharacter: false, wholeFirst: true).FromRanks(ranked, id => id);
        return new ForeignTokenizer(source.Name, tokens, merger, source.Rule ?? RuleOf(source, tokens));
    }

    static PreTokenizer RuleOf(TokenizerSource source, TokenTable tokens) =>
        source.RuleByName() ?? tokens.Count switch
        {
            199998 => PreTokenizer.O200k,
            100256 => PreTokenizer.Cl100k,
            128000 => PreTokenizer.Llama3,
            151643 => PreTokenizer.Qwen2,
            50256 => PreTokenizer.Gpt2,
            _ => throw source.UnknownRule(
                "a file of ranks does not say how text is cut into pieces, and its name says nothing known",
                "файл рангов не говорит, как режется текст, и имя его ничего не подсказывает"),
        };

    static bool TryParse(ReadOnlySpan<byte> line, out byte[] bytes, out long rank)
    {
        (bytes, rank) = ([], 0);
        int space = line.IndexOf((byte)' ');
        if (space <= 0 || !Utf8Parser.TryParse(line[(space + 1)..], out rank, out int used) || used != line.Length - space - 1)
            return false;
        bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(space)];
        if (Base64.DecodeFromUtf8(line[..space], bytes, out int read, out int written) != OperationStatus.Done || read != space || written == 0)
            return false;
        Array.Resize(ref bytes, written);
        return true;
    }
}

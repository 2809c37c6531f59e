using System.Text;

namespace Dum.Lexicon.Foreign;

/// <summary>
/// The vocabulary in a GGUF file: <c>tokenizer.ggml.model</c> is <c>llama</c> (SentencePiece BPE) or <c>gpt2</c>
/// (byte-level BPE). A file with a vocabulary of our own says <c>rwkv</c> and lists the merges under a key of ours.
/// </summary>
static class GgufFormat
{
    /// <summary>Our own vocabulary's merges: left and right entry of each, one after the other.</summary>
    public const string OwnMerges = "dum.vocabulary.merges";

    sealed class Settings
    {
        public string? Model, Pre;
        public bool Prefix = true;
        public List<byte[]> Tokens = [], Merges = [];
        public List<float> Scores = [];
        public List<int> Kinds = [], OwnMerges = [];
    }

    public static ForeignTokenizer Read(TokenizerSource source)
    {
        using var reader = new GgufReader(source.File, source.Bad);
        var settings = new Settings();
        for (int i = 0; i < reader.Pairs; i++)
        {
            string key = reader.Key();
            uint type = reader.Type();
            switch (key)
            {
                case "tokenizer.ggml.model": settings.Model = reader.StringValue(type); break;
                case "tokenizer.ggml.pre": settings.Pre = reader.StringValue(type); break;
                case "tokenizer.ggml.add_space_prefix": settings.Prefix = reader.BoolValue(type); break;
                case "tokenizer.ggml.tokens": settings.Tokens = reader.Strings(type); break;
                case "tokenizer.ggml.merges": settings.Merges = reader.Strings(type); break;
                case "tokenizer.ggml.scores": settings.Scores = reader.Floats(type); break;
                case "tokenizer.ggml.token_type": settings.Kinds = reader.Integers(type); break;
                case OwnMerges: settings.OwnMerges = reader.Integers(type); break;
                default: reader.Skip(type); break;
            }
        }
        if (settings.Kinds.Count != 0 && settings.Kinds.Count != settings.Tokens.Count)
            throw source.Bad("it lists tokens and their kinds in different numbers", "разное число токенов и их видов");
        return settings.Model switch
        {
            "llama" => Pieces(source, settings),
            "gpt2" => ByteLevel(source, settings),
            "rwkv" when settings.OwnMerges.Count > 0 => ForeignTokenizer.From(Own(settings.OwnMerges), source.Name),
            null => throw source.Bad("this GGUF file holds no vocabulary", "в этом GGUF нет словаря"),
            _ => throw source.Bad($"its vocabulary is of the kind '{settings.Model}'; 'llama' and 'gpt2' are supported", $"словарь вида «{settings.Model}»; поддерживаются «llama» и «gpt2»"),
        };
    }

    static Vocabulary Own(List<int> merges)
    {
        var pairs = new (int, int)[merges.Count / 2];
        for (int i = 0; i < pairs.Length; i++)
            pairs[i] = (merges[2 * i], merges[2 * i + 1]);
        return Vocabulary.FromMerges(pairs);
    }

    static ForeignTokenizer Pieces(TokenizerSource source, Settings settings)
    {
        if (settings.Scores.Count != settings.Tokens.Count || settings.Kinds.Count == 0)
            throw source.Bad("it lists tokens and their scores in different numbers", "разное число токенов и их оценок");
        var pieces = new PieceList(source);
        for (int i = 0; i < settings.Tokens.Count; i++)
            pieces.Add(settings.Tokens[i], settings.Scores[i], settings.Kinds[i]);
        return pieces.ToTokenizer(settings.Prefix);
    }

    static ForeignTokenizer ByteLevel(TokenizerSource source, Settings settings)
    {
        var tokens = new TokenTable(settings.Tokens.Count);
        for (int id = 0; id < settings.Tokens.Count; id++)
        {
            string token = Encoding.UTF8.GetString(settings.Tokens[id]);
            bool control = settings.Kinds.Count > 0 && settings.Kinds[id] == PieceList.Control;
            byte[]? bytes = control ? null : ByteAlphabet.ToBytes(token);
            if (!tokens.TryAdd(id, control ? [] : bytes ?? settings.Tokens[id], isText: bytes is { Length: > 0 }))
                throw source.Bad($"token {id} repeats another, or there are too many", $"токен {id} повторяет другой, или их слишком много");
            if (control)
                tokens.Controls.TryAdd(token, id);
        }
        tokens.FindByteIds();
        var merges = new List<(int, int, int)>(settings.Merges.Count);
        foreach (byte[] merge in settings.Merges)
        {
            string[] pair = Encoding.UTF8.GetString(merge).Split(' ');
            if (pair.Length != 2)
                throw source.Bad($"merge {merges.Count} is not a pair", $"слияние {merges.Count} — не пара");
            merges.Add(MergesFormat.Merge(source, tokens, ByteAlphabet.ToBytes(pair[0]), ByteAlphabet.ToBytes(pair[1]), merges.Count));
        }
        // llama.cpp takes a piece that is a token whole for its 'llama-bpe' kind, as tiktoken does.
        Merger merger = new MergerBuilder(tokens, byCharacter: false, wholeFirst: settings.Pre == "llama-bpe").FromMerges(merges);
        return new ForeignTokenizer(source.Name, tokens, merger, source.Rule ?? RuleOf(source, settings.Pre));
    }

    static PreTokenizer RuleOf(TokenizerSource source, string? pre) => pre switch
    {
        "gpt-2" => PreTokenizer.Gpt2,
        "llama-bpe" or "llama3" or "llama-v3" => PreTokenizer.Llama3,
        "qwen2" or "deepseek-r1-qwen" => PreTokenizer.Qwen2,
        "gpt-4o" => PreTokenizer.O200k,
        "superbpe" => PreTokenizer.SuperBpe,
        null or "default" => source.RuleByName() ?? PreTokenizer.Gpt2,
        _ => throw source.UnknownRule($"its pre-tokenizer '{pre}' is not one of those known", $"правило разбивки «{pre}» неизвестно"),
    };
}

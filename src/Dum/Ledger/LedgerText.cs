using Dum.Checkpoints;
using Dum.Corpus;
using Dum.Lexicon;
using Dum.Scenes;

namespace Dum.Ledger;

/// <summary>A text of the ledger: its bytes without the lines that part documents, and where they part.</summary>
/// <param name="Name">Shown to the reader.</param>
/// <param name="Documents">Whole documents.</param>
public sealed record LedgerText(string Name, IReadOnlyList<byte[]> Documents)
{
    /// <summary>Bytes in all.</summary>
    public long Bytes => Documents.Sum(d => (long)d.Length);

    /// <summary>Reads a file.</summary>
    /// <param name="path">UTF-8 text; other bytes are measured as they are.</param>
    /// <exception cref="DumException">Missing, too large, or hardly any text.</exception>
    public static LedgerText Read(string path)
    {
        if (Directory.Exists(path))
            throw new DumException(Tongue.Say($"{path} is a folder: give texts by name", $"{path} — папка: укажите сами тексты"));
        if (!File.Exists(path))
            throw new DumException(Tongue.Say($"{path} does not exist: give a text", $"{path} не существует: укажите текст"));
        if (new FileInfo(path).Length > 1 << 30)
            throw new DumException(Tongue.Say($"{path} is larger than 1 GiB: a part of it is enough", $"{path} больше 1 ГиБ: достаточно части"));
        ReadOnlySpan<byte> left = File.ReadAllBytes(path);
        var documents = new List<byte[]>();
        while (left.Length > 0)
            if (DocumentLines.Next(ref left) is { Length: > 0 } document)
                documents.Add(document.ToArray());
        return documents.Sum(d => (long)d.Length) >= 10_000 ? new LedgerText(Path.GetFileName(path), documents) : throw new DumException(Tongue.Say(
            $"{path} has too little text: the ledger needs at least 10 KB of each", $"в {path} слишком мало текста: нужно не меньше 10 КБ"));
    }

    /// <summary>Counts units in all documents.</summary>
    /// <param name="lexicon">Of the hyperwords.</param>
    /// <param name="rule">Of the scenes.</param>
    /// <param name="tokenizer">Whose tokens are counted; null for none.</param>
    public TextCounts Count(Vocabulary lexicon, SceneRule rule, ModelTokenizer? tokenizer)
    {
        var splitter = new SceneSplitter(lexicon, rule);
        long hyperwords = 0, scenes = 0, episodes = 0, tokens = 0, sentences = 0, clauses = 0;
        foreach (byte[] document in Documents)
        {
            List<Scene> found = splitter.Split(lexicon.Encoder.Encode(document));
            hyperwords += found.Sum(s => (long)s.Hyperwords);
            scenes += found.Count;
            episodes += found.Count > 0 ? found[^1].Episode + 1 : 0;
            tokens += tokenizer?.Encode(document).Length ?? 0;
            (long s, long c) = Ideas(document);
            (sentences, clauses) = (sentences + s, clauses + c);
        }
        return new TextCounts(Bytes, hyperwords, scenes, episodes, tokens, sentences, clauses);
    }

    /// <summary>Sentences end at . ! ? … before white space, clauses there and at , ; : before white space; an empty line ends both.</summary>
    static (long Sentences, long Clauses) Ideas(ReadOnlySpan<byte> text)
    {
        long sentences = 0, clauses = 0;
        bool something = false;
        for (int i = 0; i < text.Length; i++)
        {
            byte b = text[i];
            bool white = i + 1 == text.Length || text[i + 1] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'"' or (byte)')' or 0xC2 or 0xE2;
            bool line = b == '\n' && i + 1 < text.Length && text[i + 1] == '\n';
            something |= b > ' ';
            if (!something)
                continue;
            if (line || (white && b is (byte)'.' or (byte)'!' or (byte)'?') || (white && i >= 2 && text[(i - 2)..(i + 1)].SequenceEqual("…"u8)))
                (sentences, clauses, something) = (sentences + 1, clauses + 1, false);
            else if (white && b is (byte)',' or (byte)';' or (byte)':')
                clauses++;
        }
        return something ? (sentences + 1, clauses + 1) : (sentences, clauses);
    }
}

/// <summary>Units of one text.</summary>
/// <param name="Bytes">Of the original.</param>
/// <param name="Hyperwords">Of the lexicon.</param>
/// <param name="Scenes">About a clause each.</param>
/// <param name="Episodes">Scenes of scenes.</param>
/// <param name="Tokens">Of the tokenizer that it is compared with; 0 without one.</param>
/// <param name="Sentences">By punctuation.</param>
/// <param name="Clauses">By punctuation.</param>
public sealed record TextCounts(long Bytes, long Hyperwords, long Scenes, long Episodes, long Tokens, long Sentences, long Clauses);

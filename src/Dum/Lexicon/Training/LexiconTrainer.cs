namespace Dum.Lexicon;

/// <summary>
/// Learns a hyperword lexicon in two stages: words from the distinct words and their counts, then joins of whole words from the running text.
/// The result is a list of merges and nothing else: the plain rank encoder over bytes, with no rules of its own, gives what was learned.
/// </summary>
public sealed class LexiconTrainer
{
    readonly IReadOnlyList<LexiconSource> _sources;
    readonly LexiconTrainingOptions _options;
    readonly IProgress<TrainingProgress>? _progress;
    readonly CancellationToken _cancel;
    readonly EntryTable _entries;

    LexiconTrainer(IReadOnlyList<LexiconSource> sources, LexiconTrainingOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        _sources = sources;
        _options = options;
        _progress = progress;
        _cancel = cancel;
        _entries = new EntryTable(options);
    }

    /// <summary>Learns the merges: number i makes entry 256 + i from two earlier ones. Fewer come back than asked when the text holds no more pairs.</summary>
    /// <param name="sources">The text, each source read twice from its start.</param>
    /// <param name="options">Size and rules.</param>
    /// <param name="progress">Told often what happens.</param>
    /// <param name="cancel">Stops within moments; nothing is written before the end, so nothing is left behind.</param>
    public static (int Left, int Right)[] Train(IReadOnlyList<LexiconSource> sources, LexiconTrainingOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        options.Validate();
        return new LexiconTrainer(sources, options, progress, cancel).Train();
    }

    (int Left, int Right)[] Train()
    {
        MergeEngine? joins = LearnWordsAndLayOutText();
        if (joins is not null)
        {
            // The index takes the place of the words and their counts, instead of standing beside them.
            GC.Collect();
            Grow(joins, Tongue.Say("joining words", "соединяю слова"), _options.Size);
        }
        return _entries.Merges;
    }

    /// <summary>All of the first stage and the text for the second; what only they need is let go on return.</summary>
    MergeEngine? LearnWordsAndLayOutText()
    {
        var lengths = new long[_sources.Count];
        WordTable words = CountWords(lengths);
        int least = _options.MinPairCount > 0 ? _options.MinPairCount : (int)Math.Clamp(lengths.Sum() / 2_000_000, 2, 20);
        int superwords = (int)Math.Round((_options.Size - 256) * _options.SuperwordShare);
        (int[] wordText, int[] wordStarts) = LearnWords(words, _options.Size - superwords, least);
        if (superwords == 0)
            return null;
        MaterialReader material = ReadMaterial(lengths, words, wordStarts, wordText);
        return new MergeEngine(material.Text, material.Length, null, _entries, least);
    }

    WordTable CountWords(long[] lengths)
    {
        var counter = new WordCounter(_options);
        long all = _sources.Sum(s => s.Length), done = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            LexiconSource source = _sources[i];
            lengths[i] = counter.Read(source, bytes => ReportBytes(Tongue.Say("counting words", "считаю слова"), done + bytes, all, source.Name), _cancel);
            done += lengths[i];
        }
        return counter.Words;
    }

    (int[] Text, int[] Starts) LearnWords(WordTable words, int size, int least)
    {
        long slots = 1 + (long)words.BytesUsed + words.Count;
        if (slots > Array.MaxLength)
            throw new DumException(Tongue.Say(
                "the text has too many distinct words to learn from: lower the bound on distinct words",
                "в тексте слишком много разных слов: уменьшите их предел"));
        var text = new int[slots];
        var weights = new long[slots];
        var starts = new int[words.Count];
        text[0] = MergeEngine.Barrier;
        int at = 1;
        for (int word = 0; word < words.Count; word++)
        {
            starts[word] = at;
            weights.AsSpan(at, words[word].Length).Fill(words.CountOf(word));
            foreach (byte b in words[word])
                text[at++] = b;
            text[at++] = MergeEngine.Barrier;
        }
        Grow(new MergeEngine(text, at, weights, _entries, (long)least * WordCounter.Unit), Tongue.Say("building words", "строю слова"), size);
        return (text, starts);
    }

    MaterialReader ReadMaterial(long[] lengths, WordTable words, int[] wordStarts, int[] wordText)
    {
        var material = new MaterialReader(_options, _entries, words, wordStarts, wordText);
        long total = lengths.Sum(), done = 0;
        double weighted = _sources.Select((s, i) => s.Weight * lengths[i]).Sum();
        double scale = Math.Min(1, _options.MaterialBytes / Math.Max(1, weighted));
        material.Expect((long)(weighted * scale * 0.3));
        for (int i = 0; i < lengths.Length; i++)
        {
            LexiconSource source = _sources[i];
            material.Read(source, source.Weight * scale, bytes => ReportBytes(Tongue.Say("laying out text", "раскладываю текст"), done + bytes, total, source.Name), _cancel);
            done += lengths[i];
        }
        return material;
    }

    void Grow(MergeEngine engine, string phase, int size)
    {
        int from = _entries.Count;
        Report(phase, 0, Tongue.Say("indexing pairs", "ищу пары"));
        engine.Index(_cancel);
        engine.Run(size, (count, pairs) => Report(phase, (double)(count - from) / (size - from), Tongue.Say(
            $"{count} of {size} entries, the last pair seen {pairs} times", $"единиц {count} из {size}, последняя пара встретилась раз: {pairs}")), _cancel);
        Report(phase, 1, Tongue.Say($"{_entries.Count} entries", $"единиц {_entries.Count}"));
    }

    void ReportBytes(string phase, long done, long total, string name) =>
        Report(phase, total > 0 ? Math.Min(1, (double)done / total) : 0, $"{name}, {done / 1_000_000} {Tongue.Say("MB", "МБ")}");

    void Report(string phase, double fraction, string detail) => _progress?.Report(new TrainingProgress(phase, fraction, detail));
}

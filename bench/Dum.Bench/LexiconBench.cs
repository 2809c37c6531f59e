using Dum.Lexicon;
using Dum.Lexicon.Foreign;
using Dum.Scenes;

namespace Dum.Bench;

/// <summary>Units, scenes and speed of the lexicon on any files, beside other tokenizers.</summary>
static class LexiconBench
{
    public const string Usage = "FILE… [--tokenizer T]… [--lexicon L] [--spm-model FILE] [--passes N] [--json] [--save]";

    public static int Run(Arguments arguments)
    {
        IReadOnlyList<string> files = arguments.Files("--tokenizer", "--lexicon", "--spm-model", "--passes");
        LexiconFile lexicon = arguments.One("--lexicon") is { } path ? LexiconFile.Load(path) : LexiconFile.Default;
        ForeignTokenizer[] others = [.. arguments.All("--tokenizer").Select(t => ForeignTokenizer.Load(t))];
        SentencePiecePeer? peer = SentencePiecePeer.Find(arguments.One("--spm-model"), out string? missing);
        var report = new Report(arguments);

        var counts = new Table($"Hyperwords and scenes (cap 8, and fixed length 6); lexicon {lexicon.Id}, {lexicon.Vocabulary.Count} entries",
            ("file", ""), ("bytes", "0"), ("hyperwords", "0"), ("bytes/hyperword", "0.00"),
            ("scenes", "0"), ("hyperwords/scene", "0.00"), ("bytes/scene", "0.0"), ("scenes of 6", "0"), ("bytes/scene of 6", "0.0"));
        var beside = new Table("Beside other tokenizers",
            ("file", ""), ("tokenizer", ""), ("entries", "0"), ("units", "0"), ("bytes/unit", "0.00"),
            ("fewer units with ours, %", "0.0"), ("units/scene", "0.00"), ("units/scene of 6", "0.00"));
        string[] peers = [.. others.Select(o => o.Name), .. peer is null ? (string[])[] : [peer.Name]];
        var speed = new Table("MB/s per core, processor time",
            [("file", ""), ("encode", "0.0"), ("decode", "0"), .. peers.Select(p => ($"{p} encode", "0.0"))]);

        var texts = new List<(string Name, IReadOnlyList<ReadOnlyMemory<byte>> Documents)>();
        foreach (string file in files)
        {
            IReadOnlyList<ReadOnlyMemory<byte>> documents = TokenizerComparison.Documents(File.ReadAllBytes(file));
            texts.Add((Path.GetFileName(file), documents.Count > 0 ? documents : throw new DumException($"{file} holds no text")));
        }
        if (texts.Count > 1)
            texts.Add(("all", [.. texts.SelectMany(t => t.Documents)]));
        foreach ((string name, IReadOnlyList<ReadOnlyMemory<byte>> documents) in texts)
        {
            UnitCount ours = UnitCount.Of(lexicon.Vocabulary, documents);
            counts.Add(name, ours.Bytes, ours.Units, ours.BytesPerUnit, ours.Scenes, (double)ours.Units / ours.Scenes,
                (double)ours.Bytes / ours.Scenes, ours.FixedScenes, (double)ours.Bytes / ours.FixedScenes);
            foreach (ForeignTokenizer other in others)
            {
                long units = documents.Sum(d => (long)other.CountUnits(d.Span));
                beside.Add(name, other.Name, other.Count, units, (double)ours.Bytes / units, 100 * (1 - (double)ours.Units / units),
                    (double)units / ours.Scenes, (double)units / ours.FixedScenes);
            }
            // The sum of the rows says all there is to say about speed.
            if (texts.Count == 1 || name != "all")
                speed.Add([name, .. Speeds(arguments.Number("--passes", 7), lexicon.Vocabulary, others, peer, documents, ours.Bytes)]);
        }
        report.Add(counts);
        if (others.Length > 0)
            report.Add(beside);
        report.Add(speed);
        report.Note("MB/s: 10^6 bytes for each second of processor time of the process, which works on one thread; median of interleaved rounds in one run. " +
            "Ours writes the ids; the others, as this program reads them from their own files, only count.");
        if (peer is not null)
            report.Note($"{peer.Name}: the spm_encode program as a whole, with an empty file's run taken off; it reads a file and writes ids as text.");
        if (missing is not null)
            report.Note(missing);
        return report.Finish();
    }

    static IEnumerable<object?> Speeds(int passes, Vocabulary words, ForeignTokenizer[] others, SentencePiecePeer? peer, IReadOnlyList<ReadOnlyMemory<byte>> documents, long bytes)
    {
        int longest = documents.Max(d => d.Length);
        int[] room = new int[longest];
        byte[] text = new byte[longest + 16];
        int[][] ids = [.. documents.Select(d => words.Encoder.Encode(d.Span))];
        var rounds = new Rounds(passes);
        rounds.Add(() =>
        {
            foreach (ReadOnlyMemory<byte> document in documents)
                words.Encoder.Encode(document.Span, room);
        });
        rounds.Add(() =>
        {
            foreach (int[] document in ids)
                words.Decode(document, text);
        });
        foreach (ForeignTokenizer other in others)
            rounds.Add(() =>
            {
                foreach (ReadOnlyMemory<byte> document in documents)
                    other.CountUnits(document.Span);
            });
        using PeerText? file = peer is null ? null : new PeerText(documents);
        if (file is not null)
            rounds.Add(() => peer!.Seconds(file));
        return [.. rounds.Run().Select(seconds => (object?)(bytes / seconds / 1e6))];
    }
}

/// <summary>What the lexicon makes of the documents of one file.</summary>
readonly record struct UnitCount(long Bytes, long Units, long Scenes, long FixedScenes)
{
    const int FixedLength = 6;

    public double BytesPerUnit => (double)Bytes / Units;

    public static UnitCount Of(Vocabulary words, IReadOnlyList<ReadOnlyMemory<byte>> documents)
    {
        var splitter = new SceneSplitter(words);
        long bytes = 0, units = 0, scenes = 0, six = 0;
        foreach (ReadOnlyMemory<byte> document in documents)
        {
            int[] ids = words.Encoder.Encode(document.Span);
            if (!words.Decode(ids).AsSpan().SequenceEqual(document.Span))
                throw new DumException("a document did not come back from its hyperwords as it was");
            (bytes, units, scenes) = (bytes + document.Length, units + ids.Length, scenes + splitter.Split(ids).Count);
            six += (ids.Length + FixedLength - 1) / FixedLength;
        }
        return new UnitCount(bytes, units, scenes, six);
    }
}

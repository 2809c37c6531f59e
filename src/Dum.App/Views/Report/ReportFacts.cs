using Dum.Folding;
using Dum.Lexicon;
using Dum.Scenes;
using static Dum.Tongue;

namespace Dum.App.Views.Report;

/// <summary>What the report is drawn from: distributions over all of the text, and the head of each document. Memory does not grow with the text.</summary>
sealed class ReportFacts(LexiconFile lexicon, FoldOptions options)
{
    readonly SceneSplitter _splitter = new(lexicon.Vocabulary, options.Rule);

    public Vocabulary Vocabulary { get; } = lexicon.Vocabulary;

    /// <summary>How often each hyperword occurs in all of the text.</summary>
    public long[] Uses { get; } = new long[lexicon.Vocabulary.Count];

    public Histogram HyperwordBytes { get; } = new();

    public Histogram HyperwordWords { get; } = new();

    public Histogram SceneHyperwords { get; } = new();

    public Histogram SceneBytes { get; } = new();

    public Histogram EpisodeScenes { get; } = new();

    public List<ReportDocument> Documents { get; } = [];

    /// <summary>Reads a document to its end.</summary>
    /// <returns>Its SHA-256.</returns>
    public string Add(string name, Stream content, Action<long>? progress = null, CancellationToken cancel = default)
    {
        ShownText? shown = Documents.Count < ShownText.MostDocuments ? new ShownText() : null;
        var walk = new FoldWalk(content, lexicon, options, progress);
        foreach (ReadOnlyMemory<int> block in walk.Read())
        {
            cancel.ThrowIfCancellationRequested();
            Count(block.Span, shown);
        }
        Documents.Add(new ReportDocument(name, walk.Bytes, walk.Sha256, shown));
        return walk.Sha256;
    }

    /// <summary>Spreads the uses over the lengths, once all documents are in.</summary>
    public void Finish()
    {
        for (int id = 0; id < Uses.Length; id++)
        {
            if (Uses[id] == 0)
                continue;
            HyperwordBytes.Add(Vocabulary[id].Length, Uses[id]);
            HyperwordWords.Add(Words.In(Vocabulary[id]), Uses[id]);
        }
    }

    void Count(ReadOnlySpan<int> ids, ShownText? shown)
    {
        foreach (int id in ids)
            Uses[id]++;
        int episode = -1, inEpisode = 0;
        bool show = shown is { Full: false };
        foreach (Scene scene in _splitter.Split(ids))
        {
            SceneHyperwords.Add(scene.Hyperwords);
            SceneBytes.Add(scene.Bytes);
            bool begins = scene.Episode != episode;
            if (begins && inEpisode > 0)
                EpisodeScenes.Add(inEpisode);
            (episode, inEpisode) = (scene.Episode, begins ? 1 : inEpisode + 1);
            if (!show)
                continue;
            shown!.Add(ids.Slice(scene.First, scene.Hyperwords), scene.Bytes, begins);
            show = !shown.Full;
        }
        if (inEpisode > 0)
            EpisodeScenes.Add(inEpisode);
    }

    /// <summary>Reads the files anew and compares them with what was folded.</summary>
    /// <exception cref="DumException">A file has changed since.</exception>
    public static ReportFacts Of(IReadOnlyList<FoldInput> inputs, string folded, LexiconFile lexicon, FoldOptions options, CancellationToken cancel)
    {
        using FileStream stream = File.OpenRead(folded);
        var reader = new FoldReader(stream, folded, lexicon);
        Dictionary<string, string> hashes = reader.Documents.ToDictionary(d => d.Name, d => d.Sha256);
        // A file that is added to keeps its own rule.
        var facts = new ReportFacts(lexicon, options with { Rule = reader.Rule });
        using var progress = new Progress(Say("report", "отчёт"));
        long all = inputs.Sum(i => i.Bytes), read = 0;
        foreach (FoldInput input in inputs.Where(i => i.Document.Kind == DocumentKind.File))
        {
            using var content = new FileStream(input.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan);
            if (facts.Add(input.Document.Name, content, bytes => progress.Bytes(read + bytes, all), cancel) != hashes[input.Document.Name])
                throw new DumException(Say(
                    $"{input.Path} has changed since it was folded: the folded file is whole, but no report was written",
                    $"{input.Path} изменён после свёртывания: свёрнутый файл цел, но отчёт не записан"));
            read += facts.Documents[^1].Bytes;
        }
        facts.Finish();
        return facts;
    }
}

using System.Collections.Concurrent;
using Dum.Corpus;
using Dum.Lexicon;
using Dum.Models;
using Dum.Numerics;
using Dum.Scenes;

namespace Dum.Hypersymbols;

/// <summary>A stretch of text that was read: its hyperwords, its scenes, and what the model makes of them.</summary>
/// <param name="File">Number of the text.</param>
/// <param name="Stretch">Number of the stretch in it.</param>
/// <param name="Ids">Hyperwords of all its documents in a row.</param>
/// <param name="Vectors">Scenes with places in <paramref name="Ids"/>.</param>
sealed record SceneStretch(int File, int Stretch, int[] Ids, SceneVectors Vectors);

/// <summary>
/// Scenes read from texts. A text too large to be read whole gives stretches drawn evenly over it, so that memory is bounded
/// and a library is seen from its first page to its last.
/// </summary>
sealed class SceneSample
{
    /// <summary>Short enough that a sample sees many documents, long enough for a model's context.</summary>
    const int StretchBytes = 1 << 13;


    readonly List<SceneStretch> _stretches = [];

    SceneSample(IReadOnlyList<string> files, int width) => (Files, Width) = (files, width);

    /// <summary>Names of the texts.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Channels of a vector.</summary>
    public int Width { get; }

    /// <summary>What was read, in order of the texts.</summary>
    public IReadOnlyList<SceneStretch> Stretches => _stretches;

    /// <summary>Scenes in all stretches.</summary>
    public int Count { get; private set; }

    /// <summary>For every text the number of its stretches, read or passed over.</summary>
    public int[] Lengths { get; private set; } = [];

    /// <summary>Reads scenes.</summary>
    /// <param name="model">A scene model.</param>
    /// <param name="sources">Texts; a line <c>&lt;|endoftext|&gt;</c> parts documents.</param>
    /// <param name="most">About so many scenes; 0 for all.</param>
    /// <param name="seed">Which stretches.</param>
    /// <param name="threads">The result does not depend on it.</param>
    /// <param name="progress">Told what is read.</param>
    /// <param name="cancel">Stops between stretches.</param>
    /// <exception cref="DumException">There is no text, or the model has no scenes.</exception>
    public static SceneSample Read(LanguageModel model, IReadOnlyList<LexiconSource> sources, int most, ulong seed, int threads, IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        long bytes = sources.Sum(s => s.Length), done = 0;
        var first = new SceneReader(model, 1);
        var readers = new ConcurrentBag<SceneReader> { first };
        Vocabulary vocabulary = model.Lexicon!.Vocabulary;
        double share = most == 0 ? 1 : Math.Min(1, most * SceneBytes(sources, new SceneSplitter(vocabulary, model.Scenes!.Shape.Rule), vocabulary) / Math.Max(1, bytes));
        var sample = new SceneSample([.. sources.Select(s => Path.GetFileName(s.Name))], first.Width) { Lengths = new int[sources.Count] };
        try
        {
            OrderedWork.Run(sample.Drawn(sources, share, seed), Work, Take, Math.Max(1, threads), cancel);
        }
        finally
        {
            foreach (SceneReader reader in readers)
                reader.Dispose();
        }
        return sample.Count > 0 ? sample : throw new DumException(Tongue.Say(
            "there is no text in what was given: give files or folders with text", "в указанном нет текста: укажите файлы или папки с текстом"));

        (SceneStretch, long) Work((int File, int Stretch, byte[] Text) piece)
        {
            SceneReader reader = readers.TryTake(out SceneReader? idle) ? idle : new SceneReader(model, 1);
            SceneStretch read = Documents(reader, vocabulary, piece.File, piece.Stretch, piece.Text);
            readers.Add(reader);
            return (read, piece.Text.Length);
        }

        void Take((SceneStretch Read, long Bytes) piece)
        {
            done += piece.Bytes;
            sample._stretches.Add(piece.Read);
            sample.Count += piece.Read.Vectors.Scenes.Count;
            progress?.Report(new TrainingProgress(Tongue.Say("reading scenes", "читаю сцены"), Math.Min(1, done / (share * Math.Max(1, bytes))), Tongue.Say($"{sample.Count} scenes", $"сцен {sample.Count}")));
        }
    }

    /// <summary>Bytes of a scene, by the first stretch of every text.</summary>
    static double SceneBytes(IReadOnlyList<LexiconSource> sources, SceneSplitter splitter, Vocabulary vocabulary)
    {
        long bytes = 0, scenes = 0;
        foreach (LexiconSource source in sources)
        {
            using var chunks = new ChunkReader(source.Open(), source.Name, StretchBytes);
            byte[] text = chunks.Next() ?? [];
            bytes += text.Length;
            scenes += splitter.Split(vocabulary.Encoder.Encode(text)).Count;
        }
        return scenes == 0 ? 1 : (double)bytes / scenes;
    }

    IEnumerable<(int File, int Stretch, byte[] Text)> Drawn(IReadOnlyList<LexiconSource> sources, double share, ulong seed)
    {
        var random = new Philox(seed, DrawDomain.SceneSample);
        for (int file = 0; file < sources.Count; file++)
        {
            using var chunks = new ChunkReader(sources[file].Open(), sources[file].Name, StretchBytes);
            while (chunks.Next() is { } text)
            {
                int stretch = Lengths[file]++;
                if (random.Unit((uint)file, 0, (uint)stretch) < share)
                    yield return (file, stretch, text);
            }
        }
    }

    static SceneStretch Documents(SceneReader reader, Vocabulary vocabulary, int file, int stretch, byte[] text)
    {
        List<int> ids = [];
        List<Scene> scenes = [];
        List<float> contents = [], thoughts = [];
        List<bool> opens = [];
        ReadOnlySpan<byte> rest = text;
        while (rest.Length > 0)
        {
            int[] document = vocabulary.Encoder.Encode(DocumentLines.Next(ref rest));
            SceneVectors read = reader.Read(document);
            scenes.AddRange(read.Scenes.Select(s => s with { First = s.First + ids.Count }));
            ids.AddRange(document);
            contents.AddRange(read.Contents);
            thoughts.AddRange(read.Thoughts);
            opens.AddRange(read.Opens);
        }
        return new SceneStretch(file, stretch, [.. ids], new SceneVectors(scenes, [.. contents], [.. thoughts], [.. opens]));
    }
}

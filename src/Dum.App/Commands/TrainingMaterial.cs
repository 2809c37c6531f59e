using Dum.Lexicon;
using Dum.Models;
using Dum.Training;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary>What <c>dum train</c> and <c>dum adapt</c> read: texts, tests, and the lexicon they are read with.</summary>
sealed class TrainingMaterial(string[] texts, string[] tests)
{
    readonly IReadOnlyList<LexiconSource> _sources = LexiconFiles.Collect(texts, new Notices());
    readonly IReadOnlyList<(string Name, LexiconSource Source)> _tests = [.. tests.SelectMany(t => LexiconFiles.Collect([t], new Notices())).Select(s => (Path.GetFileName(s.Name), s))];

    /// <summary>The lexicon asked for, the one of a run that goes on, or one learned from the text.</summary>
    public LexiconFile Lexicon(string? asked, string folder, TrainingPreset preset, TrainingOptions options, CancellationToken cancel)
    {
        NeedText();
        if (asked is not null)
            return asked == "default" ? LexiconFile.Default : LexiconFile.Load(asked);
        if (options.Resume && folder.Length > 0 && ModelFolder.TrainingLexicon(folder) is { } standing)
            return standing;
        using var progress = new Progress(Say("lexicon", "лексикон"));
        LexiconFile learned = LexiconMaker.Make(_sources, new LexiconTrainingOptions { Size = preset.Lexicon, Threads = options.Threads }, new Steps(progress), cancel);
        progress.Dispose();
        return learned;
    }

    public Shard Text(LexiconFile lexicon, CancellationToken cancel)
    {
        using var progress = new Progress(Say("reading", "читаю"));
        return Shard.Read(_sources, lexicon.Vocabulary, new Steps(progress), cancel);
    }

    /// <summary>The text as a model reads it.</summary>
    public Shard Text(LanguageModel model, CancellationToken cancel)
    {
        NeedText();
        using var progress = new Progress(Say("reading", "читаю"));
        return Read(_sources, model, new Steps(progress), cancel);
    }

    public IReadOnlyList<(string Name, Shard Text)> Tests(LanguageModel model, CancellationToken cancel) => [.. _tests.Select(t => (t.Name, Read([t.Source], model, null, cancel)))];

    static Shard Read(IReadOnlyList<LexiconSource> sources, LanguageModel model, IProgress<TrainingProgress>? progress, CancellationToken cancel) =>
        model.Lexicon is { } lexicon ? Shard.Read(sources, lexicon.Vocabulary, progress, cancel) : Shard.Read(sources, model.Tokenizer, progress, cancel);

    void NeedText()
    {
        if (_sources.Sum(s => s.Length) == 0)
            throw new DumException(Say("there is no text in what was given: give files or folders with text", "в указанном нет текста: укажите файлы или папки с текстом"));
    }

    public IReadOnlyList<(string Name, Shard Text)> Tests(LexiconFile lexicon, CancellationToken cancel) =>
        [.. _tests.Select(t => (t.Name, Shard.Read([t.Source], lexicon.Vocabulary, null, cancel)))];

    sealed class Notices : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => Cli.Tell(value.Detail);
    }

    sealed class Steps(Progress progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Step(value.Phase, value.Fraction, value.Detail);
    }
}

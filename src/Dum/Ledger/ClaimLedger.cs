using Dum.Checkpoints;
using Dum.Lexicon;
using Dum.Models;
using Dum.Scenes;
using Dum.Training;

namespace Dum.Ledger;

/// <summary>The conscience of the product: every claim of scenes measured beside its baseline, the failing ones told as plainly.</summary>
/// <example><code>
/// IReadOnlyList&lt;LedgerRow&gt; rows = new ClaimLedger([LedgerText.Read("book.txt")], null, new LedgerOptions()).Measure(null, default);
/// </code></example>
/// <param name="texts">Four fifths of each are learned from, the last fifth is measured on.</param>
/// <param name="tokenizer">Whose tokens the claims about units are told in; null for an assumed length.</param>
/// <param name="options">How long to train.</param>
public sealed class ClaimLedger(IReadOnlyList<LedgerText> texts, ModelTokenizer? tokenizer, LedgerOptions options)
{
    /// <summary>Sequences in the largest batch.</summary>
    const int Batch = 64;

    /// <summary>Bytes for measuring, of one text and of all together: below them a row would have nothing to read.</summary>
    const int LeastOfOne = 1000, LeastOfAll = 8000;

    /// <summary>Measures all claims, in the order of their cost.</summary>
    /// <param name="progress">Told what is under way.</param>
    /// <param name="cancel">Stops; what was trained stays in the folder of work.</param>
    /// <exception cref="DumException">The texts are too short to train on, or the folder cannot be written.</exception>
    public IReadOnlyList<LedgerRow> Measure(IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        var rows = new List<LedgerRow>();
        Vocabulary counted = LexiconFile.Default.Vocabulary;
        foreach (LedgerText text in texts)
        {
            progress?.Report(new TrainingProgress(Tongue.Say("counting", "считаю"), 0, text.Name));
            rows.AddRange(new TextClaims(counted, SceneRule.Default, tokenizer).Measure(text));
        }
        if (options.Model is { } path)
        {
            using LanguageModel model = LanguageModel.Open(path);
            foreach (LedgerText text in texts)
            {
                progress?.Report(new TrainingProgress(Tongue.Say("what scenes are worth", "чего стоят сцены"), 0, text.Name));
                rows.Add(QualityClaims.Worth(path, model, text, options.Threads, cancel));
            }
        }
        if (options.Minutes <= 0)
            return rows;
        string folder = options.Work ?? Path.Combine(Path.GetTempPath(), $"dum-ledger-{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(folder);
            rows.AddRange(Trained(folder, progress, cancel));
        }
        finally
        {
            if (options.Work is null && Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        return rows;
    }

    List<LedgerRow> Trained(string folder, IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        (List<LedgerText> learn, List<LedgerText> test) = Split();
        LexiconSource[] sources = [.. learn.Select(t => (t.Name, All: ArmTrainer.Join(t.Documents))).Select(t => new LexiconSource(t.Name, () => new MemoryStream(t.All), 1, t.All.Length))];
        WorkFolder.Take(folder, options, sources);
        TrainingPreset preset = TrainingPreset.Of(options.Preset), scenes = TrainingPreset.Of("scene-" + options.Preset);
        LexiconFile hyperwords = Learn(superwords: 0.5), words = Learn(superwords: 0);
        LedgerText all = new(string.Join(" + ", test.Select(t => t.Name)), [.. test.SelectMany(t => t.Documents)]);
        TextCounts folded = all.Count(hyperwords.Vocabulary, scenes.Scene!.Rule, null), plain = all.Count(words.Vocabulary, scenes.Scene.Rule, null);
        var quality = new QualityClaims(options, new ArmTrainer(folder, options, sources, test, progress), hyperwords, words, (double)plain.Hyperwords / folded.Hyperwords);
        List<LedgerRow> rows = [.. quality.Measure(cancel)];
        rows.Add(new MaterialClaims(folder, options, progress).Measure(quality.Scenes[0], quality.Same[0], cancel));
        progress?.Report(new TrainingProgress(Tongue.Say("timing", "замер"), 0, Tongue.Say("reading and writing", "чтение и письмо")));
        rows.AddRange(new CostClaims(preset.Token! with { Vocabulary = words.Vocabulary.Count + 1 }, scenes.Scene.With(hyperwords.Vocabulary.Count + 1, scenes.Context),
            (double)plain.Bytes / plain.Hyperwords, (double)folded.Bytes / folded.Hyperwords, (double)folded.Bytes / folded.Scenes).Measure());
        using (LanguageModel token = LanguageModel.Open(quality.Ladder[1][0].Folder), scene = LanguageModel.Open(quality.Scenes[0].Folder))
            rows.AddRange(CostClaims.Run(token, scene, all, options.Threads, cancel));
        rows.AddRange(new SpeedClaims([.. quality.Ladder.Select(r => r[0])], quality.Scenes[0], all, options).Measure(Batch, cancel));
        return rows;

        LexiconFile Learn(double superwords)
        {
            string path = Path.Combine(folder, $"lexicon-{superwords}.dumlex");
            if (File.Exists(path))
                return LexiconFile.Load(path);
            LexiconFile made = LexiconMaker.Make(sources, new LexiconTrainingOptions { Size = preset.Lexicon, Threads = options.Threads, SuperwordShare = superwords }, progress, cancel);
            made.Save(path);
            return made;
        }
    }

    /// <summary>The last fifth of every text is for measuring: whole documents where there are several, else the end of the only one.</summary>
    (List<LedgerText> Learn, List<LedgerText> Test) Split()
    {
        List<LedgerText> learn = [], test = [];
        foreach (LedgerText text in texts)
        {
            long most = text.Bytes * 4 / 5, at = 0;
            List<byte[]> first = [], last = [];
            foreach (byte[] document in text.Documents)
            {
                int cut = (int)Math.Clamp(most - at, 0, document.Length);
                // A document is cut only where it holds both sides of the border alone, at a line's end.
                if (cut > 0 && cut < document.Length && Array.IndexOf(document, (byte)'\n', cut) is > 0 and int line)
                    cut = line + 1;
                if (cut > 0)
                    first.Add(document[..cut]);
                if (cut < document.Length)
                    last.Add(document[cut..]);
                at += document.Length;
            }
            if (last.Sum(d => d.Length) < LeastOfOne)
                throw new DumException(Tongue.Say($"{text.Name}: too little text to measure on is left at its end", $"{text.Name}: в конце осталось слишком мало текста для проверки"));
            learn.Add(new LedgerText(text.Name, first));
            test.Add(new LedgerText(text.Name, last));
        }
        return test.Sum(t => t.Bytes) >= LeastOfAll ? (learn, test) : throw new DumException(Tongue.Say(
            $"too little text: its last fifth has {test.Sum(t => t.Bytes):N0} bytes, measuring needs {LeastOfAll:N0}", $"слишком мало текста: в последней пятой {test.Sum(t => t.Bytes):N0} байт, для измерений нужно {LeastOfAll:N0}"));
    }
}

using Dum.Coding;
using Dum.Corpus;

namespace Dum.Lexicon;

/// <summary>Makes a whole lexicon from text: trains the vocabulary, encodes the text with it, and gathers the prior of the fold coder.</summary>
public static class LexiconMaker
{
    const int ChunkBytes = 1 << 20;

    // Of every source one chunk in this many is kept out of the counts and used to tune the coder.
    const int TuneEvery = 40;

    /// <summary>Hyperwords tuned on, over all sources together.</summary>
    const int MostTuning = 1_200_000;

    /// <summary>Hyperwords counted, over all sources together; more text is thinned evenly, chunk by chunk.</summary>
    const long MostCounted = 64L << 20;

    /// <summary>Trains a lexicon.</summary>
    /// <param name="sources">The texts; each is read four times.</param>
    /// <param name="options">Size and rules of the vocabulary.</param>
    /// <param name="progress">Told often what happens.</param>
    /// <param name="cancel">Stops within moments.</param>
    /// <exception cref="DumException">There is no text, a source cannot be read, or the size is above 65,536.</exception>
    public static LexiconFile Make(IReadOnlyList<LexiconSource> sources, LexiconTrainingOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        if (options.Size > CoderPrior.MaxEntries)
            throw new DumException(Tongue.Say(
                $"a lexicon to fold with has at most {CoderPrior.MaxEntries} entries; {options.Size} were asked for",
                $"в лексиконе для свёртки не больше {CoderPrior.MaxEntries} единиц; запрошено {options.Size}"));
        Vocabulary vocabulary = Vocabulary.FromMerges(LexiconTrainer.Train(sources, options, progress, cancel));
        CoderPrior prior = MakePrior(vocabulary, sources, options.Threads, progress, cancel, out long bytes);
        var facts = new LexiconFacts(
            $"two stages, {options.SuperwordShare:0.##} of the merges may join words; at most {options.MaxWords} words, {options.MaxDigits} digits, {options.MaxBytes} bytes; {options.Rules}",
            bytes, [.. sources.Select(s => Path.GetFileName(s.Name))]);
        return LexiconFile.Create(vocabulary, facts, prior);
    }

    static CoderPrior MakePrior(Vocabulary vocabulary, IReadOnlyList<LexiconSource> sources, int threads, IProgress<TrainingProgress>? progress, CancellationToken cancel, out long bytes)
    {
        long all = sources.Sum(s => s.Length), done = 0;
        // Four bytes to a hyperword at the least: an estimate that only decides how evenly to thin.
        int keepOneIn = (int)Math.Max(1, all / 4 / MostCounted);
        var counted = new List<int>();
        var tuning = new List<int[]>();
        foreach (LexiconSource source in sources)
        {
            var held = new List<int>();
            int mostHeld = (int)Math.Min(MostTuning / sources.Count, all == 0 ? MostTuning : Math.Max(2000, MostTuning * source.Length / Math.Max(all, 1)));
            var workers = new Worker[Math.Max(threads, 1)];
            for (int i = 0; i < workers.Length; i++)
                workers[i] = new Worker(vocabulary);
            ChunkPipeline.Run(source, ChunkBytes, workers, (worker, chunk, number) => worker.Encode(chunk, number, keepOneIn), (worker, length) =>
            {
                if (worker.Number % TuneEvery == TuneEvery / 2 || (source.Length < TuneEvery * (long)ChunkBytes && worker.Number == 0))
                {
                    // The first part tunes; a short source still has to be counted.
                    int tune = Math.Min(Math.Max(0, mostHeld - held.Count), worker.Ids.Count / 10 + 1);
                    held.AddRange(worker.Ids.GetRange(0, Math.Min(tune, worker.Ids.Count)).Where(id => id >= 0));
                    counted.AddRange(worker.Ids.GetRange(Math.Min(tune, worker.Ids.Count), worker.Ids.Count - Math.Min(tune, worker.Ids.Count)));
                }
                else
                    counted.AddRange(worker.Ids);
                counted.Add(-1);
                done += length;
                progress?.Report(new TrainingProgress(Tongue.Say("encoding", "кодирую"), all > 0 ? Math.Min(1, (double)done / all) : 0, source.Name));
            }, cancel);
            if (held.Count > 0)
                tuning.Add([.. held]);
        }
        bytes = done;
        progress?.Report(new TrainingProgress(
            Tongue.Say("gathering statistics", "собираю статистику"), 0, Tongue.Say($"{counted.Count} hyperwords", $"гиперслов {counted.Count}")));
        cancel.ThrowIfCancellationRequested();
        int[] ids = [.. counted];
        counted = [];
        return PriorTrainer.Train(ByteOrder(vocabulary), ids, tuning, new PriorTrainer.Options(), cancel);
    }

    static ushort[] ByteOrder(Vocabulary vocabulary)
    {
        var order = new ushort[vocabulary.Count];
        for (int i = 0; i < order.Length; i++)
            order[i] = (ushort)i;
        Array.Sort(order, (a, b) => vocabulary[a].SequenceCompareTo(vocabulary[b]));
        return order;
    }

    /// <summary>Encodes the documents of one chunk, -1 between them.</summary>
    sealed class Worker(Vocabulary vocabulary)
    {
        int[] _room = [];

        public List<int> Ids { get; } = [];

        public int Number { get; private set; }

        public void Encode(byte[] chunk, int number, int keepOneIn)
        {
            Ids.Clear();
            Number = number;
            if (number % keepOneIn != 0)
                return;
            ReadOnlySpan<byte> text = chunk;
            while (text.Length > 0)
            {
                ReadOnlySpan<byte> document = DocumentLines.Next(ref text);
                if (_room.Length < document.Length)
                    _room = new int[document.Length];
                int count = vocabulary.Encoder.Encode(document, _room);
                Ids.AddRange(_room.AsSpan(0, count));
                Ids.Add(-1);
            }
        }
    }
}

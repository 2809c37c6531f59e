using System.Globalization;
using System.Text;
using Dum.Files;
using Dum.Lexicon;
using Dum.Training;

namespace Dum.Ledger;

/// <summary>One kind of model in the comparison.</summary>
/// <param name="Name">Short and stable.</param>
/// <param name="Preset">Of training.</param>
/// <param name="Sizes">Overrides of the preset.</param>
/// <param name="Lexicon">Its units.</param>
/// <param name="Context">Units per sequence, so chosen that all arms see about as many bytes.</param>
sealed record Arm(string Name, string Preset, string Sizes, LexiconFile Lexicon, int Context);

/// <summary>A trained arm.</summary>
/// <param name="Arm">Which.</param>
/// <param name="Folder">Where its model lies.</param>
/// <param name="Parameters">Numbers learned.</param>
/// <param name="Bits">Bits per byte on each test text.</param>
/// <param name="Bytes">Bytes of text read.</param>
/// <param name="Seconds">Of training at the pace that was measured for all arms.</param>
/// <param name="Curve">Bits per byte on held-out text after so many bytes.</param>
/// <param name="Worth">What scenes are worth, where there are any.</param>
sealed record TrainedArm(Arm Arm, string Folder, long Parameters, IReadOnlyList<double> Bits, long Bytes, double Seconds, IReadOnlyList<(double Bytes, double Bits)> Curve, SceneWorth? Worth)
{
    /// <summary>Over all texts, each counted alike.</summary>
    public double Mean => Bits.Average();
}

/// <summary>
/// Trains the arms on the same text. Equal time is made of steps: the pace of every arm is measured in turns as processor time,
/// the median taken, and the number of steps fixed by it, so that other work on the machine meets all arms alike and the runs can be
/// repeated bit for bit.
/// </summary>
/// <param name="folder">Takes the models; what is finished there is not trained again.</param>
/// <param name="options">Minutes and threads.</param>
/// <param name="train">Texts to learn from.</param>
/// <param name="tests">Texts to measure on, never trained on.</param>
/// <param name="progress">Told what is under way.</param>
sealed class ArmTrainer(string folder, LedgerOptions options, IReadOnlyList<LexiconSource> train, IReadOnlyList<LedgerText> tests, IProgress<TrainingProgress>? progress)
{
    const int PaceRounds = 3, PaceSteps = 2;
    readonly Dictionary<string, Shard> _shards = [];
    readonly Dictionary<Arm, double> _pace = [];

    /// <summary>Seconds per step of every arm: of one thread, divided by the threads at work, so that no arm gains by waiting for another thread. Measured in turns.</summary>
    public void MeasurePace(IReadOnlyList<Arm> arms, CancellationToken cancel)
    {
        // A ledger that goes on must find the same numbers of steps, so the pace is measured once.
        string path = Path.Combine(folder, "pace.txt");
        if (File.Exists(path))
        {
            var kept = new Dictionary<string, double>();
            foreach (string[] line in File.ReadLines(path).Select(l => l.Split(' ')))
                if (line.Length == 2 && double.TryParse(line[1], CultureInfo.InvariantCulture, out double seconds) && seconds > 0)
                    kept[line[0]] = seconds;
            if (arms.All(a => kept.ContainsKey(a.Name)))
            {
                foreach (Arm arm in arms)
                    _pace[arm] = kept[arm.Name];
                return;
            }
        }
        var rounds = arms.ToDictionary(a => a, _ => new List<double>());
        for (int round = 0; round < PaceRounds; round++)
            foreach (Arm arm in arms)
            {
                cancel.ThrowIfCancellationRequested();
                progress?.Report(new TrainingProgress(Tongue.Say("timing", "замер"), (double)round / PaceRounds, arm.Name));
                // Other work on the machine lengthens the wait, hardly the processor's time.
                rounds[arm].Add(Trainer.Profile(arm.Lexicon, Text(arm.Lexicon, cancel), Options(arm, 1, 1) with { Threads = 1 }, PaceSteps).Processor);
            }
        foreach (Arm arm in arms)
            _pace[arm] = rounds[arm].Order().ElementAt(PaceRounds / 2) / PaceSteps / options.Threads;
        SafeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(arms.Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Name} {_pace[a]:R}\n"))))));
    }

    /// <summary>Trains for the minutes of the ledger.</summary>
    public TrainedArm ForTime(Arm arm, int seed, CancellationToken cancel) =>
        Run(arm, seed, Math.Max(10, (int)(options.Minutes * 60 / _pace[arm])), "time", cancel);

    /// <summary>Trains on as many bytes as another run has read.</summary>
    public TrainedArm ForBytes(Arm arm, int seed, long bytes, TrainedArm pace, CancellationToken cancel) =>
        Run(arm, seed, Math.Max(10, (int)Math.Round(bytes / ((double)pace.Bytes / Steps(pace)))), "bytes", cancel);

    int Steps(TrainedArm run) => (int)Math.Round(run.Seconds / _pace[run.Arm]);

    TrainedArm Run(Arm arm, int seed, int steps, string kind, CancellationToken cancel)
    {
        string at = Path.Combine(folder, $"{arm.Name}-{kind}-{seed}");
        progress?.Report(new TrainingProgress(Tongue.Say("training", "обучаю"), 0, $"{arm.Name}, {kind}, {Tongue.Say("seed", "зерно")} {seed}: {steps}"));
        using var trainer = new Trainer(at, arm.Lexicon, Text(arm.Lexicon, cancel), Options(arm, steps, seed));
        TrainingResult result = trainer.Run([.. tests.Select(t => (t.Name, Encoded(t, arm.Lexicon, cancel)))], new Forward(progress, arm.Name), cancel);
        return new TrainedArm(arm, at, result.Parameters, [.. result.Scores.Select(s => s.BitsPerByte)], result.Facts.Bytes, result.Facts.Step * _pace[arm],
            [.. result.Facts.Curve.Where(p => p.Held is not null).Select(p => ((double)p.Bytes, p.Held!.Value))], result.Worth);
    }

    TrainingOptions Options(Arm arm, int steps, int seed) => new()
    {
        Preset = arm.Preset,
        Sizes = arm.Sizes,
        Context = arm.Context,
        Steps = steps,
        Seed = (ulong)seed,
        Threads = options.Threads,
        Evaluations = 6,
        Candidates = 0,
    };

    Shard Text(LexiconFile lexicon, CancellationToken cancel)
    {
        if (!_shards.TryGetValue(lexicon.Id, out Shard? shard))
            _shards[lexicon.Id] = shard = Shard.Read(train, lexicon.Vocabulary, progress, cancel);
        return shard;
    }

    static Shard Encoded(LedgerText text, LexiconFile lexicon, CancellationToken cancel)
    {
        byte[] all = Join(text.Documents);
        return Shard.Read([new LexiconSource(text.Name, () => new MemoryStream(all), 1, all.Length)], lexicon.Vocabulary, null, cancel);
    }

    /// <summary>Documents as a training text holds them, parted by the line that parts documents.</summary>
    internal static byte[] Join(IEnumerable<byte[]> documents)
    {
        using var all = new MemoryStream();
        foreach (byte[] document in documents)
        {
            all.Write(document);
            if (document[^1] != (byte)'\n')
                all.WriteByte((byte)'\n');
            all.Write("<|endoftext|>\n"u8);
        }
        return all.ToArray();
    }

    sealed class Forward(IProgress<TrainingProgress>? progress, string name) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep s) => progress?.Report(new TrainingProgress(Tongue.Say("training", "обучаю"), (double)s.Step / s.Steps, name));
    }
}

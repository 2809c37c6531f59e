using System.Diagnostics;
using Dum.Checkpoints;
using Dum.Lexicon;
using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Scenes;

namespace Dum.Training;

/// <summary>What is told after every step.</summary>
/// <param name="Step">Steps made.</param>
/// <param name="Steps">Steps to make.</param>
/// <param name="Loss">Nats per unit in this step.</param>
/// <param name="BitsPerByte">The same in bits per byte of text.</param>
/// <param name="Held">The last measurement on held-out text, bits per byte.</param>
/// <param name="BytesPerSecond">Of text, over the last steps.</param>
/// <param name="FlopsPerSecond">Floating-point operations, counted from the model's size.</param>
/// <param name="SecondsLeft">Estimate.</param>
/// <param name="Rate">Learning rate.</param>
/// <param name="GradientNorm">Before clipping.</param>
public sealed record TrainingStep(int Step, int Steps, double Loss, double BitsPerByte, double? Held, double BytesPerSecond, double FlopsPerSecond, double SecondsLeft, double Rate, double GradientNorm);

/// <summary>A finished or interrupted run.</summary>
/// <param name="Facts">All about it.</param>
/// <param name="Parameters">Numbers that were learned.</param>
/// <param name="Sizes">The model in words.</param>
/// <param name="Worth">What the contexts of scenes are worth on the held-out text; null for models without scenes.</param>
/// <param name="Scores">Bits per byte of the texts that were to be measured.</param>
public sealed record TrainingResult(TrainingFacts Facts, long Parameters, string Sizes, SceneWorth? Worth, IReadOnlyList<TextScore> Scores);

/// <summary>
/// Trains a model on text into a folder. Killed at any moment it goes on from the last checkpoint to
/// the same bits; a number that is not finite stops it before the parameters are touched.
/// </summary>
public sealed class Trainer : IDisposable
{
    const int HeldUnits = 1 << 15, LeastUnits = 64;
    const double Ln2 = 0.693147180559945309417;

    static readonly double[] s_corrections = [0.05, 0.2, 0.5];

    readonly string _folder;
    readonly TrainingOptions _options;
    readonly Vocabulary _vocabulary;
    readonly Shard _train, _held;
    readonly PlanModel _model;
    readonly TrainingPreset _preset;
    readonly LexiconFile _lexicon;
    readonly Plans.Candidates? _candidates;
    readonly WorkerPool _pool;
    readonly KernelTable _kernels;
    readonly Optimiser _optimiser;
    readonly Windows _windows;
    readonly int _microBatches;
    readonly double _rate;
    readonly List<CurvePoint> _curve = [];
    TrainingFacts _facts;
    FileStream? _lock;

    /// <param name="folder">Where checkpoints go; made if missing.</param>
    /// <param name="lexicon">The units; copied into the folder.</param>
    /// <param name="text">Encoded with it.</param>
    /// <param name="options">Everything else.</param>
    /// <exception cref="DumException">The options are wrong, the folder holds another run, or memory is short.</exception>
    public Trainer(string folder, LexiconFile lexicon, Shard text, TrainingOptions options) : this(folder, lexicon, text, options, timed: false)
    {
    }

    Trainer(string folder, LexiconFile lexicon, Shard text, TrainingOptions options, bool timed)
    {
        options.Validate();
        TrainingPreset preset = _preset = ShapeOverrides.Apply(TrainingPreset.Of(options.Preset), options.Sizes);
        (_folder, _options, _lexicon, _vocabulary) = (folder, options, lexicon, lexicon.Vocabulary);
        (_train, _held) = text.Split(_vocabulary, HeldUnits);
        if (_train.Ids.Length < LeastUnits)
            throw new DumException(Tongue.Say(
                $"too little text: {_train.Ids.Length} units to learn from, at least {LeastUnits} are needed", $"слишком мало текста: единиц для обучения {_train.Ids.Length}, нужно не меньше {LeastUnits}"));
        int length = options.Context > 0 ? options.Context : preset.Context;
        length = Math.Min(length, Math.Max(8, _train.Ids.Length - 1));
        int batch = options.BatchTokens > 0 ? options.BatchTokens : preset.BatchTokens;
        // All micro-batches have as many sequences, so that --micro-batch changes the memory and not the batch.
        int all = Math.Max(1, batch / length), sequences = Math.Clamp(options.MicroTokens / length, 1, all);
        while (all % sequences != 0)
            sequences--;
        _microBatches = all / sequences;
        _rate = options.Rate > 0 ? options.Rate : preset.Rate;
        // The extra entry closes documents.
        int vocabulary = _vocabulary.Count + 1;
        _windows = new Windows(options.Seed, _train.Ids.Length, length);
        _pool = new WorkerPool(options.Threads > 0 ? options.Threads : Environment.ProcessorCount);
        _kernels = timed ? new TimedKernels(new CpuKernels(_pool)) : new CpuKernels(_pool);
        int drawn = options.Candidates >= 0 ? options.Candidates : vocabulary > 20_000 ? 4096 : 0;
        _candidates = drawn > 0 && drawn < vocabulary / 2 ? new Plans.Candidates(options.Seed, Counts(_train.Ids, vocabulary), drawn, sequences * length) : null;
        _model = preset.Scene is { } scene
            ? MakeScenes(scene.With(vocabulary, length), sequences)
            : new TokenModel(preset.Token! with { Vocabulary = vocabulary, Context = length }, sequences, length, training: true, _candidates);
        _optimiser = new Optimiser(_model.Plan, _kernels, options.Optimiser, options.Decay);
        _facts = new TrainingFacts { Options = options, Lexicon = lexicon.Id, Text = text.Checksum, TextBytes = text.Bytes };
        if (timed)
        {
            _model.Initialise(options.Seed);
            return;
        }
        try
        {
            Begin(lexicon);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Numbers that are learned.</summary>
    public long Parameters => _model.Plan.Parameters.Sum(p => p.Count);

    /// <summary>The model in words.</summary>
    public string Sizes => ShapeOverrides.Describe(_preset);

    /// <summary>Positions per sequence.</summary>
    public int Context => _model.Length;

    /// <summary>Units per step, over all micro-batches.</summary>
    public int UnitsPerStep => _model.Ids.Length * _microBatches;

    /// <summary>Steps that were made before this run began.</summary>
    public int ResumedAt { get; private set; }

    /// <summary>Floating-point operations to learn from one unit.</summary>
    public double FlopsPerUnit => _model.FlopsPerUnit;

    /// <summary>Trains to the last step, or until cancelled; then what was reached is saved and the exception goes on.</summary>
    /// <param name="tests">Texts to measure at the end, encoded with the lexicon.</param>
    /// <param name="progress">Told after every step, on this thread.</param>
    /// <param name="cancel">Stops after the step under way.</param>
    /// <exception cref="DumException">A number was not finite, or a checkpoint could not be written; the last good state stands.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the state is saved.</exception>
    public TrainingResult Run(IReadOnlyList<(string Name, Shard Text)> tests, IProgress<TrainingStep>? progress, CancellationToken cancel)
    {
        if (_facts.Steps == 0)
        {
            _facts = _facts with { Steps = _options.Steps > 0 ? _options.Steps : Plan(cancel) };
            if (_options.Steps == 0)
                Save(); // another start would time the machine again and find another number
        }
        var clock = Stopwatch.StartNew();
        double before = _facts.Seconds, saved = 0, pace = 0, trainBits = 0, trainBytes = 0;
        double? held = _curve.LastOrDefault()?.Held;
        while (_facts.Step < _facts.Steps)
        {
            double started = clock.Elapsed.TotalSeconds;
            int step = _facts.Step + 1, every = Math.Max(1, _facts.Steps / Math.Max(1, _options.Evaluations));
            var schedule = new Schedule(_rate, _facts.Steps, _options.Warmup);
            double nats;
            long units, bytes;
            try
            {
                (nats, units, bytes) = Gradients(step, cancel);
            }
            catch (OperationCanceledException)
            {
                // The gradients of this step are computed again when the run goes on.
                SaveAll();
                throw;
            }
            double norm = _optimiser.GradientNorm(), rate = schedule.Rate(step);
            if (!double.IsFinite(nats) || !double.IsFinite(norm))
            {
                // Not saved: parameters from which this loss follows are no good state even where they are finite.
                throw NotFinite(Blame());
            }
            _optimiser.Step(rate, norm > _options.Clip ? _options.Clip / norm : 1, step);
            trainBits += nats / Ln2;
            trainBytes += bytes;
            _facts = _facts with { Step = step, Bytes = _facts.Bytes + bytes, Seconds = before + clock.Elapsed.TotalSeconds };
            double took = clock.Elapsed.TotalSeconds - started;
            pace = pace == 0 ? took : (0.9 * pace) + (0.1 * took);
            if (step % every == 0 || step == _facts.Steps)
            {
                held = _held.Bytes > 0 ? Evaluation.Score(_model, _kernels, _held, "held out", overlap: false, CancellationToken.None).BitsPerByte : null;
                _curve.Add(new CurvePoint(step, _facts.Seconds, _facts.Bytes, trainBits / trainBytes, held, rate, norm));
                (trainBits, trainBytes) = (0, 0);
                if (step < _facts.Steps)
                    SaveAll();
            }
            else if (step == 1 || step % Math.Max(1, every / 8) == 0)
            {
                _curve.Add(new CurvePoint(step, _facts.Seconds, _facts.Bytes, trainBits / trainBytes, null, rate, norm));
                (trainBits, trainBytes) = (0, 0);
            }
            Correct(clock.Elapsed.TotalSeconds);
            progress?.Report(new TrainingStep(step, _facts.Steps, nats / units, nats / Ln2 / Math.Max(1, bytes), held, bytes / pace, FlopsPerUnit * units / pace, (_facts.Steps - step) * pace, rate, norm));
            if (clock.Elapsed.TotalSeconds - saved > _options.CheckpointSeconds)
            {
                Save();
                saved = clock.Elapsed.TotalSeconds;
            }
        }
        SaveAll();
        return new TrainingResult(_facts, Parameters, Sizes, _model is SceneModel scenes && _held.Bytes > 0 ? SceneWorth.Of(scenes, _kernels, _held) : null, [.. tests.Select(t => Evaluation.Score(_model, _kernels, t.Text, t.Name, overlap: true, cancel))]);
    }

    /// <summary>Times the operations of a few steps without training anything.</summary>
    /// <param name="lexicon">The units.</param>
    /// <param name="text">Encoded with it.</param>
    /// <param name="options">As for a run.</param>
    /// <param name="steps">Steps to time, after one that is not.</param>
    /// <returns>Cost per kernel and shape, and the seconds of all.</returns>
    public static (IReadOnlyList<KernelCost> Costs, double Seconds, long Units) Profile(LexiconFile lexicon, Shard text, TrainingOptions options, int steps)
    {
        using var trainer = new Trainer("", lexicon, text, options with { Resume = false }, timed: true);
        var timed = (TimedKernels)trainer._kernels;
        trainer.Gradients(1, CancellationToken.None);
        trainer._optimiser.Step(0, 1, 1);
        timed.Clear();
        long start = Stopwatch.GetTimestamp(), units = 0;
        for (int i = 0; i < steps; i++)
        {
            units += trainer.Gradients(2 + i, CancellationToken.None).Units;
            trainer._optimiser.GradientNorm();
            trainer._optimiser.Step(0, 1, 2 + i);
        }
        return ([.. timed.Costs], Stopwatch.GetElapsedTime(start).TotalSeconds, units);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock?.Dispose();
        _optimiser.Dispose();
        _model.Dispose();
        _pool.Dispose();
    }

    /// <summary>Makes one weight infinite, for the test of what happens then.</summary>
    internal void Poison() => _model.Plan.Parameters.First(p => p.Name.EndsWith("down_proj", StringComparison.Ordinal)).Value.Span[0] = float.PositiveInfinity;

    /// <summary>Takes up what stands in the folder, or starts with random weights.</summary>
    void Begin(LexiconFile lexicon)
    {
        CreateFolder();
        Lock();
        TrainingFacts? saved = _options.Resume ? TrainingState.ReadFacts(_folder) : null;
        if (saved is null)
        {
            if (_options.Resume && File.Exists(Path.Combine(_folder, "model.safetensors")))
                throw new DumException(Tongue.Say(
                    $"{_folder} holds a model and nothing to go on from: give another folder with -o, or --restart to replace it",
                    $"в {_folder} есть модель, но продолжать её не с чего: укажите другую папку через -o или --restart, чтобы заменить её"));
            _model.Initialise(_options.Seed);
            // An earlier model stays whole, with its own lexicon, until this run has one to put in its place.
            File.Delete(Path.Combine(_folder, TrainingState.FileName));
            lexicon.Save(Path.Combine(_folder, ModelFolder.TrainingLexiconName));
            return;
        }
        if (saved.Lexicon != _facts.Lexicon || saved.Text != _facts.Text || !SameRun(saved.Options, _options))
            throw new DumException(Tongue.Say(
                $"{_folder} holds another run (other text, lexicon or options): give another folder with -o, or --restart to begin again",
                $"в {_folder} другое обучение (другой текст, лексикон или параметры): укажите другую папку через -o или --restart, чтобы начать заново"));
        TrainingState.Load(_folder, _model.Plan.Values, _optimiser);
        _facts = saved;
        _curve.AddRange(saved.Curve);
        ResumedAt = saved.Step;
    }

    /// <summary>Whether what decides the bits is the same.</summary>
    static bool SameRun(TrainingOptions a, TrainingOptions b) => Deciding(a) == Deciding(b) && (b.Steps == 0 || a.Steps == b.Steps);

    static TrainingOptions Deciding(TrainingOptions o)
    {
        TrainingPreset preset = ShapeOverrides.Apply(TrainingPreset.Of(o.Preset), o.Sizes);
        return o with
        {
            Threads = 0,
            CheckpointSeconds = 0,
            Resume = true,
            Minutes = 1,
            Steps = 1,
            Rate = o.Rate > 0 ? o.Rate : preset.Rate,
            BatchTokens = o.BatchTokens > 0 ? o.BatchTokens : preset.BatchTokens,
            Context = o.Context > 0 ? o.Context : preset.Context,
        };
    }

    /// <summary>Two runs in one folder would write over each other.</summary>
    void Lock()
    {
        try
        {
            _lock = new FileStream(Path.Combine(_folder, ".training"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DumException(Tongue.Say(
                $"{_folder} is in use by another training, or cannot be written", $"{_folder} занята другим обучением, или в неё нельзя писать"), e);
        }
    }

    /// <summary>What a run goes on from, and a model that can be used meanwhile.</summary>
    void SaveAll()
    {
        Save();
        ModelFolder.SaveModel(_folder, _model, _lexicon, _train.End);
    }

    void CreateFolder()
    {
        try
        {
            Directory.CreateDirectory(_folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DumException(Tongue.Say($"cannot make the folder {_folder}: {e.Message}", $"не создать папку {_folder}: {e.Message}"), e);
        }
    }

    /// <summary>Steps that fit into the minutes; nothing is learned while this is found out.</summary>
    int Plan(CancellationToken cancel)
    {
        Gradients(1, cancel);
        var clock = Stopwatch.StartNew();
        int timed = 0;
        while (timed < 2 || (clock.Elapsed.TotalSeconds < 3 && timed < 50))
        {
            Gradients(1, cancel);
            _optimiser.GradientNorm();
            timed++;
        }
        // The change of the parameters, evaluations and checkpoints take their share.
        double seconds = clock.Elapsed.TotalSeconds / timed * 1.06;
        return (int)Math.Clamp(_options.Minutes * 60 / seconds, 1, 100_000_000);
    }

    /// <summary>
    /// Where a time was asked for: fits the number of steps to the pace so far, at some shares of that time, because other
    /// work on the machine comes and goes. Saved at once, so that a run that goes on keeps to it.
    /// </summary>
    /// <param name="here">Seconds since this run began or went on.</param>
    void Correct(double here)
    {
        double asked = _options.Minutes * 60;
        if (_options.Steps > 0 || _facts.Corrections >= s_corrections.Length || _facts.Seconds < asked * s_corrections[_facts.Corrections] || _facts.Step >= _facts.Steps)
            return;
        double pace = here / (_facts.Step - ResumedAt);
        int steps = _facts.Step + (int)Math.Clamp((asked - _facts.Seconds) / pace, 1, 100_000_000);
        _facts = _facts with { Steps = steps, Corrections = _facts.Corrections + 1 };
        Save();
    }

    /// <summary>The gradients of one step, over all its micro-batches.</summary>
    (double Nats, long Units, long Bytes) Gradients(int step, CancellationToken cancel)
    {
        int rows = _model.Sequences, length = _model.Length;
        ReadOnlySpan<int> ids = _train.Ids;
        double nats = 0;
        long units = 0, bytes = 0;
        float scale = 1f / (rows * length * _microBatches);
        if (_model.Loss is { } full)
            full.Scale = scale;
        else
            _model.SampledLoss!.Scale = scale;
        for (int micro = 0; micro < _microBatches; micro++)
        {
            cancel.ThrowIfCancellationRequested();
            for (int row = 0; row < rows; row++)
            {
                int start = _windows.Start((((long)(step - 1) * _microBatches) + micro) * rows + row);
                ids.Slice(start, length).CopyTo(_model.Ids.AsSpan(row * length));
                ids.Slice(start + 1, length).CopyTo(_model.Targets.AsSpan(row * length));
            }
            _model.Arrange();
            bytes += Evaluation.BytesOf(_model.Targets, _vocabulary);
            units += _model.Targets.AsSpan().Length - _model.Targets.AsSpan().Count(-1);
            _model.Plan.Accumulates = micro > 0;
            if (_candidates is not null)
                _candidates.At = (step, micro);
            _model.Plan.Forward(_kernels);
            _model.Plan.Backward(_kernels);
            foreach (float loss in _model.Loss is null ? _model.SampledLoss!.Losses : _model.Losses)
                nats += loss;
        }
        return (nats, units, bytes);
    }

    /// <summary>Room for as many scenes as a window of the text usually has, and some more; a window with still more is read in part.</summary>
    SceneModel MakeScenes(SceneShape shape, int sequences)
    {
        var splitter = new SceneSplitter(_vocabulary, shape.Rule);
        var track = new SceneTrack(splitter, _train.End);
        var cursor = new SceneSplitter.Cursor();
        int looked = Math.Min(_train.Ids.Length, 1 << 20), scenes = 1;
        foreach (int id in _train.Ids[..looked])
            scenes += track.Add(ref cursor, id, out _) ? 1 : 0;
        int length = shape.Context, room = (int)Math.Min(length, Math.Ceiling(1.06 * scenes / looked * length) + 1);
        return new SceneModel(shape, splitter, sequences, length, room, training: true, _candidates);
    }

    static long[] Counts(ReadOnlySpan<int> ids, int vocabulary)
    {
        long[] counts = new long[vocabulary];
        foreach (int id in ids)
            counts[id]++;
        return counts;
    }

    /// <summary>Saves the state, unless it is spoilt: what stands in the folder then stays.</summary>
    void Save()
    {
        foreach (Plans.Parameter parameter in _model.Plan.Parameters)
            foreach (float value in parameter.Value.Span)
                if (!float.IsFinite(value))
                    throw NotFinite(parameter.Name);
        _facts = _facts with { Curve = [.. _curve] };
        TrainingState.Save(_folder, _facts, _model.Plan.Values, _optimiser);
    }

    DumException NotFinite(string what)
    {
        int saved = TrainingState.ReadFacts(_folder)?.Step ?? 0;
        return new DumException(Tongue.Say(
            $"training stopped at step {_facts.Step + 1}: {what} is not finite; {_folder} holds the state of step {saved}. Try a lower --rate",
            $"обучение остановлено на шаге {_facts.Step + 1}: {what} — не число; в {_folder} состояние шага {saved}. Попробуйте меньший --rate"));
    }

    /// <summary>The first thing on the way forward, then on the way back, that is not finite.</summary>
    string Blame()
    {
        _model.Plan.Forward(_kernels);
        foreach (Block block in _model.Plan.Activations.Blocks)
            for (int r = 0; r < block.Rows; r++)
                foreach (float value in block.Row(r))
                    if (!float.IsFinite(value))
                        return block.Name;
        foreach (Plans.Parameter parameter in _model.Plan.Parameters)
            foreach (float value in parameter.Gradient.Span)
                if (!float.IsFinite(value))
                    return Tongue.Say($"the gradient of {parameter.Name}", $"градиент {parameter.Name}");
        return Tongue.Say("the loss", "потеря");
    }
}

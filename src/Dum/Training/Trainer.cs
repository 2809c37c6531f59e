using System.Diagnostics;
using Dum.Lexicon;
using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Training;

/// <summary>
/// Trains a model, or an adapter beside one, on text into a folder. Killed at any moment it goes on from the last checkpoint to
/// the same bits; a number that is not finite stops it before the parameters are touched.
/// </summary>
public sealed class Trainer : IDisposable
{
    const int HeldUnits = 1 << 15, LeastUnits = 64;
    const double Ln2 = 0.693147180559945309417;

    static readonly double[] s_corrections = [0.05, 0.2, 0.5];

    readonly string _folder;
    readonly TrainingOptions _options;
    readonly TrainingTask _task;
    readonly DrawRecorder? _draws;
    readonly Shard _train, _held;
    readonly PlanModel _model;
    readonly Plans.Candidates? _candidates;
    readonly WorkerPool _pool;
    readonly KernelTable _kernels;
    readonly Optimiser _optimiser;
    readonly Windows _windows;
    readonly int _microBatches;
    readonly double _rate;
    readonly List<CurvePoint> _curve = [];
    TrainingFacts _facts;
    RunFolder? _taken;

    /// <param name="folder">Where checkpoints go; made if missing.</param>
    /// <param name="lexicon">The units; copied into the folder.</param>
    /// <param name="text">Encoded with it.</param>
    /// <param name="options">Everything else.</param>
    /// <param name="draws">Is told every random draw that the result depends on; null for nobody.</param>
    /// <exception cref="DumException">The options are wrong, the folder holds another run, or memory is short.</exception>
    public Trainer(string folder, LexiconFile lexicon, Shard text, TrainingOptions options, DrawRecorder? draws = null) : this(folder, Fresh(lexicon, options), text, options, timed: false, draws)
    {
    }

    /// <summary>Trains an adapter.</summary>
    /// <param name="folder">Where checkpoints and the adapter go; made if missing.</param>
    /// <param name="model">The base, which stays as it is; must outlive the trainer.</param>
    /// <param name="text">Encoded with the base's tokenizer.</param>
    /// <param name="adapter">Its size and place.</param>
    /// <param name="options">Everything else; the preset says nothing here.</param>
    /// <param name="draws">Is told every random draw that the result depends on; null for nobody.</param>
    /// <exception cref="DumException">The options are wrong, the folder holds another run, or memory is short.</exception>
    public Trainer(string folder, LanguageModel model, Shard text, AdapterOptions adapter, TrainingOptions options, DrawRecorder? draws = null) : this(folder, new AdapterTask(model, adapter), text, options, timed: false, draws)
    {
    }

    Trainer(string folder, TrainingTask task, Shard text, TrainingOptions options, bool timed, DrawRecorder? draws = null)
    {
        options.Validate();
        (_folder, _options, _task, _draws) = (folder, options, task, draws);
        (_train, _held) = text.Split(task.BytesOf, HeldUnits, draws);
        if (_train.Ids.Length < LeastUnits)
            throw new DumException(Tongue.Say(
                $"too little text: {_train.Ids.Length} units to learn from, at least {LeastUnits} are needed", $"слишком мало текста: единиц для обучения {_train.Ids.Length}, нужно не меньше {LeastUnits}"));
        int length = options.Context > 0 ? options.Context : task.Defaults.Context;
        length = Math.Min(length, Math.Max(8, _train.Ids.Length - 1));
        int batch = options.BatchTokens > 0 ? options.BatchTokens : task.Defaults.BatchTokens;
        // All micro-batches have as many sequences, so that --micro-batch changes the memory and not the batch.
        int all = Math.Max(1, batch / length), sequences = Math.Clamp(options.MicroTokens / length, 1, all);
        while (all % sequences != 0)
            sequences--;
        _microBatches = all / sequences;
        _rate = options.Rate > 0 ? options.Rate : task.Defaults.Rate;
        _windows = new Windows(options.Seed, _train.Ids.Length, length, draws);
        _facts = new TrainingFacts { Options = options, Lexicon = task.Id, Text = text.Checksum, TextBytes = text.Bytes };
        _pool = new WorkerPool(options.Threads > 0 ? options.Threads : Environment.ProcessorCount);
        _kernels = timed ? new TimedKernels(new CpuKernels(_pool)) : new CpuKernels(_pool);
        int drawn = !task.MaySample ? 0 : options.Candidates >= 0 ? options.Candidates : task.Vocabulary > 20_000 ? 4096 : 0;
        _candidates = drawn > 0 && drawn < task.Vocabulary / 2 ? new Plans.Candidates(options.Seed, Counts(_train.Ids, task.Vocabulary), drawn, sequences * length) : null;
        try
        {
            _model = task.Model(sequences, length, _train, _candidates);
            _optimiser = new Optimiser(_model.Plan, _kernels, options.Optimiser, options.Decay);
            if (timed)
                task.Initialise(_model, options.Seed, draws);
            else
                Begin();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Weights of the model.</summary>
    public long Parameters => _model.Parameters;

    /// <summary>Those of them, or those beside them, that are learned.</summary>
    public long Learned => _model.Plan.Parameters.Sum(p => p.Count);

    /// <summary>The model in words.</summary>
    public string Sizes => _task.Sizes;

    /// <summary>Positions per sequence.</summary>
    public int Context => _model.Length;

    /// <summary>Units per step, over all micro-batches.</summary>
    public int UnitsPerStep => _model.Ids.Length * _microBatches;

    /// <summary>Steps that were made before this run began.</summary>
    public int ResumedAt { get; private set; }

    /// <summary>Floating-point operations to learn from one unit; frozen matrices need no gradients of their own.</summary>
    public double FlopsPerUnit => _model.FlopsPerUnit * (_task.HasBase ? 2.0 / 3 : 1);

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
        double? held = _curve.LastOrDefault(p => p.Held is not null)?.Held;
        if (_task.HasBase && _facts.Step == 0 && _curve.Count == 0 && Held() is { } bare)
            _curve.Add(new CurvePoint(0, 0, 0, bare, held = bare, 0, 0));
        while (_facts.Step < _facts.Steps)
        {
            double started = clock.Elapsed.TotalSeconds;
            int step = _facts.Step + 1, every = Math.Max(1, _facts.Steps / Math.Max(1, _options.Evaluations));
            var schedule = new Schedule(_rate, _facts.Steps, _options.Warmup);
            double nats;
            long units, bytes;
            try
            {
                (nats, units, bytes) = Gradients(step, cancel, _draws);
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
                held = Held();
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
        TextScore[] Scores() => [.. tests.Select(t => Evaluation.Score(_model, _kernels, t.Text, t.Name, overlap: true, cancel))];
        TextScore[] scores = Scores(), bases = [];
        if (_task.HasBase && tests.Count > 0)
        {
            // An adapter of zeros is the base; the one that was learned is saved.
            _model.Plan.Values.Clear();
            bases = Scores();
            TrainingState.Load(_folder, _model.Plan.Values, _optimiser);
        }
        SceneWorth? worth = _model is SceneModel scenes && _held.Bytes > 0 ? SceneWorth.Of(scenes, _kernels, _held, cancel) : null;
        return new TrainingResult(_facts, Parameters, Learned, Sizes, worth, scores) { BaseScores = bases };
    }

    /// <summary>Times the operations of a few steps without training anything.</summary>
    /// <param name="lexicon">The units.</param>
    /// <param name="text">Encoded with it.</param>
    /// <param name="options">As for a run.</param>
    /// <param name="steps">Steps to time, after one that is not.</param>
    /// <returns>Cost per kernel and shape, the seconds of all by the clock and of the processor, and the units learned from.</returns>
    public static (IReadOnlyList<KernelCost> Costs, double Seconds, double Processor, long Units) Profile(LexiconFile lexicon, Shard text, TrainingOptions options, int steps)
    {
        using var trainer = new Trainer("", Fresh(lexicon, options), text, options with { Resume = false }, timed: true);
        var timed = (TimedKernels)trainer._kernels;
        trainer.Gradients(1, CancellationToken.None);
        trainer._optimiser.Step(0, 1, 1);
        timed.Clear();
        long start = Stopwatch.GetTimestamp(), units = 0;
        TimeSpan spent = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < steps; i++)
        {
            units += trainer.Gradients(2 + i, CancellationToken.None).Units;
            trainer._optimiser.GradientNorm();
            trainer._optimiser.Step(0, 1, 2 + i);
        }
        return ([.. timed.Costs], Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - spent).TotalSeconds, units);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _taken?.Dispose();
        // Not there where memory was short when they were made.
        _optimiser?.Dispose();
        _model?.Dispose();
        _pool.Dispose();
    }

    /// <summary>Makes one weight infinite, for the test of what happens then.</summary>
    internal void Poison() => _model.Plan.Parameters.First(p => p.Name.EndsWith("down_proj", StringComparison.Ordinal)).Value.Span[0] = float.PositiveInfinity;

    /// <summary>Takes up what stands in the folder, or starts with random weights.</summary>
    void Begin()
    {
        _taken = new RunFolder(_folder);
        if (_taken.Saved(_facts, _task) is not { } saved)
        {
            _task.Initialise(_model, _options.Seed, _draws);
            // An earlier model stays whole, with its own lexicon, until this run has one to put in its place.
            File.Delete(Path.Combine(_folder, TrainingState.FileName));
            _task.Begin(_folder);
            return;
        }
        TrainingState.Load(_folder, _model.Plan.Values, _optimiser);
        _facts = saved;
        _curve.AddRange(saved.Curve);
        ResumedAt = saved.Step;
    }

    /// <summary>Bits per byte on the text held out; null where there is none.</summary>
    double? Held() => _held.Bytes > 0 ? Evaluation.Score(_model, _kernels, _held, "held out", overlap: false, CancellationToken.None).BitsPerByte : null;

    /// <summary>What a run goes on from, and a model that can be used meanwhile.</summary>
    void SaveAll()
    {
        Save();
        _task.Save(_folder, _model);
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
    /// <param name="step">From 1.</param>
    /// <param name="cancel">Checked between micro-batches.</param>
    /// <param name="draws">Is told the candidates that are learned from; null where nothing is learned, as in timing and measuring.</param>
    (double Nats, long Units, long Bytes) Gradients(int step, CancellationToken cancel, DrawRecorder? draws = null)
    {
        _candidates?.Record(draws);
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
            foreach (int id in _model.Targets)
                (bytes, units) = id >= 0 ? (bytes + _task.BytesOf(id), units + 1) : (bytes, units);
            _model.Plan.Accumulates = micro > 0;
            if (_candidates is not null)
                _candidates.At = (step, micro);
            _model.Plan.Forward(_kernels);
            _model.Plan.Backward(_kernels);
            foreach (float loss in _model.Loss is null ? _model.SampledLoss!.Losses : _model.Losses)
                nats += loss;
        }
        _candidates?.Record(null);
        return (nats, units, bytes);
    }

    static FreshModel Fresh(LexiconFile lexicon, TrainingOptions options) => new(lexicon, ShapeOverrides.Apply(TrainingPreset.Of(options.Preset), options.Sizes));

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

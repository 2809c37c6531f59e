using Dum.Rhythm.Learning;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Series;

/// <summary>
/// Tells sequences apart: a medium hears a sequence from rest, its features are averaged over equal parts of it, and a
/// linear readout names the class. Cost per sample that of the medium; learning is one least-squares solve.
/// </summary>
public sealed class SequenceClassifier
{
    readonly PredictorOptions _options;
    readonly Medium<double> _medium;
    readonly FeatureMap _map;
    readonly double[] _x, _mean, _scale;
    readonly int _parts;
    double[] _weights = [];

    SequenceClassifier(PredictorOptions options, int parts, ulong seed, IReadOnlyList<LabelledSequence> training)
    {
        (_options, _parts, _medium) = (options, parts, options.Medium(seed));
        _map = options.Map(_medium);
        (_x, _mean, _scale) = (new double[_map.Count], new double[options.Inputs], new double[options.Inputs]);
        Labels = [.. training.Select(s => s.Label).Distinct().Order(StringComparer.Ordinal)];
        long count = training.Sum(s => (long)s.Samples.Length);
        for (int i = 0; i < options.Inputs; i++)
        {
            _mean[i] = training.Sum(s => s.Samples.Sum(v => v[i])) / count;
            double spread = Math.Sqrt(training.Sum(s => s.Samples.Sum(v => (v[i] - _mean[i]) * (v[i] - _mean[i]))) / count);
            _scale[i] = spread > 0 ? 1 / spread : 1;
        }
    }

    /// <summary>
    /// A medium that tells most sequences apart, small so that few examples are enough: for few channels resonators and
    /// their energies, which a rhythm shows in; for many what cross-validation on the training half of the Japanese vowels chose.
    /// </summary>
    /// <param name="channels">Numbers of a sample.</param>
    public static PredictorOptions Default(int channels) => new()
    {
        Inputs = channels,
        Echo = channels < 4 ? 16 : 1,
        Energy = channels < 4,
        Damping = 0.108,
        FirstDelay = 1,
        Delays = channels < 4 ? 7 : 1,
        Resonances = channels < 4 ? 40 : 67,
        Ridge = 0.04,
        Tuning = new() { Ears = 6, Strength = 0.138, Damping = 0.817, DampingSpread = 0.15, Spread = 1.62 },
    };

    /// <summary>The classes, in ordinal order.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Numbers that the readout sees of a sequence.</summary>
    public int Features => 1 + (_parts * (_map.Count - 1));

    /// <summary>Learns from labelled sequences.</summary>
    /// <param name="training">At least two classes, one number of channels.</param>
    /// <param name="options">Shape of the medium; its number of inputs is set to that of the channels.</param>
    /// <param name="parts">Equal parts of a sequence that are averaged apart.</param>
    /// <param name="seed">Of the structure.</param>
    /// <param name="cancel">Looked at between sequences.</param>
    /// <exception cref="DumException">Only one class.</exception>
    public static SequenceClassifier Learn(IReadOnlyList<LabelledSequence> training, PredictorOptions options, int parts, ulong seed, CancellationToken cancel = default)
    {
        var made = new SequenceClassifier(options with { Inputs = training[0].Samples[0].Length }, parts, seed, training);
        if (made.Labels.Count < 2)
            throw new DumException(Tongue.Say("all sequences have one label: there is nothing to tell apart", "у всех последовательностей одна метка: различать нечего"));
        var solver = new RidgeSolver(made.Features, made.Labels.Count);
        var target = new double[made.Labels.Count];
        foreach (LabelledSequence s in training)
        {
            cancel.ThrowIfCancellationRequested();
            for (int c = 0; c < target.Length; c++)
                target[c] = made.Labels[c] == s.Label ? 1 : 0;
            solver.Add(made.Portrait(s), target);
        }
        made._weights = solver.Solve(made._options.Ridge, made._options.Refinements);
        return made;
    }

    /// <summary>Names the class of a sequence.</summary>
    /// <returns>The label, and how far each class was believed, in the order of <see cref="Labels"/>.</returns>
    /// <exception cref="DumException">Another number of channels than was learned.</exception>
    public (string Label, double[] Scores) Classify(LabelledSequence sequence)
    {
        if (sequence.Samples[0].Length != _options.Inputs)
            throw new DumException(Tongue.Say(
                $"the sequence has {sequence.Samples[0].Length} channels, what was learned had {_options.Inputs}", $"каналов {sequence.Samples[0].Length}, а при обучении было {_options.Inputs}"));
        double[] portrait = Portrait(sequence);
        var scores = new double[Labels.Count];
        for (int c = 0; c < scores.Length; c++)
            scores[c] = VectorMath.Dot(_weights.AsSpan(c * portrait.Length, portrait.Length), portrait);
        return (Labels[Array.IndexOf(scores, scores.Max())], scores);
    }

    double[] Portrait(LabelledSequence s)
    {
        int length = s.Samples.Length, n = _map.Count - 1;
        var portrait = new double[Features];
        portrait[0] = 1;
        _medium.Reset();
        var input = new double[_options.Inputs];
        for (int t = 0; t < length; t++)
        {
            for (int i = 0; i < input.Length; i++)
                input[i] = Math.Clamp((s.Samples[t][i] - _mean[i]) * _scale[i], -10, 10);
            _medium.Hear(input);
            _medium.Advance(1);
            _map.Read(_x);
            // A sample on the border of two parts counts for each by its share.
            for (int p = 0; p < _parts; p++)
            {
                double from = Math.Max(t, (double)p * length / _parts), to = Math.Min(t + 1, (double)(p + 1) * length / _parts);
                if (to > from)
                    VectorMath.AddScaled(portrait.AsSpan(1 + (p * n), n), _x.AsSpan(1), (to - from) * _parts / length);
            }
        }
        return portrait;
    }
}

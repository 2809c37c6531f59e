using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Sigma.Quantisation;

/// <summary>What became of a matrix.</summary>
/// <param name="Name">Of its parameter.</param>
/// <param name="Rows">Outputs.</param>
/// <param name="Columns">Inputs.</param>
/// <param name="Bits">Of a code.</param>
/// <param name="StoredBits">Codes, scales and, where there is one, the correction.</param>
/// <param name="Loss">What rounding it alone to nearest at 3 bits did to the model, nats a token; NaN where it was not measured.</param>
/// <param name="Forecast">What feedback was foretold to reach.</param>
/// <param name="Reached">Its squared error on the calibration inputs as a share of that of rounding to nearest, over some hundred rows.</param>
public sealed record QuantisedLayer(string Name, int Rows, int Columns, int Bits, long StoredBits, double Loss, LayerForecast Forecast, double Reached);

/// <summary>Quantises all matrices of a model in place, and keeps what they were.</summary>
public sealed class ModelQuantiser : IDisposable
{
    const string Embedding = "model.embed_tokens";
    /// <summary>The inputs of a table that is also looked up say nothing about the rows as vectors; so much of a plain squared error is added.</summary>
    const double TableDamping = 0.3;

    /// <summary>Rows of a matrix over which the error reached is measured.</summary>
    const int MeasuredRows = 256;

    readonly LanguageModel _model;
    readonly string _path;
    readonly Dictionary<string, PackedWeights> _matrices = [];
    readonly Dictionary<string, float[]> _originals = [];
    readonly Dictionary<string, QuantisedMatrix> _quantised = [];
    double[]? _losses;

    /// <summary>Opens a model for quantisation.</summary>
    /// <param name="path">A model's folder or file, or default.</param>
    /// <param name="tokenizer">The tokenizer's own file, for a model that comes without one.</param>
    /// <exception cref="DumException">Missing (exit code 3), damaged or of a kind that is not supported.</exception>
    public ModelQuantiser(string path, string? tokenizer = null)
    {
        (_path, Tokenizer) = (path, tokenizer);
        _model = LanguageModel.Open(path, WeightFormat.F32, tokenizer);
        var seen = new HashSet<nint>();
        unsafe
        {
            foreach ((string name, PackedWeights weights) in _model.Matrices)
                if (seen.Add((nint)weights.Data))
                    _matrices[name] = weights;
        }
        foreach ((string name, PackedWeights weights) in _matrices)
            _originals[name] = Values(weights);
    }

    /// <summary>The tokenizer's own file; null where the model brings it along.</summary>
    internal string? Tokenizer { get; }

    /// <summary>The model as it is now: float weights that hold the numbers of their codes.</summary>
    internal LanguageModel Model => _model;

    /// <summary>The codes of the last run by matrix.</summary>
    internal IReadOnlyDictionary<string, QuantisedMatrix> Quantised => _quantised;

    /// <summary>Weights in all matrices.</summary>
    public long Weights => _matrices.Values.Sum(m => (long)m.Outputs * m.Inputs);

    /// <summary>Tokens of the longest text that the model reads in one piece.</summary>
    public int Context => _model.Context;

    /// <summary>Text as the model's tokens.</summary>
    public int[] Encode(ReadOnlySpan<byte> text) => _model.Tokenizer.Encode(text);

    /// <summary>The matrices as they were.</summary>
    public void Restore()
    {
        foreach ((string name, float[] values) in _originals)
            Put(_matrices[name], values);
        _quantised.Clear();
    }

    /// <summary>Forgets what was measured on one text, before a run with another.</summary>
    public void Forget() => _losses = null;

    /// <summary>Quantises.</summary>
    /// <param name="ids">Tokens of the calibration text.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Is told the share done and the matrix; may be null.</param>
    /// <param name="cancel">Checked between pieces.</param>
    /// <returns>All matrices in the order in which they were done.</returns>
    /// <exception cref="DumException">An option is out of range, or the text is too short.</exception>
    public IReadOnlyList<QuantisedLayer> Run(int[] ids, QuantisationOptions options, Action<double, string>? progress = null, CancellationToken cancel = default)
    {
        Prepare(ids, options, progress, cancel, out string[] names, out Dictionary<string, Gram> grams, out int[] bits);
        bool plain = options.Method == QuantisationMethod.Nearest;
        using LanguageModel? reference = options.Method == QuantisationMethod.Diffuse ? LanguageModel.Open(_path, WeightFormat.F32) : null;
        var layers = new List<QuantisedLayer>();
        foreach (string[] stage in Stages(names))
        {
            Dictionary<string, DiffusionTarget>? targets = reference is null ? null : DiffusionTarget.Of(reference, _model, Addresses(reference, stage), Addresses(_model, stage), ids, options, cancel);
            foreach (string name in stage)
            {
                cancel.ThrowIfCancellationRequested();
                progress?.Invoke(0.4 + (0.6 * layers.Count / names.Length), name);
                Gram gram = targets is not null && name != Embedding ? targets[name].Inputs : grams[name];
                double damping = name == Embedding ? TableDamping : options.Damping;
                double[] hessian = options.Method == QuantisationMethod.Bias ? gram.Bias(damping) : gram.Mean(damping);
                float[] wanted = targets is not null && name != Embedding ? targets[name].Towards(_originals[name], hessian, damping) : _originals[name];
                int index = Array.IndexOf(names, name);
                layers.Add(Round(name, wanted, hessian, bits[index], plain, options, _losses is null ? double.NaN : _losses[index]));
            }
        }
        return layers;
    }

    /// <summary>What a run would do and what it may reach, without the run.</summary>
    /// <param name="ids">Tokens of the calibration text.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Is told the share done and the matrix; may be null.</param>
    /// <param name="cancel">Checked between pieces.</param>
    /// <returns>As <see cref="Run"/>, with NaN for what was reached.</returns>
    /// <exception cref="DumException">As <see cref="Run"/>.</exception>
    public IReadOnlyList<QuantisedLayer> Forecast(int[] ids, QuantisationOptions options, Action<double, string>? progress = null, CancellationToken cancel = default)
    {
        Prepare(ids, options, progress, cancel, out string[] names, out Dictionary<string, Gram> grams, out int[] bits);
        return [.. names.Select((name, i) =>
        {
            int rows = _matrices[name].Outputs, n = _matrices[name].Inputs;
            double[] hessian = grams[name].Mean(name == Embedding ? TableDamping : options.Damping);
            return new QuantisedLayer(name, rows, n, bits[i], new QuantisedMatrix(rows, n, bits[i]).StoredBits, _losses?[i] ?? double.NaN, LayerForecast.Of(hessian, n, new ErrorFeedback(hessian, n)), double.NaN);
        })];
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    void Prepare(int[] ids, QuantisationOptions options, Action<double, string>? progress, CancellationToken cancel, out string[] names, out Dictionary<string, Gram> grams, out int[] bits)
    {
        options.Check();
        if (Budget(options) < (double)Weights * BitBudget.Least)
            throw new DumException(Tongue.Say(
                $"no room: at {options.Bits} bits a correction of rank {options.Rank} leaves less than {BitBudget.Least} bits a weight: give a smaller --rank or more --bits",
                $"нет места: при {options.Bits} битах поправка ранга {options.Rank} оставляет меньше {BitBudget.Least} бит на вес: уменьшите --rank или увеличьте --bits"));
        if (ids.Length < 256)
            throw new DumException(Tongue.Say($"{ids.Length} tokens are too few to calibrate on: give a text of 256 or more", $"токенов {ids.Length} мало для калибровки: нужен текст хотя бы из 256"));
        Restore();
        (names, grams) = Calibrate(ids, options.Threads, cancel);
        if (options.Mixed && _losses is null)
            _losses = Losses(names, ids, options.Threads, progress, cancel);
        bits = Bits(names, options);
    }

    QuantisedLayer Round(string name, float[] wanted, double[] hessian, int bits, bool plain, QuantisationOptions options, double loss)
    {
        PackedWeights weights = _matrices[name];
        int rows = weights.Outputs, n = weights.Inputs;
        double[] measure = hessian;
        if (options.Shuffle)
            hessian = Shuffled(hessian, n);
        Hadamard? turn = options.Rotate ? new Hadamard(n) : null;
        if (turn is not null)
            (hessian, measure) = (turn.TurnBoth(hessian, n), turn.TurnBoth(measure, n));
        var feedback = new ErrorFeedback(hessian, n);
        var descent = new CodeDescent(hessian, n);
        QuantisedMatrix matrix = new(rows, n, bits), nearest = new(rows, n, bits);
        var row = new double[n];
        var back = new float[n];
        var values = new float[wanted.Length];
        double before = 0, after = 0;
        int every = 1 + (rows / MeasuredRows);
        for (int r = 0; r < rows; r++)
        {
            for (int i = 0; i < n; i++)
                row[i] = wanted[(r * n) + i];
            turn?.Turn(row);
            if (r % every == 0)
            {
                RoundNearest(row, nearest, r);
                before += Error(row, nearest, r, measure);
            }
            if (plain)
                RoundNearest(row, matrix, r);
            else
            {
                feedback.Round(row, matrix, r);
                if (options.Sweeps > 0)
                    descent.Improve(row, matrix, r, options.Sweeps);
            }
            if (r % every == 0)
                after += Error(row, matrix, r, measure);
            matrix.Read(r, back);
            if (turn is not null)
            {
                for (int i = 0; i < n; i++)
                    row[i] = back[i];
                turn.Return(row);
                for (int i = 0; i < n; i++)
                    back[i] = (float)row[i];
            }
            back.CopyTo(values, r * n);
        }
        long stored = matrix.StoredBits;
        if (options.Rank > 0)
        {
            LowRankCorrection.Add(wanted, values, hessian, n, options.Rank);
            stored += LowRankCorrection.Bits(rows, n, options.Rank);
        }
        Put(weights, values);
        _quantised[name] = matrix;
        return new QuantisedLayer(name, rows, n, bits, stored, loss, LayerForecast.Of(hessian, n, feedback), before > 0 ? after / before : 1);
    }

    int[] Bits(string[] names, QuantisationOptions options)
    {
        if (!options.Mixed || _losses is null)
            return [.. names.Select(_ => options.Bits)];
        return BitBudget.Share([.. names.Select((name, i) => new BudgetItem(_matrices[name].Outputs, _matrices[name].Inputs, _losses[i]))], Budget(options));
    }

    /// <summary>Bits that codes may take in all: what the corrections take is no longer there.</summary>
    double Budget(QuantisationOptions options) =>
        ((double)Weights * options.Bits) - (options.Rank == 0 ? 0 : _matrices.Values.Sum(m => (double)LowRankCorrection.Bits(m.Outputs, m.Inputs, options.Rank)));

    /// <summary>What rounding each matrix alone to 3 bits does to the model.</summary>
    double[] Losses(string[] names, int[] ids, int threads, Action<double, string>? progress, CancellationToken cancel)
    {
        var sensitivity = new Sensitivity(_model, ids, threads, cancel);
        var losses = new double[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            progress?.Invoke(0.4 * i / names.Length, names[i]);
            PackedWeights weights = _matrices[names[i]];
            float[] original = _originals[names[i]];
            int n = weights.Inputs;
            var matrix = new QuantisedMatrix(weights.Outputs, n, 3);
            var row = new double[n];
            var back = new float[n];
            for (int r = 0; r < weights.Outputs; r++)
            {
                for (int k = 0; k < n; k++)
                    row[k] = original[(r * n) + k];
                RoundNearest(row, matrix, r);
                matrix.Read(r, back);
                weights.SetRow(r, back);
            }
            losses[i] = sensitivity.Divergence();
            Put(weights, original);
        }
        return losses;
    }

    /// <summary>One pass over the text: the second moments of the inputs of every matrix, and the order in which they are read, the embedding first.</summary>
    (string[] Names, Dictionary<string, Gram> Grams) Calibrate(int[] ids, int threads, CancellationToken cancel)
    {
        var names = new List<string> { Embedding };
        Dictionary<string, Gram> grams = _matrices.ToDictionary(m => m.Key, m => new Gram(m.Value.Inputs));
        Dictionary<nint, string> addresses = Addresses(_model, [.. _matrices.Keys]);
        TextRun.Read(_model, ids, threads, inner => new CalibrationKernels(inner, (weights, x) =>
        {
            if (!addresses.TryGetValue(weights, out string? name))
                return;
            if (grams[name].Count == 0 && name != Embedding)
                names.Add(name);
            grams[name].AddRows(x);
        }), null, cancel);
        // A table that is only looked up is read by no product.
        return ([.. names, .. _matrices.Keys.Except(names)], grams);
    }

    static unsafe Dictionary<nint, string> Addresses(LanguageModel model, string[] names) => names.ToDictionary(name => (nint)model.Matrices[name].Data);

    /// <summary>The embedding first, whose rows everything reads; then a layer at a time.</summary>
    static IEnumerable<string[]> Stages(string[] names) =>
        names.GroupBy(name => name.Contains("layers.", StringComparison.Ordinal) ? string.Join('.', name.Split('.')[..(name.Split('.').ToList().IndexOf("layers") + 2)]) : name).Select(g => g.ToArray());

    static void RoundNearest(ReadOnlySpan<double> row, QuantisedMatrix matrix, int r)
    {
        for (int g = 0; g < matrix.Groups; g++)
        {
            ReadOnlySpan<double> part = row[(g * QuantisedMatrix.Group)..Math.Min(matrix.Columns, (g + 1) * QuantisedMatrix.Group)];
            ushort stored = matrix.Scales[(r * matrix.Groups) + g] = matrix.Fit(part, []);
            double scale = Numerics.Formats.Float16.ToSingle(stored);
            for (int i = 0; i < part.Length; i++)
                matrix.Codes[(r * matrix.Columns) + (g * QuantisedMatrix.Group) + i] = (sbyte)matrix.Nearest(part[i], scale);
        }
    }

    static double Error(ReadOnlySpan<double> row, QuantisedMatrix matrix, int r, double[] hessian)
    {
        int n = matrix.Columns;
        var errors = new double[n];
        var back = new float[n];
        matrix.Read(r, back);
        for (int i = 0; i < n; i++)
            errors[i] = row[i] - back[i];
        double sum = 0;
        for (int i = 0; i < n; i++)
            sum += errors[i] * DenseMath.Dot(hessian.AsSpan(i * n, n), errors);
        return sum;
    }

    /// <summary>Rows and columns in a random order, the same for both: the same eigenvalues, the wrong directions.</summary>
    static double[] Shuffled(double[] hessian, int n)
    {
        var random = new Philox((ulong)n, DrawDomain.ShuffledMoments);
        int[] order = [.. Enumerable.Range(0, n).OrderBy(i => random.Unit(0, 0, (uint)i))];
        var shuffled = new double[hessian.LongLength];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                shuffled[(i * n) + j] = hessian[(order[i] * n) + order[j]];
        return shuffled;
    }

    static float[] Values(PackedWeights weights)
    {
        var values = new float[(long)weights.Outputs * weights.Inputs];
        for (int r = 0; r < weights.Outputs; r++)
            weights.GetRow(r, values.AsSpan(r * weights.Inputs));
        return values;
    }

    static void Put(PackedWeights weights, float[] values)
    {
        for (int r = 0; r < weights.Outputs; r++)
            weights.SetRow(r, values.AsSpan(r * weights.Inputs, weights.Inputs));
    }
}

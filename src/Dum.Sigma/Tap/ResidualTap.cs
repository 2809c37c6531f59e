using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Sigma.Tap;

/// <summary>
/// Listens at the kernel table: of every result of every operation a random share, in short runs along the row, goes into a
/// sketch before it is rounded. Which runs is a function of the operation's number and the step (Philox), so a run of the
/// model is sampled the same way every time. Not thread-safe, as a session is not.
/// </summary>
public sealed unsafe class ResidualTap
{
    const int Run = 64, CheckEvery = 16, CheckStride = 8;
    readonly TapOptions _options;
    readonly Dictionary<nint, string> _names = [];
    readonly Dictionary<string, TapRecord> _records = [];
    readonly Philox _random = new(1, DrawDomain.Tap);
    readonly List<(int Row, int Column, int Count)> _sample = [];
    string _after = "";
    uint _call, _step;
    long _runs;

    /// <param name="options">What to look at.</param>
    /// <exception cref="DumException">An option is out of range.</exception>
    public ResidualTap(TapOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <summary>All operations in the order they first ran.</summary>
    public IReadOnlyCollection<TapRecord> Records => _records.Values;

    /// <summary>Whether results are really rounded.</summary>
    internal bool RoundsState => _options.RoundState;

    /// <summary>Lets operations be called by the names of the weights they read.</summary>
    internal void Name(IReadOnlyDictionary<string, PackedWeights> matrices)
    {
        foreach ((string name, PackedWeights weights) in matrices)
            _names[(nint)weights.Data] = name;
    }

    /// <summary>A walk through the model begins.</summary>
    internal void Begin()
    {
        _step++;
        _call = 0;
        _after = "embedding";
    }

    /// <summary>The result of an operation on one input.</summary>
    internal void See(string kind, Matrix y)
    {
        Draw(y);
        if (_sample.Count > 0)
            Take(Record($"{kind} after {_after}"), y);
        Round(y);
    }

    /// <summary>The result of a product; a few numbers of every sixteenth run are checked against double precision.</summary>
    internal void SeeProduct(Matrix x, PackedWeights w, float* bias, Matrix y)
    {
        _after = _names.TryGetValue((nint)w.Data, out string? name) ? name : "product";
        Draw(y);
        if (_sample.Count > 0)
        {
            TapRecord record = Record(_after);
            record.Weights = w;
            Take(record, y);
            for (int r = 0; r < y.Rows && record.Inputs.Count < _options.KeepInputs; r++)
                record.KeepRow(new ReadOnlySpan<float>(x.Row(r), x.Columns), new ReadOnlySpan<float>(y.Row(r), y.Columns));
            if (_runs++ % CheckEvery == 0 && w.Format is WeightFormat.F32 or WeightFormat.BF16)
                CheckProduct(record, _sample[0], x, w, bias, y);
        }
        Round(y);
    }

    /// <summary>Before a sum that may write over its operands: samples both, and what their exponents foretell.</summary>
    internal void SeeSum(Matrix a, Matrix b)
    {
        Draw(a);
        if (_sample.Count == 0)
            return;
        TapRecord record = Record($"sum after {_after}");
        Span<float> sums = stackalloc float[Run];
        foreach ((int row, int column, int count) in _sample)
        {
            for (int i = 0; i < count; i++)
            {
                float p = a.Row(row)[column + i], q = b.Row(row)[column + i];
                sums[i] = p + q;
                if (_options.RoundState)
                    Foretell(record, p, q, sums[i]);
            }
            record.Sketch.Add(sums[..count]);
            record.Keep(sums[..count]);
        }
    }

    /// <summary>Rounds results to the format where the state is kept in it.</summary>
    internal void Round(Matrix y)
    {
        if (!_options.RoundState)
            return;
        for (int r = 0; r < y.Rows; r++)
            for (int c = 0; c < y.Columns; c++)
                _options.Format.Residual(y.Row(r)[c], out y.Row(r)[c]);
    }

    /// <summary>
    /// The lattice law for a sum of two numbers of the format: the sum lies on the grid of the smaller one, which has 2^k places
    /// in a cell of the result. One of them is exact and one a tie.
    /// </summary>
    void Foretell(TapRecord record, float p, float q, float sum)
    {
        if (!float.IsFinite(sum) || sum == 0)
            return;
        double fine = Math.Min(p == 0 ? double.PositiveInfinity : _options.Format.Step(p), q == 0 ? double.PositiveInfinity : _options.Format.Step(q));
        double places = _options.Format.Step(sum) / fine;
        record.Foretell(places <= 1 ? 1 : 1 / places, places < 2 ? 0 : 1 / places);
    }

    void CheckProduct(TapRecord record, (int Row, int Column, int Count) run, Matrix x, PackedWeights w, float* bias, Matrix y)
    {
        float[] weights = new float[w.Inputs];
        for (int i = 0; i < run.Count; i += CheckStride)
        {
            int output = run.Column + i;
            w.GetRow(output, weights);
            double sum = bias is null ? 0 : bias[output];
            for (int k = 0; k < weights.Length; k++)
                sum += (double)x.Row(run.Row)[k] * weights[k];
            record.Check((sum - y.Row(run.Row)[output]) / _options.Format.Step(sum));
        }
    }

    void Take(TapRecord record, Matrix y)
    {
        foreach ((int row, int column, int count) in _sample)
        {
            var values = new ReadOnlySpan<float>(y.Row(row) + column, count);
            record.Sketch.Add(values, row > 0 ? new ReadOnlySpan<float>(y.Row(row - 1) + column, count) : default);
            record.Keep(values);
        }
    }

    /// <summary>Chooses runs: all of the matrix, or as many as the share asks for in the mean.</summary>
    void Draw(Matrix y)
    {
        _sample.Clear();
        uint call = _call++;
        if (_options.Share >= 1)
        {
            for (int r = 0; r < y.Rows; r++)
                for (int c = 0; c < y.Columns; c += Run)
                    _sample.Add((r, c, Math.Min(Run, y.Columns - c)));
            return;
        }
        int across = (y.Columns + Run - 1) / Run;
        long runs = (long)y.Rows * across;
        double wanted = runs * _options.Share;
        int count = (int)wanted + (_random.Unit(call, _step, 0) < wanted - (int)wanted ? 1 : 0);
        for (uint i = 1; i <= count; i++)
        {
            long at = (long)(_random.Unit(call, _step, i) * runs);
            int column = (int)(at % across) * Run;
            _sample.Add(((int)(at / across), column, Math.Min(Run, y.Columns - column)));
        }
    }

    TapRecord Record(string operation)
    {
        if (!_records.TryGetValue(operation, out TapRecord? record))
            _records[operation] = record = new TapRecord(operation, new ResidualSketch(_options.Format), _options.KeepOnly?.Contains(operation) == false ? 0 : _options.Keep);
        return record;
    }
}

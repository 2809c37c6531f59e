using Dum.Numerics;
using Dum.Rhythm.Learning;
using Dum.Rhythm.Rings;

namespace Dum.Bench.Rhythm;

/// <summary>A peer with the same readout as ours: ridge regression with iterated Tikhonov steps, from features of its own.</summary>
abstract class PeerModel : SeriesModel
{
    // What is fed back stays within this many standard deviations, as in ours.
    const double Most = 6;

    double[] _weights = [];
    int _outputs;

    /// <summary>Numbers that the readout sees.</summary>
    protected abstract double[] Features { get; }

    /// <summary>All that changes as it hears.</summary>
    protected abstract double[] State { get; }

    public override void Reset()
    {
        Array.Clear(State);
        Array.Clear(Features);
    }

    public override double[] Say() => [.. Enumerable.Range(0, _outputs).Select(o => VectorMath.Dot(_weights.AsSpan(o * Features.Length, Features.Length), Features))];

    public override void Free(double[] last, Func<int, double[], bool> seen)
    {
        double[] kept = [.. State], features = [.. Features], sample = [.. last];
        for (int t = 0; ; t++)
        {
            double[] change = Say();
            sample = [.. sample.Select((v, i) => double.IsFinite(change[i]) ? Math.Clamp(v + change[i], -Most, Most) : 0)];
            if (!seen(t, sample))
                break;
            Lead(sample);
        }
        kept.CopyTo(State, 0);
        features.CopyTo(Features, 0);
    }

    protected void Learn(double[][] input, double[][] target, int washOut, double ridge, int refinements)
    {
        _outputs = target[0].Length;
        var solver = new RidgeSolver(Features.Length, _outputs);
        for (int t = 0; t < input.Length; t++)
        {
            Lead(input[t]);
            if (t >= washOut)
                solver.Add(Features, target[t]);
        }
        _weights = solver.Solve(ridge, refinements);
    }
}

/// <summary>How an echo state network is tuned.</summary>
sealed record EchoOptions(int Units, double Radius, double Gain, double Bias, double Leak, double Ridge, int Refinements);

/// <summary>The usual reservoir (Jaeger 2001): leaky tanh units with ten random links each, the readout sees them, the input and 1.</summary>
sealed class EchoModel : PeerModel
{
    const int Links = 10;

    readonly EchoOptions _options;
    readonly int[] _from;
    readonly double[] _link, _input, _bias, _state, _next, _features;
    readonly int _inputs;

    EchoModel(EchoOptions o, ulong seed, int inputs)
    {
        (_options, _inputs) = (o, inputs);
        var random = new Philox(seed, 0x45534E);
        (_from, _link) = (new int[o.Units * Links], new double[o.Units * Links]);
        for (uint i = 0; i < _from.Length; i++)
            (_from[i], _link[i]) = ((int)(random.Unit(0, i, 0) * o.Units), o.Radius / Math.Sqrt(Links) * random.Normal(1, i, 0).First);
        _input = [.. Enumerable.Range(0, o.Units * inputs).Select(i => o.Gain * random.Normal(2, (uint)i, 0).First)];
        _bias = [.. Enumerable.Range(0, o.Units).Select(i => o.Bias * random.Normal(3, (uint)i, 0).First)];
        (_state, _next, _features) = (new double[o.Units], new double[o.Units], new double[1 + inputs + o.Units]);
    }

    public static SeriesMaker Maker(EchoOptions o) => (seed, input, target, washOut) =>
    {
        // Inputs and constant are features too: the whole is as large as ours.
        var model = new EchoModel(o with { Units = o.Units - 1 - input[0].Length }, seed, input[0].Length);
        model.Learn(input, target, washOut, o.Ridge, o.Refinements);
        return model;
    };

    protected override double[] Features => _features;

    protected override double[] State => _state;

    public override void Lead(double[] sample)
    {
        for (int i = 0; i < _state.Length; i++)
        {
            double sum = _bias[i];
            for (int k = i * Links; k < (i + 1) * Links; k++)
                sum += _link[k] * _state[_from[k]];
            for (int d = 0; d < _inputs; d++)
                sum += _input[(i * _inputs) + d] * sample[d];
            _next[i] = ((1 - _options.Leak) * _state[i]) + (_options.Leak * Math.Tanh(sum));
        }
        _next.CopyTo(_state, 0);
        _features[0] = 1;
        sample.CopyTo(_features, 1);
        _state.CopyTo(_features, 1 + _inputs);
    }
}

/// <summary>How nonlinear vector autoregression is tuned.</summary>
sealed record TapsOptions(int Taps, int Skip, int Order, int Most, double Ridge, int Refinements);

/// <summary>Nonlinear vector autoregression (Gauthier et al. 2021): past samples and all their products up to an order.</summary>
sealed class TapsModel : PeerModel
{
    readonly TapsOptions _options;
    readonly double[] _past, _features;
    readonly int[][] _products;
    readonly int _inputs;

    TapsModel(TapsOptions o, int inputs)
    {
        (_options, _inputs) = (o, inputs);
        _past = new double[inputs * (((o.Taps - 1) * o.Skip) + 1)];
        // Products of low order and recent taps first, no more than ours has features.
        int taps = o.Taps * inputs;
        IEnumerable<int[]> products = Enumerable.Range(0, taps).Select(i => new[] { i });
        if (o.Order >= 2)
            products = products.Concat(from i in Enumerable.Range(0, taps) from j in Enumerable.Range(0, i + 1) select new[] { i, j });
        if (o.Order >= 3)
            products = products.Concat(from i in Enumerable.Range(0, taps) from j in Enumerable.Range(0, i + 1) from k in Enumerable.Range(0, j + 1) select new[] { i, j, k });
        _products = [.. products.Take(o.Most - 1)];
        _features = new double[1 + _products.Length];
    }

    public static SeriesMaker Maker(TapsOptions o) => (_, input, target, washOut) =>
    {
        var model = new TapsModel(o, input[0].Length);
        model.Learn(input, target, washOut, o.Ridge, o.Refinements);
        return model;
    };

    protected override double[] Features => _features;

    protected override double[] State => _past;

    public override void Lead(double[] sample)
    {
        Array.Copy(_past, 0, _past, _inputs, _past.Length - _inputs);
        sample.CopyTo(_past, 0);
        _features[0] = 1;
        for (int p = 0; p < _products.Length; p++)
        {
            double product = 1;
            foreach (int tap in _products[p])
                product *= _past[(tap / _inputs * _options.Skip * _inputs) + (tap % _inputs)];
            _features[p + 1] = product;
        }
    }
}

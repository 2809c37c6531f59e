using Dum.Numerics;
using Dum.Rhythm.Learning;
using Dum.Rhythm.Rings;
using Dum.Rhythm.Series;

namespace Dum.Rhythm.Map;

/// <summary>A medium with a readout solved on a series; then it runs, led or free.</summary>
sealed class Trained
{
    // What is fed back stays within this many standard deviations.
    const double Most = 6;

    readonly Medium<double> _medium;
    readonly FeatureMap _map;
    readonly double[] _x, _weights, _state;
    readonly int _outputs;

    /// <param name="o">Shape and readout.</param>
    /// <param name="seed">Of the structure.</param>
    /// <param name="input">Samples, D each.</param>
    /// <param name="target">What to say after each sample.</param>
    /// <param name="washOut">Samples before the first that is learned.</param>
    public Trained(PredictorOptions o, ulong seed, double[][] input, double[][] target, int washOut)
    {
        _medium = o.Medium(seed);
        _map = o.Map(_medium);
        (_x, _outputs) = (new double[_map.Count], target[0].Length);
        var solver = new RidgeSolver(_map.Count, _outputs);
        var noise = new Philox(seed, 0x4E5A);
        for (int t = 0; t < input.Length; t++)
        {
            Lead(o.Noise == 0 ? input[t] : [.. input[t].Select((u, i) => u + (o.Noise * noise.Normal((uint)i, (uint)t, 0).First))]);
            if (t < washOut)
                continue;
            _map.Read(_x);
            solver.Add(_x, target[t]);
        }
        _weights = solver.Solve(o.Ridge, o.Refinements);
        _state = new double[2 * o.Medium(seed).Parameters.Oscillators];
    }

    public void Reset() => _medium.Reset();

    /// <summary>Hears a sample and lets its time pass.</summary>
    public void Lead(double[] sample)
    {
        _medium.Hear(sample);
        _medium.Advance(1);
    }

    /// <summary>What the readout says now.</summary>
    public double[] Say()
    {
        _map.Read(_x);
        var said = new double[_outputs];
        for (int o = 0; o < _outputs; o++)
            for (int i = 0; i < _x.Length; i++)
                said[o] += _weights[(o * _x.Length) + i] * _x[i];
        return said;
    }

    /// <summary>Runs on its own: what it says is the change from the last sample, and the sum is the next one.</summary>
    /// <param name="last">The last sample heard.</param>
    /// <param name="seen">Told each sample; false ends the run.</param>
    public void Free(double[] last, Func<int, double[], bool> seen)
    {
        Keep();
        double[] sample = [.. last];
        for (int t = 0; ; t++)
        {
            double[] change = Say();
            for (int i = 0; i < sample.Length; i++)
                sample[i] = double.IsFinite(change[i]) ? Math.Clamp(sample[i] + change[i], -Most, Most) : 0;
            if (!seen(t, sample))
                break;
            Lead(sample);
        }
        Restore();
    }

    void Keep()
    {
        for (int r = 0, at = 0; r < _medium.Rings; r++)
        {
            int n = _medium.Real(r).Length;
            _medium.Real(r).CopyTo(_state.AsSpan(at));
            _medium.Imaginary(r).CopyTo(_state.AsSpan(at + n));
            at += 2 * n;
        }
    }

    void Restore()
    {
        for (int r = 0, at = 0; r < _medium.Rings; r++)
        {
            int n = _medium.Real(r).Length;
            _state.AsSpan(at, n).CopyTo(_medium.Real(r));
            _state.AsSpan(at + n, n).CopyTo(_medium.Imaginary(r));
            at += 2 * n;
        }
    }
}

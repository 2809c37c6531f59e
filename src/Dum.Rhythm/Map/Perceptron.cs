using Dum.Numerics;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Map;

/// <summary>The usual network: layers of tanh units and a linear output, learned by back-propagation with Adam (Kingma and Ba 2015) in batches of 32.</summary>
sealed class Perceptron
{
    const int Batch = 32;
    const double Rate = 4e-3, First = 0.9, Second = 0.999, Tiny = 1e-8;

    readonly int[] _sizes;
    readonly double[][] _weights, _gradient, _mean, _square, _values, _errors;
    readonly Philox _random;
    int _updates;

    /// <param name="sizes">Inputs, units of each hidden layer, outputs.</param>
    /// <param name="seed">Key of the first weights and of the order of samples.</param>
    public Perceptron(int[] sizes, ulong seed)
    {
        (_sizes, _random) = (sizes, new Philox(seed, 0x4D4C50));
        // A row per unit: its inputs' weights, then its bias.
        int[] counts = [.. Enumerable.Range(1, sizes.Length - 1).Select(l => sizes[l] * (sizes[l - 1] + 1))];
        _weights = [.. counts.Select((n, l) => Enumerable.Range(0, n).Select(i => (i + 1) % (sizes[l] + 1) == 0 ? 0 : _random.Normal((uint)l, (uint)i, 0).First / Math.Sqrt(sizes[l])).ToArray())];
        (_gradient, _mean, _square) = (Zeros(counts), Zeros(counts), Zeros(counts));
        (_values, _errors) = (Zeros(sizes), Zeros(sizes));
    }

    /// <summary>Units of each hidden layer with which a network takes about as much memory: a weight, its gradient and Adam's two means are 32 bytes.</summary>
    /// <param name="inputs">Numbers that go in; one comes out.</param>
    /// <param name="layers">Hidden layers, all alike.</param>
    /// <param name="bytes">Memory.</param>
    public static int UnitsFor(int inputs, int layers, long bytes)
    {
        // (layers − 1)·u² + (inputs + layers + 1)·u weights.
        double linear = inputs + layers + 1, square = layers - 1, weights = bytes / 32.0;
        double units = square == 0 ? weights / linear : (Math.Sqrt((linear * linear) + (4 * square * weights)) - linear) / (2 * square);
        return (int)Math.Clamp(units, 4, 4096);
    }

    /// <summary>The outputs for an input.</summary>
    public ReadOnlySpan<double> Say(ReadOnlySpan<double> input)
    {
        input.CopyTo(_values[0]);
        for (int l = 0; l < _weights.Length; l++)
            for (int u = 0, width = _sizes[l] + 1; u < _sizes[l + 1]; u++)
            {
                ReadOnlySpan<double> row = _weights[l].AsSpan(u * width, width);
                double sum = VectorMath.Dot(row[..^1], _values[l]) + row[^1];
                _values[l + 1][u] = l == _weights.Length - 1 ? sum : Math.Tanh(sum);
            }
        return _values[^1];
    }

    /// <summary>Learns samples in random order until the time is over, at a rate that falls to nothing by then; at least once over all.</summary>
    /// <param name="inputs">Samples.</param>
    /// <param name="targets">Their outputs.</param>
    /// <param name="seconds">Processor time.</param>
    public void Learn(double[][] inputs, double[][] targets, double seconds)
    {
        double start = MapExperiment.Clock, spent = 0;
        int least = (inputs.Length + Batch - 1) / Batch;
        for (uint batch = 0; batch < least || spent < seconds; batch++)
        {
            for (uint k = 0; k < Batch; k++)
            {
                int t = (int)(_random.Unit(batch, k, 1) * inputs.Length);
                Say(inputs[t]);
                Back(targets[t]);
            }
            if (batch % 8 == 0)
                spent = MapExperiment.Clock - start;
            double share = Math.Min((double)batch / least, seconds > 0 ? spent / seconds : 1);
            Update(Rate * Math.Max(1 - share, 0));
        }
    }

    /// <summary>Adds the gradient of the squared error of the sample said last.</summary>
    void Back(ReadOnlySpan<double> target)
    {
        for (int u = 0; u < target.Length; u++)
            _errors[^1][u] = (_values[^1][u] - target[u]) / Batch;
        for (int l = _weights.Length - 1; l >= 0; l--)
        {
            Array.Clear(_errors[l]);
            for (int u = 0, width = _sizes[l] + 1; u < _sizes[l + 1]; u++)
            {
                double y = _values[l + 1][u], error = _errors[l + 1][u] * (l == _weights.Length - 1 ? 1 : 1 - (y * y));
                Span<double> gradient = _gradient[l].AsSpan(u * width, width);
                VectorMath.AddScaled(gradient[..^1], _values[l], error);
                gradient[^1] += error;
                VectorMath.AddScaled(_errors[l], _weights[l].AsSpan(u * width, width - 1), error);
            }
        }
    }

    void Update(double rate)
    {
        _updates++;
        double first = 1 - Math.Pow(First, _updates), second = 1 - Math.Pow(Second, _updates);
        for (int l = 0; l < _weights.Length; l++)
            for (int i = 0; i < _weights[l].Length; i++)
            {
                double g = _gradient[l][i];
                double m = _mean[l][i] = (First * _mean[l][i]) + ((1 - First) * g), v = _square[l][i] = (Second * _square[l][i]) + ((1 - Second) * g * g);
                _weights[l][i] -= rate * (m / first) / (Math.Sqrt(v / second) + Tiny);
                _gradient[l][i] = 0;
            }
    }

    static double[][] Zeros(int[] counts) => [.. counts.Select(n => new double[n])];
}

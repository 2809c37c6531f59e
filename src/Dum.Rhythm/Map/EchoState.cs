using Dum.Numerics;
using Dum.Rhythm.Learning;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Map;

/// <summary>
/// The usual reservoir (Jaeger 2001): tanh units, each wired to each by a random matrix, read out by ridge regression with
/// the input and a constant. A step costs N² multiplications.
/// </summary>
sealed class EchoState
{
    readonly double[][] _recurrent;
    readonly double[] _input, _bias, _state, _x;
    double[] _weights = [];

    /// <param name="units">N.</param>
    /// <param name="radius">Spectral radius, by the circular law.</param>
    /// <param name="gain">Of the input, standard deviation.</param>
    /// <param name="bias">Of each unit, standard deviation.</param>
    /// <param name="seed">Key of the random structure.</param>
    public EchoState(int units, double radius, double gain, double bias, ulong seed)
    {
        var random = new Philox(seed, 0x455350);
        double scale = radius / Math.Sqrt(units);
        _recurrent = [.. Enumerable.Range(0, units).Select(i => Enumerable.Range(0, units).Select(j => scale * random.Normal((uint)i, (uint)j, 0).First).ToArray())];
        _input = [.. Enumerable.Range(0, units).Select(i => gain * random.Normal((uint)i, 0, 1).First)];
        _bias = [.. Enumerable.Range(0, units).Select(i => bias * random.Normal((uint)i, 1, 1).First)];
        (_state, _x) = (new double[units], new double[units + 2]);
    }

    /// <summary>Hears a sample.</summary>
    public void Step(double input)
    {
        ReadOnlySpan<double> before = _x.AsSpan(2);
        for (int i = 0; i < _state.Length; i++)
            _state[i] = Math.Tanh(VectorMath.Dot(_recurrent[i], before) + (_input[i] * input) + _bias[i]);
        (_x[0], _x[1]) = (1, input);
        _state.CopyTo(_x, 2);
    }

    /// <summary>Learns a readout from a series, after a wash-out.</summary>
    public void Learn(double[] input, double[] target, int washOut, double ridge)
    {
        var solver = new RidgeSolver(_x.Length, 1);
        for (int t = 0; t < input.Length; t++)
        {
            Step(input[t]);
            if (t >= washOut)
                solver.Add(_x, [target[t]]);
        }
        _weights = solver.Solve(ridge);
    }

    /// <summary>What the readout says now.</summary>
    public double Say() => VectorMath.Dot(_weights, _x);
}

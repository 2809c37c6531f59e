using Dum.Numerics;

namespace Dum.Sigma.Feedback;

/// <summary>A state that runs through hₜ₊₁ = tanh(W·hₜ + inputₜ), the smallest system that remembers what rounding did to it.</summary>
sealed class RecurrentMap
{
    readonly float[][] _weights;
    readonly Philox _random;

    /// <param name="weights">[size][size]; scaled here to a length at which the map neither dies out nor explodes.</param>
    /// <param name="random">Of the inputs: layer 0.</param>
    public RecurrentMap(float[][] weights, Philox random)
    {
        double length = 0;
        foreach (float[] row in weights)
            foreach (float w in row)
                length += (double)w * w;
        // Rows of length 0.9 in the mean: a gain a little below one.
        float scale = (float)(0.9 / Math.Sqrt(length / weights.Length));
        (_weights, _random) = ([.. weights.Select(row => row.Select(w => w * scale).ToArray())], random);
    }

    /// <summary>Numbers of the state.</summary>
    public int Size => _weights.Length;

    /// <summary>The next state, unrounded.</summary>
    /// <param name="state">[size].</param>
    /// <param name="step">Which step; the input follows from it.</param>
    /// <param name="next">[size].</param>
    public void Next(ReadOnlySpan<float> state, int step, Span<float> next)
    {
        for (int i = 0; i < Size; i++)
        {
            float sum = (float)(0.5 * _random.Normal(0, (uint)step, (uint)i).First);
            for (int j = 0; j < Size; j++)
                sum = MathF.FusedMultiplyAdd(_weights[i][j], state[j], sum);
            next[i] = Lanes.Tanh(sum);
        }
    }

    /// <summary>What a small change of the state becomes in the next one: J·change with J = diag(1 − h²)·W.</summary>
    /// <param name="change">[size].</param>
    /// <param name="next">[size]: the next state, unrounded.</param>
    public double[] Carry(ReadOnlySpan<double> change, ReadOnlySpan<float> next)
    {
        var carried = new double[Size];
        for (int i = 0; i < Size; i++)
        {
            double sum = 0;
            for (int j = 0; j < Size; j++)
                sum += _weights[i][j] * change[j];
            carried[i] = (1 - ((double)next[i] * next[i])) * sum;
        }
        return carried;
    }
}

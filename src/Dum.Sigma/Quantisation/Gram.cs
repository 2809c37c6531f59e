using Dum.Numerics;

namespace Dum.Sigma.Quantisation;

/// <summary>The second moments of what a matrix reads: the sum of x·xᵀ over many inputs x, the Hessian of its squared error.</summary>
/// <param name="width">Numbers of an input.</param>
sealed class Gram(int width)
{
    readonly double[] _row = new double[width], _total = new double[width];

    /// <summary>Inputs seen.</summary>
    public long Count { get; private set; }

    /// <summary>Numbers of an input.</summary>
    public int Width => width;

    /// <summary>[width × width]; only the lower triangle counts until <see cref="Mean"/>.</summary>
    public double[] Sum { get; } = new double[(long)width * width];

    /// <summary>Takes an input.</summary>
    public void Add(ReadOnlySpan<float> x)
    {
        for (int i = 0; i < width; i++)
            _total[i] += _row[i] = x[i];
        for (int i = 0; i < width; i++)
            if (_row[i] != 0)
                DenseMath.AddScaled(_row[i], _row.AsSpan(0, i + 1), Sum.AsSpan(i * width, i + 1));
        Count++;
    }

    /// <summary>Takes every row of a matrix of inputs.</summary>
    public unsafe void AddRows(Matrix x)
    {
        for (int r = 0; r < x.Rows; r++)
            Add(new ReadOnlySpan<float>(x.Row(r), x.Columns));
    }

    /// <summary>The mean of x·xᵀ, whole, with a share of its mean diagonal added to the diagonal so that it can be inverted.</summary>
    /// <param name="damping">That share.</param>
    public double[] Mean(double damping)
    {
        var mean = new double[Sum.LongLength];
        double trace = 0, scale = 1.0 / Math.Max(1, Count);
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j <= i; j++)
                mean[(i * width) + j] = mean[(j * width) + i] = Sum[(i * width) + j] * scale;
            trace += mean[(i * width) + i];
        }
        double added = trace > 0 ? damping * trace / width : 1;
        for (int i = 0; i < width; i++)
            mean[(i * width) + i] += added;
        return mean;
    }

    /// <summary>
    /// What is left of <see cref="Mean"/> where only the mean input is looked at: rounding against it corrects the bias of every
    /// output and nothing else.
    /// </summary>
    /// <param name="damping">As there.</param>
    public double[] Bias(double damping)
    {
        double[] all = Mean(damping);
        for (int i = 0; i < width; i++)
            for (int j = 0; j < width; j++)
                if (i != j)
                    all[(i * width) + j] = _total[i] * _total[j] / ((double)Count * Count);
        return all;
    }
}

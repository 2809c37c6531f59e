using Dum.Checkpoints;
using Dum.Numerics;
using Dum.Numerics.Formats;
using Dum.Numerics.Kernels;
using Dum.Sigma.Quantisation;
using Xunit;

namespace Dum.Sigma.Tests.Quantisation;

/// <summary>The parts, on matrices whose answers are known.</summary>
public class RoundingTests
{
    const int N = 96, Rows = 40;

    [Fact]
    public void The_factor_of_a_matrix_gives_the_matrix()
    {
        double[] h = Hessian(3), root = (double[])h.Clone();
        Assert.True(DenseMath.Cholesky(root, N));
        for (int i = 0; i < N; i++)
            for (int j = 0; j <= i; j++)
                Assert.Equal(h[(i * N) + j], Enumerable.Range(0, j + 1).Sum(k => root[(i * N) + k] * root[(j * N) + k]), 1e-9);
        Assert.False(DenseMath.Cholesky([1, 2, 2, 1], 2));
    }

    /// <summary>Where inputs do not correlate there is nowhere to feed an error to: both roundings agree, and no gain is foretold.</summary>
    [Fact]
    public void Without_correlation_there_is_nothing_to_gain()
    {
        var identity = new double[N * N];
        for (int i = 0; i < N; i++)
            identity[(i * N) + i] = 2;
        var feedback = new ErrorFeedback(identity, N);
        Assert.Equal(new LayerForecast(1, 1), Rounded(LayerForecast.Of(identity, N, feedback)));
        Assert.All(feedback.Costs, c => Assert.Equal(2, c, 1e-12));
    }

    /// <summary>With 8 bits nothing is clipped and bare errors are uniform: the law Σ D / tr H has to hold for what is measured.</summary>
    [Fact]
    public void The_gain_is_the_one_foretold()
    {
        double[] h = Hessian(5);
        var feedback = new ErrorFeedback(h, N);
        LayerForecast forecast = LayerForecast.Of(h, N, feedback);
        Assert.InRange(forecast.Feedback, forecast.Floor, 0.9);
        QuantisedMatrix fed = new(Rows, N, 8), nearest = new(Rows, N, 8);
        double before = 0, after = 0;
        for (int r = 0; r < Rows; r++)
        {
            double[] row = Row(r);
            feedback.Round(row, fed, r);
            new ErrorFeedback(Diagonal(h), N).Round(row, nearest, r);
            before += Error(row, nearest, r, h);
            after += Error(row, fed, r, h);
        }
        Assert.InRange(after / before / forecast.Feedback, 0.85, 1.15);
    }

    [Fact]
    public void Descent_never_makes_a_row_worse()
    {
        double[] h = Hessian(7);
        var feedback = new ErrorFeedback(h, N);
        var descent = new CodeDescent(h, N);
        foreach (int bits in (int[])[2, 3, 4, 8])
        {
            var matrix = new QuantisedMatrix(Rows, N, bits);
            double before = 0, after = 0;
            for (int r = 0; r < Rows; r++)
            {
                double[] row = Row(r);
                feedback.Round(row, matrix, r);
                double fed = Error(row, matrix, r, h), improved = descent.Improve(row, matrix, r, 6);
                Assert.Equal(Error(row, matrix, r, h), improved, 1e-9 * Math.Max(1, fed));
                Assert.True(improved <= fed * (1 + 1e-12), $"{bits} bits, row {r}: {fed} → {improved}");
                (before, after) = (before + fed, after + improved);
            }
            Assert.True(after < 0.99 * before);
            Assert.All(matrix.Codes, c => Assert.InRange(c, matrix.Range.Least, matrix.Range.Most));
        }
    }

    /// <summary>The baseline is the product's own rounding on loading, not a weaker one.</summary>
    [Fact]
    public void Nearest_is_what_the_kernels_do()
    {
        var random = new Philox(9, 1);
        foreach (int bits in (int[])[4, 8])
            for (uint trial = 0; trial < 200; trial++)
            {
                float[] values = [.. Enumerable.Range(0, 32).Select(i => (float)random.Normal(0, trial, (uint)i).First)];
                var quanta = new sbyte[32];
                ushort scale = bits == 4 ? Quantise.Int4(values, quanta) : Quantise.Int8(values, quanta);
                var matrix = new QuantisedMatrix(1, 32, bits);
                ushort ours = matrix.Fit([.. values.Select(v => (double)v)], []);
                Assert.Equal(Math.Abs(Float16.ToSingle(scale)), Math.Abs(Float16.ToSingle(ours)));
            }
    }

    [Fact]
    public void A_turn_keeps_lengths_and_comes_back()
    {
        var turn = new Hadamard(N);
        double[] row = Row(3), turned = (double[])row.Clone();
        turn.Turn(turned);
        Assert.NotEqual(row, turned);
        Assert.Equal(DenseMath.Dot(row, row), DenseMath.Dot(turned, turned), 1e-9);
        turn.Return(turned);
        for (int i = 0; i < N; i++)
            Assert.Equal(row[i], turned[i], 1e-12);
    }

    /// <summary>A residue of rank two is taken away whole by a correction of rank two, up to bfloat16.</summary>
    [Fact]
    public void The_correction_finds_what_has_its_rank()
    {
        double[] h = Hessian(11);
        var random = new Philox(4, 2);
        var weights = new float[Rows * N];
        for (int r = 0; r < Rows; r++)
            for (int i = 0; i < N; i++)
                for (uint k = 0; k < 2; k++)
                    weights[(r * N) + i] += (float)(random.Normal(k, 0, (uint)r).First * random.Normal(k, 1, (uint)i).First);
        var rounded = new float[Rows * N];
        LowRankCorrection.Add(weights, rounded, h, N, 2);
        double off = weights.Zip(rounded, (a, b) => (double)(a - b) * (a - b)).Sum(), all = weights.Sum(w => (double)w * w);
        Assert.InRange(off / all, 0, 1e-4);
    }

    [Fact]
    public void Packed_codes_come_back()
    {
        foreach (int bits in (int[])[2, 3, 5, 6, 7])
        {
            sbyte[] codes = [.. Enumerable.Range(0, 32).Select(i => (sbyte)((i * 37 % (1 << bits)) - (1 << (bits - 1))))], back = new sbyte[32];
            var block = new byte[4 * bits];
            CodeBlock.Pack(codes, bits, block);
            CodeBlock.Unpack(block, bits, back);
            Assert.Equal(codes, back);
            Assert.Equal(2 + block.Length, CodeBlock.Format(bits).Block().Bytes);
        }
    }

    [Fact]
    public void Bits_go_where_they_save_most()
    {
        int[] given = BitBudget.Share([new(100, 100, 4), new(100, 100, 4 / 30.0), new(100, 100, 4)], 4.0 * 30_000);
        Assert.Equal([5, 2, 5], given);
    }

    static LayerForecast Rounded(LayerForecast f) => new(Math.Round(f.Feedback, 12), Math.Round(f.Floor, 12));

    /// <summary>Inputs that are sums of few hidden ones: strongly correlated.</summary>
    static double[] Hessian(ulong seed)
    {
        var random = new Philox(seed, 3);
        var gram = new Gram(N);
        var x = new float[N];
        for (uint t = 0; t < 400; t++)
        {
            for (int i = 0; i < N; i++)
            {
                double sum = 0.5 * random.Normal(0, t, (uint)i).First;
                for (uint k = 0; k < 12; k++)
                    sum += random.Normal(1, t, k).First * random.Normal(2 + k, 0, (uint)i).First * 0.4;
                x[i] = (float)sum;
            }
            gram.Add(x);
        }
        return gram.Mean(0.01);
    }

    static double[] Diagonal(double[] h)
    {
        var only = new double[h.Length];
        for (int i = 0; i < N; i++)
            only[(i * N) + i] = h[(i * N) + i];
        return only;
    }

    static double[] Row(int r)
    {
        var random = new Philox(21, 4);
        return [.. Enumerable.Range(0, N).Select(i => random.Normal((uint)r, 0, (uint)i).First)];
    }

    static double Error(double[] row, QuantisedMatrix matrix, int r, double[] h)
    {
        var back = new float[N];
        matrix.Read(r, back);
        double[] e = [.. row.Select((w, i) => w - back[i])];
        return Enumerable.Range(0, N).Sum(i => e[i] * DenseMath.Dot(h.AsSpan(i * N, N), e));
    }
}

using Dum.Numerics.Formats;
using Dum.Numerics.Kernels;
using Xunit;

namespace Dum.Tests.Numerics;

/// <summary>
/// Products of byte activations with byte and nibble weights against a model of the documented arithmetic: round every
/// group of 32 to bytes, add exactly inside a group, join the groups in one chain of fused multiply-adds. Equal bits.
/// </summary>
public unsafe class IntegerLinearTests
{
    static readonly int[] s_rows = [.. Enumerable.Range(1, 40), 63, 64, 65, 193, 256];

    public static TheoryData<WeightFormat, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<WeightFormat, int, int>();
            foreach (WeightFormat format in new[] { WeightFormat.I8, WeightFormat.I4 })
                foreach ((int inputs, int outputs) in new[] { (1, 1), (31, 50), (32, 16), (40, 33), (100, 130), (416, 20) })
                    cases.Add(format, inputs, outputs);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_arithmetic_is_exactly_as_documented(WeightFormat format, int inputs, int outputs)
    {
        var random = new Random(inputs);
        int groups = (inputs + 31) / 32;
        using PackedWeights weights = PackedWeights.Allocate(format, outputs, inputs);
        sbyte[,] quanta = new sbyte[outputs, groups * 32];
        ushort[,] scales = new ushort[outputs, groups];
        sbyte[] group = new sbyte[32];
        for (int n = 0; n < outputs; n++)
            for (int g = 0; g < groups; g++)
            {
                // Extremes often, since sums of them are what could overflow; scales of both signs, and the smallest halves.
                scales[n, g] = Float16.FromSingle((float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-23, 3))));
                for (int i = 0; i < 32; i++)
                    group[i] = g * 32 + i >= inputs ? (sbyte)0
                        : format == WeightFormat.I8 ? (sbyte)(random.Next(4) == 0 ? 127 * (1 - (2 * random.Next(2))) : random.Next(-127, 128))
                        : (sbyte)(random.Next(4) == 0 ? -8 + (15 * random.Next(2)) : random.Next(-8, 8));
                weights.SetGroup(n, g, scales[n, g], group);
                for (int i = 0; i < 32; i++)
                    quanta[n, (g * 32) + i] = group[i];
            }
        using Sheet x = Sheet.Random(outputs, s_rows[^1], inputs), expected = new(x.Rows, outputs), bias = Sheet.Random(2, 1, outputs);
        for (int r = 0; r < x.Rows; r++)
        {
            if (r % 5 == 0)
                x[r].Fill(r % 2 == 0 ? 1 : -1); // all bytes 127 or −127
            (sbyte[] q, float[] s) = QuantiseTests.Model(x[r]);
            for (int n = 0; n < outputs; n++)
            {
                float sum = 0;
                for (int g = 0; g < groups; g++)
                {
                    long dot = 0;
                    for (int i = g * 32; i < (g + 1) * 32; i++)
                        dot += q[i] * quanta[n, i];
                    sum = MathF.FusedMultiplyAdd(Float16.ToSingle(scales[n, g]) * s[g], dot, sum);
                }
                expected[r][n] = sum;
            }
        }
        foreach ((string name, CpuKernels kernels) in Grid.All())
            foreach (int rows in s_rows)
            {
                using Sheet y = new(rows, outputs), biased = new(rows, outputs);
                kernels.Linear(x.View.Part(0, rows), weights, null, y);
                y.IsIntact();
                for (int r = 0; r < rows; r++)
                    Bits.Same(expected[r], y[r], $"{name}, {rows} rows, row {r}");
                kernels.Linear(x.View.Part(0, rows), weights, bias.Data, biased);
                Assert.Equal(expected[rows - 1][outputs - 1] + bias[0][outputs - 1], biased[rows - 1][outputs - 1]);
            }
    }

    /// <summary>Against the weights as floats, in doubles: an activation is off by half a step at most, whatever the weight.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Only_the_rounding_of_activations_is_lost(WeightFormat format, int inputs, int outputs)
    {
        using PackedWeights weights = Weights.Random(5, format, outputs, inputs);
        using Sheet x = Sheet.Random(6, 21, inputs), w = Weights.Rows(weights);
        (Sheet[] fast, Sheet[] plain) = Grid.Compare(
            kernels =>
            {
                var y = new Sheet(x.Rows, outputs);
                kernels.Linear(x, weights, null, y);
                return [y];
            },
            format.ToString());
        for (int r = 0; r < x.Rows; r++)
        {
            (_, float[] steps) = QuantiseTests.Model(x[r]);
            for (int n = 0; n < outputs; n++)
            {
                double bound = 0, size = 0;
                for (int i = 0; i < inputs; i++)
                {
                    bound += Math.Abs(w[n][i]) * steps[i / 32] / 2;
                    size += Math.Abs((double)w[n][i] * x[r][i]);
                }
                // The other roundings: of 1/scale (times at most 127), of the scale, of one product and sum per group.
                Bits.Near(plain[0][r][n], fast[0][r][n], bound + (size * (steps.Length + 4) / (1 << 23)), $"row {r}, output {n}");
            }
        }
        fast[0].Dispose();
        plain[0].Dispose();
    }

    /// <summary>A number that is not finite must stay visible, and alike on all paths; the other rows must not notice.</summary>
    [Theory]
    [InlineData(WeightFormat.I8, float.NaN)]
    [InlineData(WeightFormat.I4, float.NaN)]
    [InlineData(WeightFormat.I8, float.PositiveInfinity)]
    [InlineData(WeightFormat.I4, float.NegativeInfinity)]
    public void What_is_not_finite_stays_so(WeightFormat format, float bad)
    {
        using PackedWeights weights = Weights.Random(5, format, 37, 100);
        using Sheet x = Sheet.Random(6, 7, 100), clean = new(7, 37);
        new CpuKernels(Grid.Pool(1)).Linear(x, weights, null, clean);
        for (int at = 0; at < 100; at += 9)
        {
            using Sheet y = new(7, 37), broken = x.Copy();
            broken[3][at] = bad;
            foreach ((string name, CpuKernels kernels) in Grid.All())
            {
                kernels.Linear(broken, weights, null, y);
                for (int r = 0; r < 7; r++)
                    if (r == 3)
                        Assert.True(y[r].IndexOfAnyExcept(float.NaN) < 0, $"{name}, {bad} at {at}");
                    else
                        Bits.Same(clean[r], y[r], $"{name}, row {r} beside {bad}");
            }
        }
    }

    /// <summary>Nothing of a call is kept in the table, so callers on several threads may share one.</summary>
    [Fact]
    public Task Two_callers_may_share_a_table()
    {
        var kernels = new CpuKernels(Grid.Pool(2));
        Task[] callers = [.. Enumerable.Range(0, 3).Select(caller => Task.Factory.StartNew(
            () =>
            {
                using PackedWeights weights = Weights.Random(caller, caller == 2 ? WeightFormat.I4 : WeightFormat.I8, 40, 70 + caller);
                using Sheet x = Sheet.Random(caller, 9 + caller, 70 + caller), first = new(x.Rows, 40), y = new(x.Rows, 40);
                new CpuKernels(Grid.Pool(1)).Linear(x, weights, null, first);
                for (int round = 0; round < 300; round++)
                {
                    kernels.Linear(x, weights, null, y);
                    y.IsSame(first, $"caller {caller}, round {round}");
                }
            },
            TaskCreationOptions.LongRunning))];
        return Task.WhenAll(callers).WaitAsync(TimeSpan.FromMinutes(1));
    }
}

using Dum.Numerics.Kernels;
using Xunit;

namespace Dum.Tests.Numerics;

public unsafe class LossTests
{
    /// <summary>Half a unit in the last place of 1.</summary>
    const double Half = 1.0 / (1 << 24);

    [Theory]
    [InlineData(1, 1, 1f)]
    [InlineData(5, 7, 5f)]
    [InlineData(9, 8, 100f)]
    [InlineData(33, 70, 5f)]
    [InlineData(40, 259, 30f)]
    [InlineData(12, 4100, 10f)]
    [InlineData(12, 23, 1e6f)]
    [InlineData(12, 24, 1e30f)]
    public void Cross_entropy_agrees_forward_and_backward(int rows, int vocabulary, float size)
    {
        const float Scale = 0.03f;
        var random = new Random(vocabulary);
        using Sheet logits = Sheet.Random(rows, rows, vocabulary, size), sums = new(1, rows);
        int[] targets = [.. Enumerable.Range(0, rows).Select(r => r % 5 == 3 ? -1 - r : random.Next(vocabulary))];
        targets[^1] = vocabulary - 1;
        targets[0] = 0;
        using (var unused = new Sheet(1, rows))
            new CpuKernels(Grid.Pool(1)).CrossEntropy(logits, targets, unused.Data, sums.Data);
        (Sheet[] fast, Sheet[] plain) = Grid.Compare(
            kernels =>
            {
                Sheet losses = new(1, rows), logSums = new(1, rows), d = new(rows, vocabulary), inPlace = logits.Copy();
                kernels.CrossEntropy(logits, targets, losses.Data, logSums.Data);
                // The same sums for both tables: their own error is looked at apart from the exponentials'.
                kernels.CrossEntropyBackward(logits, targets, sums.Data, Scale, d);
                kernels.CrossEntropyBackward(inPlace, targets, sums.Data, Scale, inPlace);
                inPlace.IsSame(d, "in place");
                inPlace.Dispose();
                return [losses, logSums, d];
            },
            "cross-entropy");
        for (int r = 0; r < rows; r++)
        {
            double sum = plain[1][0][r], target = targets[r] < 0 ? 0 : logits[r][targets[r]];
            // The logarithm of a sum that is right to 2⁻²² and some additions; then the rounding of what it is added to.
            double own = 8 * Half, rounding = Half * Math.Abs(sum);
            Bits.Near(sum, fast[1][0][r], own + (2 * rounding), $"log sum {r}");
            Bits.Near(plain[0][0][r], fast[0][0][r], targets[r] < 0 ? 0 : own + (2 * rounding) + (Half * (Math.Abs(target) + Math.Abs(sum))), $"loss {r}");
            double total = 0;
            for (int i = 0; i < vocabulary; i++)
            {
                // x − log sum is rounded before the exponential makes it a factor.
                double away = logits[r][i] - (double)sums[0][r], p = Math.Exp(away);
                Bits.Near(plain[2][r][i], fast[2][r][i], targets[r] < 0 ? 0 : Scale * ((p * (6 + Math.Abs(away)) * Half) + (2 * Half) + 1e-37), $"row {r}, logit {i}");
                total += fast[2][r][i];
            }
            // Probabilities minus one-hot: the sum vanishes, as far as the rounded log sum allows.
            Bits.Near(0, total, Scale * ((vocabulary * 2 * Half) + (8 * Half) + (2 * rounding)), $"sum of row {r}");
        }
        foreach (Sheet sheet in fast.Concat(plain))
            sheet.Dispose();
    }

    [Fact]
    public void Impossible_words_count_nothing_and_certain_ones_cost_nothing()
    {
        using Sheet logits = new(2, 11);
        logits[0].Fill(float.NegativeInfinity);
        logits[0][4] = -3;
        logits[0][9] = -3;
        logits[1].Fill(-200);
        logits[1][10] = 200;
        foreach ((_, CpuKernels kernels) in Grid.All())
        {
            using Sheet losses = new(1, 2), sums = new(1, 2), d = new(2, 11);
            kernels.CrossEntropy(logits, [9, 10], losses.Data, sums.Data);
            kernels.CrossEntropyBackward(logits, [9, 10], sums.Data, 1, d);
            Bits.Near(Math.Log(2), losses[0][0], 8 * Half, "one of two");
            Assert.Equal(0, losses[0][1]);
            for (int i = 0; i < 11; i++)
            {
                Bits.Near(i == 4 ? 0.5 : i == 9 ? -0.5 : 0, d[0][i], 8 * Half, $"{i}");
                Assert.Equal(0, d[1][i]);
            }
        }
    }

    /// <summary>Each step starts from the same numbers for both tables, so that only one step's roundings are compared.</summary>
    [Theory]
    [InlineData(16)]
    [InlineData(1008)]
    [InlineData(100_000)]
    public void AdamW_agrees_over_several_steps(int count)
    {
        using Sheet w = Sheet.Random(1, 1, count), m = new(1, count), v = new(1, count);
        w[0][5] = 0;
        double power1 = 1, power2 = 1;
        for (int t = 1; t <= 5; t++)
        {
            (power1, power2) = (power1 * 0.9f, power2 * 0.95f);
            var step = new AdamStep(1e-2f, 0.9f, 0.95f, 1e-8f, 0.1f, (float)(1 / (1 - power1)), (float)(1 / (1 - power2)), 0.7f);
            using Sheet g = Sheet.Random(t, 1, count, MathF.Pow(10, t - 4));
            g[0][5] = 0; // as in the padding: must stay 0
            (Sheet[] fast, Sheet[] plain) = Grid.Compare(
                kernels =>
                {
                    Sheet[] own = [w.Copy(), m.Copy(), v.Copy()];
                    kernels.AdamW(own[0].Data, g.Data, own[1].Data, own[2].Data, count, step);
                    return own;
                },
                $"step {t}");
            for (int i = 0; i < count; i++)
            {
                double grad = g[0][i] * 0.7, kept = Math.Abs(0.9 * m[0][i]) + Math.Abs(0.1 * grad), root = Math.Sqrt(plain[2][0][i] * (double)step.Correction2) + 1e-8;
                Bits.Near(plain[1][0][i], fast[1][0][i], 4 * Half * kept, $"step {t}, mean {i}");
                Bits.Near(plain[2][0][i], fast[2][0][i], 6 * Half * plain[2][0][i], $"step {t}, square {i}");
                Bits.Near(plain[0][0][i], fast[0][0][i], (4 * Half * Math.Abs(w[0][i])) + (12 * Half * step.Rate * step.Correction1 * kept / root), $"step {t}, weight {i}");
            }
            Assert.Equal((0f, 0f, 0f), (fast[0][0][5], fast[1][0][5], fast[2][0][5]));
            // On with the fast table's numbers.
            fast[0][0].CopyTo(w[0]);
            fast[1][0].CopyTo(m[0]);
            fast[2][0].CopyTo(v[0]);
            foreach (Sheet sheet in fast.Concat(plain))
                sheet.Dispose();
        }
    }

    /// <summary>Blocks of 4,096 in 32 lanes: 128 additions each, and five to fold.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(100_001)]
    public void Sum_of_squares_agrees_and_does_not_depend_on_threads(int count)
    {
        using Sheet x = Sheet.Random(count, 1, Math.Max(1, count), 50);
        double exact = new ReferenceKernels().SumOfSquares(x.Data, count), first = new CpuKernels(Grid.Pool(1)).SumOfSquares(x.Data, count);
        Bits.Near(exact, first, 133 * Half * exact, "sum of squares");
        foreach ((string name, CpuKernels kernels) in Grid.All())
            Assert.True(first == kernels.SumOfSquares(x.Data, count), name);
    }
}

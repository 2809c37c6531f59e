using Dum.Numerics.Kernels;
using Xunit;

namespace Dum.Tests.Numerics;

/// <summary>Bound of all: the mean square is a sum of n products in four times eight lanes; with the root, the division and two products some 2⁻²⁰ at these sizes.</summary>
public unsafe class NormTests
{
    const float Epsilon = 1e-5f;
    const double Relative = 1.0 / (1 << 20);

    public static TheoryData<int, int> Sizes => new() { { 1, 1 }, { 3, 7 }, { 40, 8 }, { 5, 64 }, { 300, 66 }, { 70, 576 }, { 9, 131 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Forward_agrees_and_keeps_the_factor(int rows, int columns)
    {
        using Sheet x = Sheet.Random(rows, rows, columns, 3), gain = Sheet.Random(2, 1, columns);
        Grid.Agree(
            kernels =>
            {
                Sheet y = new(rows, columns), inverse = new(1, rows), inPlace = x.Copy();
                kernels.Norm(x, gain.Data, Epsilon, y, inverse.Data);
                kernels.Norm(inPlace, gain.Data, Epsilon, inPlace, inverse.Data);
                inPlace.IsSame(y, "in place");
                inPlace.Dispose();
                return [y, inverse];
            },
            Relative, "norm");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Backward_agrees_assigning_adding_and_in_place(int rows, int columns)
    {
        using Sheet x = Sheet.Random(rows, rows, columns, 3), gain = Sheet.Random(2, 1, columns), dy = Sheet.Random(3, rows, columns), before = Sheet.Random(4, rows, columns), inverse = new(1, rows), y = new(rows, columns);
        new ReferenceKernels().Norm(x, gain.Data, Epsilon, y, inverse.Data);
        (Sheet[] fast, Sheet[] plain) = Grid.Compare(
            kernels =>
            {
                Sheet assigned = before.Copy(), added = before.Copy(), inPlace = dy.Copy(), dGain = gain.Copy(), twice = gain.Copy(), same = gain.Copy();
                kernels.NormBackward(x, gain.Data, inverse.Data, dy, assigned, dGain.Data, add: false);
                kernels.NormBackward(x, gain.Data, inverse.Data, dy, added, twice.Data, add: true);
                if (kernels is CpuKernels)
                {
                    kernels.NormBackward(x, gain.Data, inverse.Data, inPlace, inPlace, same.Data, add: false);
                    inPlace.IsSame(assigned, "in place");
                    same.IsSame(dGain, "gain in place");
                }
                twice.IsSame(dGain, "gain");
                inPlace.Dispose();
                same.Dispose();
                twice.Dispose();
                return [assigned, added, dGain];
            },
            "norm backward");
        for (int r = 0; r < rows; r++)
        {
            double pull = 0, factor = inverse[0][r];
            for (int i = 0; i < columns; i++)
                pull += Math.Abs(gain[0][i] * (double)dy[r][i] * x[r][i]) * factor * factor * factor / columns;
            for (int i = 0; i < columns; i++)
            {
                // The two terms of dx may cancel: the error is that of the terms.
                double terms = Math.Abs(gain[0][i] * factor * dy[r][i]) + (Math.Abs(x[r][i]) * pull);
                Bits.Near(plain[0][r][i], fast[0][r][i], Relative * terms, $"row {r}, {i}");
                Bits.Near(plain[1][r][i], fast[1][r][i], Relative * (terms + Math.Abs(before[r][i])), $"row {r}, {i}, added");
            }
        }
        // A chain of as many additions as there are rows.
        for (int i = 0; i < columns; i++)
        {
            double sum = Math.Abs(gain[0][i]);
            for (int r = 0; r < rows; r++)
                sum += Math.Abs((double)dy[r][i] * x[r][i] * inverse[0][r]);
            Bits.Near(plain[2][0][i], fast[2][0][i], (rows + 2) * sum / (1 << 24), $"gain {i}");
        }
        foreach (Sheet sheet in fast.Concat(plain))
            sheet.Dispose();
    }

    /// <summary>Zeros, which only epsilon keeps from a division by 0, and numbers whose squares are far from 1.</summary>
    [Fact]
    public void Rows_of_extreme_size_stay_finite()
    {
        using Sheet x = new(4, 20), gain = new(1, 20);
        gain[0].Fill(1);
        x[1].Fill(1e-25f);
        x[2].Fill(1e18f);
        x[3][7] = -1e15f;
        Grid.Agree(
            kernels =>
            {
                Sheet y = new(4, 20), inverse = new(1, 4);
                kernels.Norm(x, gain.Data, Epsilon, y, inverse.Data);
                Assert.True(y[0].IndexOfAnyExcept(0f) < 0);
                return [y, inverse];
            },
            Relative, "extremes");
    }
}

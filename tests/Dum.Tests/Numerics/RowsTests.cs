using Dum.Numerics.Kernels;
using Xunit;

namespace Dum.Tests.Numerics;

/// <summary>Rows that are taken, added and summed by number.</summary>
public class RowsTests
{
    public static TheoryData<int, int, int> Sizes => new() { { 1, 1, 1 }, { 3, 40, 7 }, { 200, 33, 70 }, { 130, 160, 17 }, { 600, 64, 90 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Taken_rows_are_copies_and_missing_ones_are_zero(int rows, int columns, int others)
    {
        using Sheet from = Sheet.Random(1, others, columns), zero = new(1, columns);
        int[] numbers = Numbers(rows, others);
        foreach ((string name, CpuKernels kernels) in Grid.All())
        {
            using var to = new Sheet(rows, columns);
            kernels.TakeRows(from, numbers, to);
            to.IsIntact();
            for (int r = 0; r < rows; r++)
                Bits.Same(numbers[r] < 0 ? zero[0] : from[numbers[r]], to[r], $"{name}, row {r}");
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Added_rows_are_sums_and_missing_ones_change_nothing(int rows, int columns, int others)
    {
        using Sheet x = Sheet.Random(2, rows, columns), from = Sheet.Random(3, others, columns), expected = x.Copy();
        int[] numbers = Numbers(rows, others);
        for (int r = 0; r < rows; r++)
            for (int i = 0; i < columns && numbers[r] >= 0; i++)
                expected[r][i] = x[r][i] + from[numbers[r]][i];
        foreach ((string name, CpuKernels kernels) in Grid.All())
        {
            using Sheet y = new(rows, columns), same = x.Copy();
            kernels.AddRows(x, from, numbers, y);
            kernels.AddRows(same, from, numbers, same);
            y.IsSame(expected, name);
            same.IsSame(expected, name + ", in place");
        }
    }

    /// <summary>The way back of adding: in order of rows, bit for bit; a row that nobody took is zero.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sums_add_up_in_order_of_rows(int rows, int columns, int others)
    {
        using Sheet from = Sheet.Random(4, rows, columns), expected = new(others, columns);
        int[] numbers = Numbers(rows, others);
        for (int r = 0; r < rows; r++)
            for (int i = 0; i < columns && numbers[r] >= 0; i++)
                expected[numbers[r]][i] += from[r][i];
        foreach ((string name, CpuKernels kernels) in Grid.All())
        {
            using Sheet to = Sheet.Random(5, others, columns);
            kernels.SumRows(from, numbers, to);
            to.IsSame(expected, name);
        }
    }

    static int[] Numbers(int rows, int others) => [.. Enumerable.Range(0, rows).Select(r => (r * 7919 % (others + 1)) - 1)];
}
